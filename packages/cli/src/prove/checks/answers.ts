import { unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { addText, type Tenant } from "../tenant.ts";

/** Documents with facts, questions that one of them answers, and plausible questions that none answers. */
const documents = [
  {
    name: "Lease.md",
    text: "# Lease of the warehouse\n\nThe monthly rent is 4,300 EUR. The lease ends on 30 September 2029.\n\n## Keys\n\nKeys are handed out by Marta Lindgren.",
  },
  {
    name: "Machines.md",
    text: "# Machines\n\n## Which oil does the press need?\n\nThe press needs hydraulic oil of the grade HLP 46.\n\n## How often is the saw serviced?\n\nThe saw is serviced every six weeks.",
  },
  { name: "Parts.csv", text: "Part,Price in EUR,Stock\nKX-71,18.40,112\nKX-72,23.90,8\nKX-95,7.15,640" },
] as const;

const answerable: readonly (readonly [question: string, answer: string])[] = [
  ["What is the monthly rent?", "4,300 EUR"],
  ["When does the lease end?", "30 September 2029"],
  ["Who hands out keys?", "Marta Lindgren"],
  ["Which oil does the press need?", "HLP 46"],
  ["How often is the saw serviced?", "six weeks"],
  ["What is the price of KX-72?", "23.90"],
];
/** The last one has words enough that only its support is too low, and no rule excludes every sentence. */
const unanswerable: readonly string[] = [
  "Who is the landlord of the warehouse?",
  "How large is the warehouse?",
  "How much does the press weigh?",
  "What is the price of KX-88?",
  "What is the capital of France?",
  "Which company delivered the new grinding wheels of the saw?",
];

export const answers: Check = {
  name: "answers",
  promise: "A question is answered in the words of the documents, or not at all",
  limit: `${answerable.length} of ${answerable.length} answered, ${unanswerable.length} of ${unanswerable.length} abstained from`,
  async run({ a }) {
    await pMap(documents, (document) => addText(a, document), { concurrency: 2 });
    const right = await pMap(answerable, ([question, expected]) => ask(a, question, expected), { concurrency: 2 });
    const abstained = await pMap(unanswerable, (question) => ask(a, question, null), { concurrency: 2 });
    const kept = (asked: readonly Asked[]) => asked.filter(({ fault }) => fault === undefined).length;
    const all = [...right, ...abstained];
    return {
      measured: `${kept(right)} of ${right.length} answered, ${kept(abstained)} of ${abstained.length} abstained from`,
      passed: kept(all) === all.length,
      detail: details(
        [`documents: ${documents.map(({ name }) => name).join(", ")}`, ...all.map(({ line }) => line)],
        all.flatMap(({ fault }) => fault ?? []),
      ),
    };
  },
};

/** A question with its reply, as a line for the page, and what is wrong with the reply. */
type Asked = { line: string; fault?: string };

/** Asks a question whose answer must contain `expected`, or that must get none, with the reason. */
const ask = async ({ client }: Tenant, question: string, expected: string | null): Promise<Asked> => {
  const { answer, support, supportMin, citations, abstained } = await unwrap(
    client.POST("/api/v1/answers", { body: { question } }),
  );
  const needed = `support ${support}, needed ${supportMin}`;
  const quotes = citations.map(({ documentName, quote }) => `“${quote}” (${documentName})`).join(", ");
  const line = `“${question}”: ${answer === null ? `no answer, ${abstained?.reason}` : quotes}; ${needed}`;
  const isRight =
    expected === null
      ? answer === null && abstained !== undefined
      : answer !== null && citations.some(({ quote }) => quote.includes(expected));
  return isRight ? { line } : { line, fault: `“${question}” must get ${expected ?? "no answer, with its reason"}` };
};
