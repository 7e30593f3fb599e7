import { type PriceName, usd } from "../packages/core/src/usage/items.ts";
import { priceSources, prices } from "../packages/core/src/usage/prices.ts";
import { type Assumptions, requestsOf, useOf } from "./load.ts";

/** A setting of a stage (stage.ts) that no stage has by default, and what it adds to a tenant's month in USD. */
export type Option = { setting: string; what: string; usd: number; computed: string; source: string };

type Part = [quantity: number, unit: "pages" | "million tokens", price: PriceName];
const millions = (tokens: number, price: PriceName): Part => [tokens / 1e6, "million tokens", price];

/** Beside the model's figures. Titan is part of them, since the priced stages embed with it: the last two replace it. */
export const optionsOf = (a: Assumptions): Option[] => {
  const questions = requestsOf(1, a) * a.questionShare;
  const [read, written] = [questions * a.promptTokens, questions * a.replyTokens];
  const embedded = useOf(1, a).embeddingTokens;
  const titan = millions(-embedded, "embeddingToken");
  return [
    option("ocr", "Amazon Textract", [a.documents * a.scannedShare * a.scanPages, "pages", "textractPage"]),
    option("answering", "Amazon Nova Lite", millions(read, "novaLiteInput"), millions(written, "novaLiteOutput")),
    option("answering", "Amazon Nova Pro", millions(read, "novaProInput"), millions(written, "novaProOutput")),
    option("embedding", "the built-in model instead of Titan", titan),
    option(
      "embedding",
      "OpenAI's text-embedding-3-large instead of Titan",
      millions(embedded, "largeEmbeddingToken"),
      titan,
    ),
  ];
};

const option = (setting: string, what: string, ...parts: [Part, ...Part[]]): Option => ({
  setting,
  what,
  usd: parts.reduce((sum, part) => sum + part[0] * priceOf(part), 0),
  computed: parts.map(textOf).join(" ").replace(/^\+ /, ""),
  source: priceSources[prices[parts[0][2]].source],
});

const textOf = (part: Part): string =>
  `${part[0] < 0 ? "−" : "+"} ${rounded(Math.abs(part[0]))} ${part[1]} × ${rounded(priceOf(part))} USD`;
const priceOf = ([, unit, price]: Part): number => usd(price) * (unit === "pages" ? 1 : 1e6);
const rounded = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 4 });
