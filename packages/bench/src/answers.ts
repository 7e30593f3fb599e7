import { readFileSync, writeFileSync } from "node:fs";
import { measureCorpora } from "@resolve/core/jobs";
import { type Resolve, unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { collectionOf, sets, upload } from "./relevance.ts";
import { withSystem } from "./system.ts";

/** Every sixth question of a language: all questions would take an hour. */
const every = 6;
const questionsAtOnce = 4;

type Result = { language: string; questions: number; answered: number; right: number; abstained: number };

/**
 * The articles of each language are split into two tenants. Each question is asked in the tenant that has its answer
 * and in the other one, which must abstain. An answer counts as right when one of its quotes contains the words that
 * the set names.
 */
export const answers = (): Promise<void> =>
  withSystem(async ({ newTenant }) => {
    const results: Result[] = [];
    for (const set of sets.filter((name) => name.startsWith("xquad/"))) {
      const collection = collectionOf(set);
      if (!collection) return;
      const { documents, relevant } = collection;
      const clients = [await newTenant(), await newTenant()];
      for (const [half, client] of clients.entries())
        await upload(client, { ...collection, documents: documents.filter(({ _id }) => halfOf(_id) === half) });
      // The sweep does this twice a minute.
      await measureCorpora();
      // XQuAD's queries have an answer.
      const queries = collection.queries.filter((_, at) => at % every === 0) as {
        _id: string;
        text: string;
        answer: string;
      }[];
      const result: Result = { language: set.slice(6), questions: queries.length, answered: 0, right: 0, abstained: 0 };
      const count = async ({ _id, text, answer }: (typeof queries)[number]) => {
        const half = halfOf([...relevant.get(_id)!][0]!);
        const own = await ask(clients[half]!, text);
        if (own.answer !== null) result.answered += 1;
        if (own.citations.some(({ quote }) => quote.includes(answer))) result.right += 1;
        if ((await ask(clients[1 - half]!, text)).answer === null) result.abstained += 1;
      };
      await pMap(queries, count, { concurrency: questionsAtOnce });
      results.push(result);
      console.log(rowOf(result));
    }
    write(results);
  });

/** The half (0 or 1) of a document with an id like `en-a04-p02`; the set contains every second article. */
const halfOf = (document: string): number => (Number(/-a(\d+)-/.exec(document)![1]) / 2) % 2;

const ask = (client: Resolve, question: string) => unwrap(client.POST("/api/v1/answers", { body: { question } }));

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

const rowOf = ({ language, questions, answered, right, abstained }: Result): string =>
  `| ${language} | ${questions} | ${share(answered, questions)} | ${share(right, answered)} | ${share(abstained, questions)} |`;

const page = new URL("../../../docs/answers.md", import.meta.url);
const heading = "## Measured\n";

const write = (results: Result[]): void => {
  const sum = (key: Exclude<keyof Result, "language">) => results.reduce((total, result) => total + result[key], 0);
  const all = {
    language: "all",
    questions: sum("questions"),
    answered: sum("answered"),
    right: sum("right"),
    abstained: sum("abstained"),
  };
  const [introduction] = readFileSync(page, "utf8").split(heading);
  const table = [...results, all].map(rowOf).join("\n");
  writeFileSync(
    page,
    `${introduction}${heading}
Measured by \`npm run bench -- answers\`: each language of XQuAD is split into two tenants of 60 paragraphs. Each question is
asked in the tenant that has the answer, and in the other one, which should abstain.

| language | questions | answered | of these, a quote contains the answer | abstained in the other tenant |
| --- | ---: | ---: | ---: | ---: |
${table}
`,
  );
};
