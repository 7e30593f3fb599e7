import { readFileSync, writeFileSync } from "node:fs";
import { measureCorpora } from "@resolve/core/jobs";
import type { Resolve } from "@resolve/sdk";
import { unwrap } from "@resolve/sdk";
import { sharedData } from "../../core/src/testing/shared-data.ts";
import { withSystem } from "./system.ts";

const languages = ["ar", "de", "en", "es", "hi", "ru", "zh"];
export const sets = ["cranfield", "adi", ...languages.map((language) => `xquad/${language}`)];
export const modes = ["keyword", "vector", "hybrid"] as const;
export type Mode = (typeof modes)[number];
export type Quality = Record<Mode, number>;

const cutoff = 10;
const uploadsAtOnce = 8;
const queriesAtOnce = 4;

type Document = { _id: string; title?: string; text: string };
type Query = { _id: string; text: string };
type Collection = { documents: Document[]; queries: Query[]; relevant: Map<string, Set<string>> };

/** A relevance set of the shared folder, or undefined where that is not there. */
export const collectionOf = (set: string): Collection | undefined => {
  const folder = sharedData(`retrieval/${set}`);
  if (!folder) return undefined;
  const lines = (name: string) => readFileSync(`${folder}/${name}`, "utf8").trim().split("\n");
  const relevant = new Map<string, Set<string>>();
  for (const [query, document, score] of lines("qrels.tsv").map((line) => line.split("\t")))
    if (Number(score) > 0) relevant.set(query!, (relevant.get(query!) ?? new Set()).add(document!));
  const queries = lines("queries.jsonl").map((line): Query => JSON.parse(line));
  return {
    documents: lines("docs.jsonl")
      .map((line): Document => JSON.parse(line))
      .filter(({ text }) => text.trim() !== ""),
    queries: queries.filter(({ _id }) => relevant.has(_id)),
    relevant,
  };
};

/** Runs `work` over the items, some at once. */
const each = async <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> => {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

/** Puts the documents into the tenant, named by their ids, and waits until all are ready. */
export const upload = (client: Resolve, { documents }: Collection): Promise<void> =>
  each(documents, uploadsAtOnce, async ({ _id: name, text }) => {
    const { document } = await unwrap(client.POST("/api/v1/documents", { body: { name, text } }));
    let status: string = document.status;
    while (status !== "ready") {
      const params = { path: { documentId: document.id }, query: { waitSeconds: 20 } };
      status = (await unwrap(client.GET("/api/v1/documents/{documentId}", { params }))).status;
      if (status === "failed") throw new Error(`${name} failed`);
    }
  });

/** Mean nDCG@10 of a mode, binary judgements, by the best chunk of each document. */
export const ndcg = async (client: Resolve, { queries, relevant }: Collection, mode: Mode): Promise<number> => {
  let sum = 0;
  await each(queries, queriesAtOnce, async ({ _id, text }) => {
    const body = { query: asWords(text), mode, limit: cutoff, maxChunksPerDocument: 1 };
    const { data } = await unwrap(client.POST("/api/v1/search", { body }));
    const wanted = relevant.get(_id)!;
    const gains = data.map(({ document }, at) => (wanted.has(document.name) ? 1 / Math.log2(at + 2) : 0));
    let ideal = 0;
    for (let at = 0; at < Math.min(cutoff, wanted.size); at++) ideal += 1 / Math.log2(at + 2);
    sum += gains.reduce((total, gain) => total + gain, 0) / ideal;
  });
  return sum / queries.length;
};

/** The sets' questions know nothing of our syntax. */
const asWords = (text: string): string =>
  text
    .replace(/["\p{Cc}]/gu, " ")
    .replace(/(^|\s)-/g, "$1")
    .trim()
    .slice(0, 2_000);

/** Every set through the public API; writes docs/search-quality.md. */
export const quality = async (): Promise<void> => {
  const baselineFile = sharedData("retrieval/bm25-baseline.json");
  if (!baselineFile) return;
  const baseline: Record<string, { ndcg10: number }> = JSON.parse(readFileSync(baselineFile, "utf8"));
  const results: { set: string; baseline: number; own: Quality }[] = [];
  let model = "";
  await withSystem(async ({ runtime, newTenant }) => {
    const uploaded: { set: string; collection: Collection; client: Resolve }[] = [];
    for (const set of process.env["EVAL_SETS"]?.split(",") ?? sets) {
      const collection = collectionOf(set)!;
      const client = await newTenant();
      await upload(client, collection);
      uploaded.push({ set, collection, client });
    }
    // What the sweep does twice a minute.
    process.env["SST_RESOURCES_JSON"] = JSON.stringify(runtime.resources);
    await measureCorpora();
    for (const { set, collection, client } of uploaded) {
      const own = {} as Quality;
      for (const mode of modes) own[mode] = await ndcg(client, collection, mode);
      const { plan } = await unwrap(client.POST("/api/v1/search", { body: { query: "model", explain: true } }));
      model = plan!.model!;
      results.push({ set, baseline: baseline[`shared/retrieval/${set}`]!.ndcg10, own });
      console.log(rowOf(results.at(-1)!));
    }
  });
  writeFileSync(new URL("../../../docs/search-quality.md", import.meta.url), page(results, model));
};

type Result = { set: string; baseline: number; own: Quality };
const rowOf = ({ set, baseline, own }: Result): string => {
  const better = Math.max(own.keyword, own.vector);
  const cells = [baseline, own.keyword, own.vector, own.hybrid, own.hybrid - better].map((value) => value.toFixed(3));
  return `| ${set} | ${cells.join(" | ")} |`;
};

const page = (results: Result[], model: string): string => {
  const series = (of: (result: Result) => number) => `[${results.map((result) => of(result).toFixed(3)).join(", ")}]`;
  return `# Search quality

Mean nDCG@10 by the best chunk of each document, binary judgements, through \`POST /v1/search\` with
\`maxChunksPerDocument: 1\`. Written by \`npm run eval\`; model \`${model}\`. The baseline is plain BM25 (k1 0.9, b 0.4).

| set | baseline | keyword | vector | hybrid | hybrid − the better side |
| --- | ---: | ---: | ---: | ---: | ---: |
${results.map(rowOf).join("\n")}

\`\`\`mermaid
xychart-beta
  title "nDCG@10: keyword (bars), hybrid (line)"
  x-axis [${results.map(({ set }) => `"${set.replace("xquad/", "")}"`).join(", ")}]
  y-axis "nDCG@10" 0 --> 1
  bar ${series(({ own }) => own.keyword)}
  line ${series(({ own }) => own.hybrid)}
\`\`\`
`;
};
