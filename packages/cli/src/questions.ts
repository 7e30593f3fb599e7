import { readFile } from "node:fs/promises";
import { type Schemas, unwrap } from "@resolve/sdk";
import { type Command, InvalidArgumentError } from "commander";
import type { JobTools } from "./jobs.ts";

type Tools = Pick<JobTools, "client" | "show"> & { positive(text: string): number; exitWith(code: number): void };
type Answer = Schemas["Answer"];
type Citation = Answer["citations"][number];

/** 1 and 2 are errors. */
const abstainedCode = 3;

/** `resolve search`, `answer` and `tenant`. */
export const addQuestionCommands = (program: Command, { client, show, positive, exitWith }: Tools): void => {
  program
    .command("search")
    .description("search the tenant's documents")
    .argument("<query...>")
    .option("--limit <number>", "the largest number of items", positive, 5)
    .action(async (words: string[], { limit }: { limit: number }) => {
      const found = await unwrap(client().POST("/api/v1/search", { body: { query: words.join(" "), limit } }));
      show(found, ({ data }) =>
        data.length === 0
          ? ["nothing found"]
          : data.flatMap(({ document, chunk }) => [
              `${document.name}${placeOf(chunk)}  ${chunk.headings.join(" › ")}`,
              `    ${excerpt(chunk.text)}`,
            ]),
      );
    });

  const ask = (question: string) => unwrap(client().POST("/api/v1/answers", { body: { question } }));
  program
    .command("answer")
    .description("answer a question from the tenant's documents, with quotes, or say why not (exit code 3)")
    .argument("[question...]")
    .option(
      "--file <path>",
      "a question per line, or a comment after #: print the support of each answer, to choose the tenant's minimum",
    )
    .action(async (words: string[], { file }: { file?: string }) => {
      if (file === undefined) {
        const answer = await ask(words.join(" "));
        if (answer.answer === null) exitWith(abstainedCode);
        return show(answer, answerLines);
      }
      if (words.length > 0) throw new InvalidArgumentError("Give a question or --file, not both.");
      const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.trim());
      const asked = lines.filter((line) => line !== "" && !line.startsWith("#"));
      if (asked.length === 0) throw new InvalidArgumentError(`${file} has no question.`);
      for (const question of asked)
        show({ question, ...(await ask(question)) }, ({ answer, support, citations: [best] }) => [
          `${support.toFixed(3)}  ${question}  ${best ? `“${excerpt(answer ?? "")}” (${best.documentName})` : "no answer"}`,
        ]);
    });

  program
    .command("tenant")
    .description("the tenant; with --support-min, change how much support its answers need")
    .option("--support-min <number>", "from 0.3 to 0.95: a higher number answers less, and more reliably", Number)
    .action(async ({ supportMin }: { supportMin?: number }) => {
      const tenant = await unwrap(
        supportMin === undefined
          ? client().GET("/api/v1/tenant")
          : client().PATCH("/api/v1/tenant", { body: { answering: { supportMin } } }),
      );
      show(tenant, ({ id, name, status, answering }) => [
        `${id}  ${name}  ${status}`,
        `support min  ${answering.supportMin}`,
      ]);
    });
};

const answerLines = ({
  answer,
  abstained,
  degraded,
  support,
  supportMin,
  citations,
  related = [],
}: Answer): string[] => {
  const needed = `support ${support}, needed ${supportMin}`;
  const refused =
    abstained?.reason === "nothing-found"
      ? ["no answer: the search found no document for this question"]
      : [`no answer: the documents do not support one (${needed})`];
  const head = answer === null ? refused : [oneLine(answer), `${needed}; quoted from:`];
  return [
    ...head,
    ...(related.length > 0 ? ["nearest sentences, which probably do not answer it:"] : []),
    ...[...citations, ...related].flatMap(citationLines),
    ...(degraded ? [`lower quality: ${[degraded.reason, degraded.detail].filter(Boolean).join(", ")}`] : []),
  ];
};

const citationLines = ({ documentName, headings, quote, ...citation }: Citation): string[] => {
  const reasons = {
    support: [citation.support],
    "words in it": citation.words,
    "around it": citation.wordsAround,
    missing: citation.missing,
    "has no": citation.lacks ? [citation.lacks] : [],
    "excluded by": citation.excludedBy ? [citation.excludedBy] : [],
  };
  return [
    `    ${[`${documentName}${placeOf(citation)}`, ...headings].join(" › ")}  “${excerpt(quote)}”`,
    `        ${Object.entries(reasons)
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => `${name}: ${values.join(", ")}`)
      .join("; ")}`,
  ];
};

/** The page, or the sheet and its cells. */
export const placeOf = ({
  page,
  sheet,
  cells,
}: {
  page: number | null;
  sheet: string | null;
  cells: string | null;
}): string => {
  if (sheet !== null) return `, ${sheet} ${cells}`;
  return page === null ? "" : `, page ${page}`;
};

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const excerptLength = 160;
const excerpt = (text: string): string => {
  const line = oneLine(text);
  return line.length > excerptLength ? `${line.slice(0, excerptLength)}…` : line;
};
