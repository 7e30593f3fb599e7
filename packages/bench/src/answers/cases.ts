import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Ctx } from "@resolve/core/platform/context";
import { type Evidence, evidenceOf } from "@resolve/core/search/answers/evidence";
import { SearchQuery, searchAndRead } from "@resolve/core/search/search";
import pMap from "p-map";
import { companies } from "../../../acceptance/src/companies.ts";
import { type Collection, collectionOf, sets, textOf } from "../relevance.ts";
import { type Library, type LibraryDocument, startLibrary } from "./library.ts";

/** `own`: the documents have the answer. The others have none: another tenant, without the paragraph or the sentence, not stated. */
export type Setting = "own" | "other" | "paragraph" | "sentence" | "unstated";
/** A question, with what a search found for it. `group`: cases of one group are in one fold. */
export type Case = {
  set: string;
  kind: "text" | "number" | "table";
  setting: Setting;
  group: string;
  question: string;
  answer: string | null;
  evidence: Evidence;
};
/** `collectedAt`: when the searches were made. */
export type Collected = { cases: Case[]; collectedAt: string };

/** More hits than an answer reads, since some are left out. */
const hitsMax = 12;
export const hitsRead = 8;
const questionsAtOnce = 4;

/**
 * Asks every question. ANSWERS_EVIDENCE names a folder that keeps the result of each set, so that a change of the models
 * needs no new search, and an interrupted collection continues.
 */
export const collect = async (): Promise<Collected> => {
  const folder = process.env["ANSWERS_EVIDENCE"];
  const wanted = process.env["EVAL_SETS"]?.split(",") ?? [
    "companies",
    ...sets.filter((name) => name.startsWith("xquad/")),
  ];
  let library: Library | undefined;
  const searched = async (set: string): Promise<Collected> => {
    library ??= await startLibrary();
    const cases = set === "companies" ? await companyCases(library) : await paragraphCases(library, set);
    return { cases, collectedAt: new Date().toISOString() };
  };
  try {
    const collected: Collected[] = [];
    for (const set of wanted) {
      const file = folder && join(folder, `${set.replace("/", "-")}.bin`);
      // The file was written by this function.
      const kept = file && existsSync(file) ? (deserialize(readFileSync(file)) as Collected) : undefined;
      const own = kept ?? (await searched(set));
      if (file && !kept) writeFileSync(file, serialize(own));
      collected.push(own);
      console.log(set, own.cases.length);
    }
    return {
      cases: collected.flatMap(({ cases }) => cases),
      collectedAt: collected.map(({ collectedAt }) => collectedAt).toSorted()[0] ?? new Date().toISOString(),
    };
  } finally {
    await library?.close();
  }
};

export const queryOf = (question: string) =>
  SearchQuery.parse({
    query: question
      .replace(/["“”„‟＂«»]/g, " ")
      .replace(/(^|\s)-(?=\p{L})/gu, "$1")
      .trim(),
    limit: hitsMax,
  });

const ask = async (tenant: Ctx, question: string): Promise<Evidence> => {
  const query = queryOf(question);
  return (await searchAndRead(tenant, query, (ctx, found) => evidenceOf(ctx, query.query, found))).more;
};

const first = (evidence: Evidence, keep: (source: Evidence["sources"][number]) => boolean = () => true): Evidence => ({
  ...evidence,
  sources: evidence.sources.filter(keep).slice(0, hitsRead),
});

/** Each language is split into two tenants of 60 paragraphs; a question, or one in `every`, is asked in both. */
export const paragraphCases = async (library: Library, set: string, every = 1): Promise<Case[]> => {
  const collection = collectionOf(set);
  if (!collection) return [];
  const { documents, queries, relevant } = collection;
  const tenants: Ctx[] = [];
  for (const half of [0, 1]) tenants.push(await library.newTenant(documentsOf(documents, half)));
  const cases = await pMap(
    // XQuAD's questions have an answer, and one relevant paragraph.
    queries.filter((_, at) => at % every === 0) as { _id: string; text: string; answer: string }[],
    async ({ _id, text, answer }): Promise<Case[]> => {
      const paragraph = [...relevant.get(_id)!][0]!;
      const half = halfOf(paragraph);
      const own = await ask(tenants[half]!, text);
      const other = await ask(tenants[1 - half]!, text);
      const common = {
        set,
        kind: /^\P{L}*\d\P{L}*/u.test(answer) ? "number" : "text",
        group: `x${articleOf(paragraph)}`,
        question: text,
        answer,
      } as const;
      const without = first(own, ({ hit }) => hit.document.name !== paragraph);
      return [
        { ...common, setting: "own", evidence: first(own) },
        { ...common, setting: "other", answer: null, evidence: first(other) },
        { ...common, setting: "paragraph", answer: null, evidence: without },
        { ...common, setting: "sentence", evidence: first(own) },
      ];
    },
    { concurrency: questionsAtOnce },
  );
  return cases.flat();
};

const companyCases = async (library: Library): Promise<Case[]> => {
  const cases: Case[] = [];
  const all = companies();
  const tenants: Ctx[] = [];
  for (const { documents } of all)
    tenants.push(await library.newTenant(documents.map(({ name, text }) => ({ name, content: text }))));
  for (const [n, { name, questions }] of all.entries())
    for (const { text, answer, kind } of questions)
      cases.push({
        set: "companies",
        kind,
        setting: answer === null ? "unstated" : "own",
        group: name,
        question: text,
        answer,
        evidence: first(await ask(tenants[n]!, text)),
      });
  return cases;
};

/** Of a document with an id like `en-a04-p02`: the article, and its half. The set contains every second article. */
const articleOf = (document: string): string => /-a(\d+)-/.exec(document)![1]!;
const halfOf = (document: string): number => (Number(articleOf(document)) / 2) % 2;

/** The documents of one half of a set, as one tenant has them. */
export const documentsOf = (documents: Collection["documents"], half: number): LibraryDocument[] =>
  documents.filter(({ _id }) => halfOf(_id) === half).map((one) => ({ name: one._id, content: textOf(one) }));
