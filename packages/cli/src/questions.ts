import { unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";

type Tools = Pick<JobTools, "client" | "show"> & { positive(text: string): number };

/** `resolve search`, `answer` and `tenant`. */
export const addQuestionCommands = (program: Command, { client, show, positive }: Tools): void => {
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

  program
    .command("answer")
    .description("answer a question from the tenant's documents, with quotes")
    .argument("<question...>")
    .action(async (words: string[]) => {
      const found = await unwrap(client().POST("/api/v1/answers", { body: { question: words.join(" ") } }));
      show(found, ({ answer, abstained, support, citations, related = [] }) => [
        answer === null
          ? `the documents do not support an answer (support ${support} of ${abstained?.supportMin})`
          : oneLine(answer),
        ...[...citations, ...related].map(
          ({ quote, ...citation }) =>
            `    ${citation.documentId}${placeOf(citation)}  “${excerpt(quote)}”  ${citation.support}: ${citation.words.join(", ")}`,
        ),
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

/** The page, or the sheet and its cells. */
const placeOf = ({
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

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const excerptLength = 160;
const excerpt = (text: string): string => {
  const line = oneLine(text);
  return line.length > excerptLength ? `${line.slice(0, excerptLength)}…` : line;
};
