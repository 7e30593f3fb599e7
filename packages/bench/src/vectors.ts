import { parseId, toUuid } from "@resolve/core/platform/id";
import { type Resolve, unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { buildIndex, describeTenant, fill, type Passage, passagesOf, questionsOf, type Tenant } from "./corpus.ts";
import { median, percentile } from "./statistics.ts";
import { withSystem } from "./system.ts";

/** Chunks of a tenant, and whether it has an index. Above 20,000 chunks the system builds one itself. */
const sizes = [
  { chunks: 100, isIndexed: false },
  { chunks: 1_000, isIndexed: false },
  { chunks: 20_000, isIndexed: false },
  { chunks: 20_000, isIndexed: true },
  { chunks: 100_000, isIndexed: true },
];
const questions = 100;
const wanted = 10;
const wordsPerChunk = 60;
/** Matches one document in a hundred. */
const filter = { n: 7 };

/**
 * Recall@10 of vector search through the public API against an exact search, without a filter and with a filter of 1 %.
 */
export const vectors = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const passages = await passagesOf(folder, Math.max(...sizes.map(({ chunks }) => chunks)) + questions, wordsPerChunk);
  const asked = await questionsOf(passages.splice(0, questions));
  await withSystem(async ({ newTenant, admin }) => {
    console.log(`${questions} questions; in the database, ms p50/p95`);
    console.log(
      "chunks    recall@10  short  plan             ms          1 %: recall  short  plan             build s",
    );
    for (const { chunks, isIndexed } of sizes) {
      const tenant = await describeTenant(await newTenant());
      await fill(admin, tenant, passages.slice(0, chunks));
      await admin.unsafe("analyze app.documents, app.chunks, app.embeddings");
      const build = isIndexed ? (await buildIndex(tenant)).seconds.toFixed(1) : "";
      const all = await measure(admin, tenant, asked, {});
      const few = await measure(admin, tenant, asked, { filter });
      const cells = [
        String(chunks).padEnd(9),
        all.recall.padEnd(10),
        String(all.short).padEnd(6),
        all.plans.padEnd(16),
        all.span.padEnd(11),
        few.recall.padEnd(12),
        String(few.short).padEnd(6),
        few.plans.padEnd(16),
        build,
      ];
      console.log(cells.join(" "));
    }
  });
};

const measure = async (admin: Sql, { client, uuid, model }: Tenant, asked: Passage[], scope: { filter?: object }) => {
  let [hits, expected, short] = [0, 0, 0];
  const times: number[] = [];
  const plans = new Set<string>();
  for (const { text, vector } of asked) {
    const truth = await admin<{ id: string }[]>`
      select c.id from app.embeddings e join app.chunks c using (tenant_id, document_id, version, ordinal)
        join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id
      where e.tenant_id = ${uuid} and e.model = ${model} and d.metadata @> ${JSON.stringify(scope.filter ?? {})}::text::jsonb
      order by (e.embedding <=> ${`[${vector.join(",")}]`}::halfvec(512)) + 0 limit ${wanted}`;
    // `explain` counts the words of the question, which takes longer than the search, so it is a second request.
    const { data, timingsMs } = await ask(client, text, scope);
    const { plan } = await ask(client, text, { ...scope, explain: true });
    const found = new Set(data.map(({ chunk }) => toUuid(parseId("chunk", chunk.id)!)));
    hits += truth.filter(({ id }) => found.has(id)).length;
    expected += truth.length;
    if (found.size < truth.length) short++;
    times.push(timingsMs.query);
    plans.add(plan!.vectors);
  }
  const recall = (hits / expected).toFixed(3);
  return {
    recall,
    short,
    plans: [...plans].join(", "),
    span: `${median(times).toFixed(1)}/${percentile(times, 0.95).toFixed(1)}`,
  };
};

const ask = (client: Resolve, query: string, scope: object) =>
  unwrap(client.POST("/api/v1/search", { body: { query, mode: "vector", limit: wanted, ...scope } }));
