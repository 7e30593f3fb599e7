import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { search } from "@resolve/core/search/search";
import { collectionOf } from "../relevance.ts";
import { median, percentile, spread } from "../statistics.ts";
import { documentsOf, hitsRead, queryOf } from "./cases.ts";
import { startLibrary } from "./library.ts";

const set = "xquad/en";
const questionsMax = 120;
const rounds = 21;

type Spent = { wall: number; cpu: number };

/** The time of one call in ms: as the caller waits, and of the processor. The embedded database runs in this process. */
const spentBy = async (work: () => Promise<unknown>): Promise<Spent> => {
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  await work();
  const wall = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1_000 };
};

/** Measures an answer beside the search that it uses, one after the other, in turns, in a tenant of 60 paragraphs. */
export const answersCost = async (): Promise<void> => {
  const collection = collectionOf(set);
  if (!collection) return;
  const library = await startLibrary();
  try {
    const { answer, AnswerQuery } = await import("@resolve/core/search");
    const documents = documentsOf(collection.documents, 0);
    const tenant = await library.newTenant(documents);
    const isOwn = (document: string) => documents.some(({ name }) => name === document);
    const questions = collection.queries
      .filter(({ _id }) => isOwn([...collection.relevant.get(_id)!][0]!))
      .slice(0, questionsMax);
    const asked = {
      search: (text: string) => search(tenant, { ...queryOf(text), limit: hitsRead }),
      answer: (text: string) => answer(tenant, AnswerQuery.parse({ question: text })),
    };
    const measured: Record<keyof typeof asked, Spent[]>[] = [];
    // The first round warms up, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const spent: (typeof measured)[number] = { search: [], answer: [] };
      for (const [at, { text }] of questions.entries()) {
        // Each is first for every second question.
        const order = (round + at) % 2 === 0 ? (["search", "answer"] as const) : (["answer", "search"] as const);
        for (const name of order) spent[name].push(await spentBy(() => asked[name](text)));
      }
      if (round > 0) measured.push(spent);
    }
    write(measured, questions.length);
  } finally {
    await library.close();
  }
};

const page = new URL("../../../../docs/answers.md", import.meta.url);
/** Each database has its own part of the page. */
const database = process.env["TEST_DATABASE_URL"] ? "PostgreSQL" : "embedded";
const part = new RegExp(`(<!-- cost ${database} -->\\n)[\\s\\S]*?(<!-- /cost ${database} -->)`);

const write = (measured: readonly { search: Spent[]; answer: Spent[] }[], questions: number): void => {
  const row = (name: string, kind: keyof Spent, of: (values: readonly number[]) => number) => {
    const values = (calls: "search" | "answer") => measured.map((round) => of(round[calls].map((one) => one[kind])));
    const [searches, answers] = [values("search"), values("answer")];
    const ratios = answers.map((value, at) => value / searches[at]!);
    return `| ${name} | ${spread(searches, 1)} | ${spread(answers, 1)} | ${spread(ratios)} |`;
  };
  const p95 = (values: readonly number[]) => percentile(values, 0.95);
  const text = `
Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run eval -- answers-cost\` on ${availableParallelism()} cores, ${database === "embedded" ? "on the embedded database" : "on a PostgreSQL server"}: ${questions} questions of XQuAD en in a tenant of 60 paragraphs, each
searched and answered in turns, in ${rounds} rounds; the median of the rounds, and their range.

| | search, ms | answer, ms | ratio |
| --- | ---: | ---: | ---: |
${[
  row("waiting, median", "wall", median),
  row("waiting, p95", "wall", p95),
  row("processor, median", "cpu", median),
  row("processor, p95", "cpu", p95),
].join("\n")}

`;
  writeFileSync(page, readFileSync(page, "utf8").replace(part, `$1${text}$2`));
  console.log(text);
};
