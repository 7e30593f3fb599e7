import { readFileSync, writeFileSync } from "node:fs";
import { measureCorpora } from "@resolve/core/jobs";
import { type Resolve, unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { describeTenant, fill, passagesOf } from "./corpus.ts";
import { type Fit, fit, type Sides } from "./fusion.ts";
import { longQuestions, plainRankings } from "./long-questions.ts";
import {
  type Collection,
  collectionOf,
  type Mode,
  ndcg,
  type Rankings,
  rank,
  sets,
  synonymProbes,
  upload,
} from "./relevance.ts";
import { type System, withSystem } from "./system.ts";

/** Sets whose documents are also part of a large tenant. */
const english = ["cranfield", "adi", "xquad/en"];
const chunksLarge = 50_000;
const wordsPerChunk = 150;
/** The number of candidates that search fuses. */
const candidates = 50;
const probes = "synonyms";

type Result = Record<Mode | "pruned" | "baseline", number> & { set: string };
type Long = { set: string; questions: number; plain: number; keyword: number };
/** A hit of a hybrid search: its score, and whether it answers the query. */
type Judged = { score: number; isRelevant: boolean };
type Pruned = { set: string; pruned: number; unpruned: number };

/** Measures every set through the public API and writes docs/search-quality.md. */
export const quality = async (): Promise<void> => {
  const baselineFile = sharedData("retrieval/bm25-baseline.json");
  if (!baselineFile) return;
  const baselines: Record<string, { ndcg10: number }> = JSON.parse(readFileSync(baselineFile, "utf8"));
  await withSystem(async (system) => {
    const { newTenant, admin } = system;
    const uploaded: { set: string; collection: Collection; client: Resolve }[] = [];
    const collections = [
      ...(process.env["EVAL_SETS"]?.split(",") ?? sets).map((set) => ({ set, collection: collectionOf(set)! })),
      { set: probes, collection: synonymProbes() },
    ];
    for (const { set, collection } of collections) {
      const client = await newTenant();
      await upload(client, collection);
      uploaded.push({ set, collection, client });
    }
    // The sweep does this twice a minute.
    await measureCorpora();
    const results: Result[] = [];
    const sides: Sides[] = [];
    const judged: Judged[] = [];
    const longs: Long[] = [];
    for (const { set, collection, client } of uploaded) {
      const [keyword, vector] = [
        await rank(client, collection, "keyword", candidates),
        await rank(client, collection, "vector", candidates),
      ];
      // Weights are not fitted to the synonym probes, which were written to need vectors.
      if (set !== probes) sides.push({ set, collection, keyword, vector });
      const hits = await rank(client, collection, "hybrid");
      const hybrid = ndcg(collection, hits);
      if (set !== probes) judged.push(...judge(collection, hits));
      const long = longQuestions(collection);
      if (long.queries.length > 0) {
        const [plain, own] = [await plainRankings(admin, client, long), await rank(client, long, "keyword")];
        longs.push({ set, questions: long.queries.length, plain: ndcg(long, plain), keyword: ndcg(long, own) });
      }
      const baseline = baselines[`shared/retrieval/${set}`]?.ndcg10 ?? Number.NaN;
      const own = { keyword: ndcg(collection, keyword), vector: ndcg(collection, vector), hybrid };
      results.push({ set, baseline, ...own, pruned: Number.NaN });
      console.log(set, own);
    }
    const large = await prunedAmongMany(system);
    // Treats every tenant as large: a ranking then looks at a tenth of its chunks.
    await admin`update app.corpora o set chunks = (select count(*) from app.chunks c where c.tenant_id = o.tenant_id and c.language = o.language)`;
    await rankAtMost(admin, "size / 10");
    for (const [n, { collection, client }] of uploaded.entries())
      results[n]!.pruned = ndcg(collection, await rank(client, collection, "keyword"));
    const [first] = uploaded;
    const { plan } = await unwrap(first!.client.POST("/api/v1/search", { body: { query: "model", explain: true } }));
    const text = page({ results, large, fits: fit(sides), judged, longs, model: plan!.model! });
    writeFileSync(new URL("../../../docs/search-quality.md", import.meta.url), text);
    console.log(text);
  });
};

const judge = ({ relevant }: Collection, rankings: Rankings): Judged[] =>
  [...rankings].flatMap(([query, ranking]) =>
    ranking.map(({ document, score }) => ({ score, isRelevant: relevant.get(query)!.has(document) })),
  );

/** The English sets in one tenant with many other passages, ranked by all words and by the rarer ones only. */
const prunedAmongMany = async ({ admin, newTenant }: System): Promise<Pruned[]> => {
  const collections = english.map((set) => ({ set, collection: within(set, collectionOf(set)!) }));
  const tenant = await describeTenant(await newTenant());
  for (const { collection } of collections) await upload(tenant.client, collection);
  const [row] = await admin`select count(*)::int as own from app.chunks where tenant_id = ${tenant.uuid}`;
  await fill(admin, tenant, await passagesOf(sharedData("documents/files")!, chunksLarge - row!["own"], wordsPerChunk));
  await admin.unsafe("vacuum analyze");
  await measureCorpora();
  const measure = async () =>
    Promise.all(
      collections.map(async ({ collection }) => ndcg(collection, await rank(tenant.client, collection, "keyword"))),
    );
  const pruned = await measure();
  await rankAtMost(admin, "'infinity'::float8");
  const unpruned = await measure();
  return collections.map(({ set }, n) => ({ set, pruned: pruned[n]!, unpruned: unpruned[n]! }));
};

/** The collection with ids that are unique among the sets. */
const within = (set: string, { documents, queries, relevant }: Collection): Collection => {
  const own = (id: string) => `${set} ${id}`;
  return {
    documents: documents.map((document) => ({ ...document, _id: own(document._id) })),
    queries,
    relevant: new Map([...relevant].map(([query, ids]) => [query, new Set([...ids].map(own))])),
  };
};

/** Sets how many chunks a ranking of a large tenant may look at. */
const rankAtMost = (admin: Sql, expression: string) =>
  admin.unsafe(`create or replace function app.candidates_max(size double precision) returns double precision
    language sql immutable parallel safe return ${expression}`);

const cells = (values: number[]): string =>
  values.map((value) => (Number.isNaN(value) ? "" : value.toFixed(3))).join(" | ");
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const short = ({ set }: { set: string }): string => set.replace("xquad/", "");

type Measured = { results: Result[]; large: Pruned[]; fits: Fit[]; judged: Judged[]; longs: Long[]; model: string };

const page = ({ results, large, fits, judged, longs, model }: Measured): string => {
  const bands = Array.from({ length: 10 }, (_, n) =>
    judged.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === n),
  );
  const band = (hits: Judged[], n: number) => {
    const share = hits.filter(({ isRelevant }) => isRelevant).length / hits.length;
    return `| ${(n / 10).toFixed(1)} – ${((n + 1) / 10).toFixed(1)} | ${hits.length.toLocaleString("en")} | ${cells([share])} |`;
  };
  const row = ({ set, baseline, keyword, vector, hybrid, pruned }: Result) =>
    `| ${set} | ${cells([baseline, keyword, vector, hybrid, hybrid - Math.max(keyword, vector), pruned - keyword])} |`;
  const series = (of: Mode) => `[${results.map((result) => result[of].toFixed(3)).join(", ")}]`;
  const better = results.map(({ keyword, vector }) => Math.max(keyword, vector));
  const rule = ({ rule, weight, quality, crossValidated }: Fit) => {
    const worst = (values: number[]) => Math.min(...values.map((value, n) => value - better[n]!));
    return `| ${rule} | ${weight.toFixed(3)} | ${cells([mean(quality), worst(quality), mean(crossValidated), worst(crossValidated)])} |`;
  };
  return `# Search quality

Mean nDCG@10 by the best chunk of each document, binary judgements, through \`POST /v1/search\` with \`groupBy: "document"\`.
Written by \`npm run eval\`; model \`${model}\`. The baseline is plain BM25 (k1 0.9, b 0.4). _synonyms_ are questions that share no
word with their answers (\`packages/embedding/src/testing/synonyms.ts\`). _Pruned_ is the keyword side when only a tenth of the
chunks may be ranked, here 12 to 140 chunks: the worst case. The effect on large tenants is [below](#pruning).

| set | baseline | keyword | vector | hybrid | hybrid − the better side | pruned − keyword |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${results.map(row).join("\n")}

\`\`\`mermaid
xychart-beta
  title "nDCG@10: keyword (bars), vector and hybrid (lines)"
  x-axis [${results.map((result) => `"${short(result)}"`).join(", ")}]
  y-axis "nDCG@10" 0 --> 1
  bar ${series("keyword")}
  line ${series("vector")}
  line ${series("hybrid")}
\`\`\`

## Scores

The ten best hits of each query in the sets above without the synonyms, hybrid, by \`score\`: the share that answers the query.

| score | hits | relevant |
| --- | ---: | ---: |
${bands.map(band).join("\n")}

## Long questions

Paragraphs of XQuAD without the sentences that contain an answer, as queries for the whole paragraph. Plain BM25 (k1 1.2, b 0.75) ranks
by every token of the query, a keyword search by the 64 rarest words.

| set | questions | plain BM25 | keyword | keyword / plain |
| --- | ---: | ---: | ---: | ---: |
${longs.map(({ set, questions, plain, keyword }) => `| ${set} | ${questions} | ${cells([plain, keyword, keyword / plain])} |`).join("\n")}

## Pruning

In a tenant with many chunks, the rarer words of a query select the chunks to rank, until 3,000 chunks or a twentieth of all are
selected. Here the English sets are part of one tenant of ${chunksLarge.toLocaleString("en")} chunks; the other chunks are passages of other documents.

| set | ranked by all words | by the rarer ones | difference |
| --- | ---: | ---: | ---: |
${large.map(({ set, pruned, unpruned }) => `| ${set} | ${cells([unpruned, pruned])} | ${(pruned - unpruned).toFixed(4)} |`).join("\n")}

## Fusion

Fusion rules. _Weight_ is the best weight of the vector side over all sets (the keyword side counts 1). In the columns _left out_
each set uses the weight that is best for the other sets. _Worst_ is the set that loses most against its better side.

| rule | weight | mean | worst | mean, left out | worst, left out |
| --- | ---: | ---: | ---: | ---: | ---: |
${fits.map(rule).join("\n")}
`;
};
