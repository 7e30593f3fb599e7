import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { measureCorpora } from "@resolve/core/jobs";
import { tenantCtx } from "@resolve/core/platform/context";
import { candidatesOf } from "@resolve/core/search/answers/candidates";
import { type Evidence, evidenceOf } from "@resolve/core/search/answers/evidence";
import { SearchQuery, searchAndRead } from "@resolve/core/search/search";
import { startSystem, type TestSystem } from "@resolve/local/testing-system";
import { createClient } from "@resolve/sdk";
import pMap from "p-map";
import { companies } from "../../../acceptance/src/companies.ts";
import { type Collection, collectionOf, sets, upload } from "../relevance.ts";

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
const questionsAtOnce = 2;
const documentsAtOnce = 20;

/** Asks every question. ANSWERS_EVIDENCE names a file that keeps the result, so that a change of the model needs no new search. */
export const collect = async (): Promise<Collected> => {
  const file = process.env["ANSWERS_EVIDENCE"];
  // The file was written by this function.
  if (file && existsSync(file)) return deserialize(readFileSync(file)) as Collected;
  const system = await startSystem();
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
  try {
    const collected: Collected = { cases: [], collectedAt: new Date().toISOString() };
    for (const set of process.env["EVAL_SETS"]?.split(",") ?? [
      "companies",
      ...sets.filter((name) => name.startsWith("xquad/")),
    ]) {
      const cases = set === "companies" ? await companyCases(system) : await paragraphCases(system, set);
      collected.cases.push(...cases);
      console.log(set, cases.length);
    }
    if (file) writeFileSync(file, serialize(collected));
    return collected;
  } finally {
    await system.close();
  }
};

export const newTenant = async (system: TestSystem, documents: Collection["documents"]) => {
  const { id, key } = await system.newTenant();
  const client = createClient({ apiUrl: system.runtime.apiUrl, apiKey: key });
  for (let from = 0; from < documents.length; from += documentsAtOnce)
    await upload(client, {
      documents: documents.slice(from, from + documentsAtOnce),
      queries: [],
      relevant: new Map(),
    });
  return tenantCtx({
    tenantId: id,
    actor: { type: "system", job: "bench" },
    role: "system",
    login: "AppDatabase",
    permissions: new Map([["*", "any"]]),
  });
};
export type Tenant = Awaited<ReturnType<typeof newTenant>>;

export const queryOf = (question: string) =>
  SearchQuery.parse({
    query: question
      .replace(/["“”„‟＂«»]/g, " ")
      .replace(/(^|\s)-(?=\p{L})/gu, "$1")
      .trim(),
    limit: hitsMax,
  });

const ask = async (tenant: Tenant, question: string): Promise<Evidence> => {
  const query = queryOf(question);
  return (await searchAndRead(tenant, query, (ctx, found) => evidenceOf(ctx, query.query, found))).more;
};

const first = (evidence: Evidence, keep: (source: Evidence["sources"][number]) => boolean = () => true): Evidence => ({
  ...evidence,
  sources: evidence.sources.filter(keep).slice(0, hitsRead),
});

/** The evidence as if no sentence had the answer. */
const withoutSentences = (evidence: Evidence, answer: string): Evidence => ({
  ...evidence,
  sources: evidence.sources.map((source) => {
    const removed = candidatesOf(source).filter(({ text }) => text.includes(answer));
    const isLeft = (at: number) => !removed.some(({ words }) => at >= words.first && at < words.last);
    return { ...source, positions: source.positions.map((positions) => positions.filter(isLeft)) };
  }),
});

/** Each language is split into two tenants of 60 paragraphs; a question is asked in both. */
const paragraphCases = async (system: TestSystem, set: string): Promise<Case[]> => {
  const collection = collectionOf(set);
  if (!collection) return [];
  const { documents, queries, relevant } = collection;
  const tenants: Tenant[] = [];
  for (const half of [0, 1])
    tenants.push(
      await newTenant(
        system,
        documents.filter(({ _id }) => halfOf(_id) === half),
      ),
    );
  // The sweep does this twice a minute.
  await measureCorpora();
  const cases = await pMap(
    // XQuAD's questions have an answer, and one relevant paragraph.
    queries as { _id: string; text: string; answer: string }[],
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
        { ...common, setting: "sentence", evidence: withoutSentences(first(own), answer) },
      ];
    },
    { concurrency: questionsAtOnce },
  );
  return cases.flat();
};

const companyCases = async (system: TestSystem): Promise<Case[]> => {
  const cases: Case[] = [];
  const all = companies();
  const tenants: Tenant[] = [];
  for (const { documents } of all)
    tenants.push(
      await newTenant(
        system,
        documents.map(({ name, text }) => ({ _id: name, text })),
      ),
    );
  await measureCorpora();
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
export const halfOf = (document: string): number => (Number(articleOf(document)) / 2) % 2;
