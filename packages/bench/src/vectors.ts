import { readdirSync, readFileSync } from "node:fs";
import { buildVectorIndex, serveIndex } from "@resolve/core/documents";
import { isolateTenant, reserveTenant } from "@resolve/core/identity";
import { type Ctx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/db";
import { models } from "@resolve/core/platform/embedder";
import { newId, newUuid } from "@resolve/core/platform/id";
import { dimensions, staticEmbedder } from "@resolve/embedding";
import { databaseLinks, testDatabase } from "@resolve/local/testing";
import { sql } from "drizzle-orm";
import postgres, { type Sql } from "postgres";
import { halfvec } from "../../core/src/documents/embedding.ts";
import { extract } from "../../core/src/documents/extract.ts";
import { sharedData } from "../../core/src/testing/shared-data.ts";
import { median, percentile } from "./statistics.ts";

/** Chunks of a tenant, and whether it has an index: search makes one above 20,000. */
const sizes = [
  { chunks: 100, isIndexed: false },
  { chunks: 1_000, isIndexed: false },
  { chunks: 20_000, isIndexed: false },
  { chunks: 20_000, isIndexed: true },
  { chunks: 100_000, isIndexed: true },
];
const documentsPerTenant = 100;
const questions = 200;
const wanted = 10;
const wordsPerChunk = 60;

/** Recall@10 of what search asks against every distance computed, and the time of both, without and with a filter. */
export const vectors = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
  const admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const texts = await windows(folder, Math.max(...sizes.map(({ chunks }) => chunks)) + questions);
  const embedder = staticEmbedder();
  const embed = async (from: string[]) => (await embedder.embed(from, "document")).map(halfvec);
  const asked = await embed(texts.splice(0, questions));
  console.log(
    `${questions} questions, ${dimensions} dimensions, ${models()[0]}; milliseconds p50/p95 with begin and commit`,
  );
  console.log("chunks    plan   recall@10  short  ms            exact ms      build s");
  for (const { chunks, isIndexed } of sizes) {
    const ctx = await newTenant();
    await fill(admin, ctx, embedder.model, texts.slice(0, chunks), embed);
    const startedAt = performance.now();
    if (isIndexed) await buildVectorIndex(ctx, embedder.model, `bench_${chunks}`);
    const buildSeconds = (performance.now() - startedAt) / 1000;
    if (isIndexed) await withTx(ctx, (ctx) => serveIndex(ctx, embedder.model, `bench_${chunks}`));
    const own = isIndexed ? byIndex : exactly;
    let hits = 0;
    let short = 0;
    const times = { own: [] as number[], exact: [] as number[] };
    for (const vector of asked) {
      const truth = await timed(times.exact, () => exactly(ctx, embedder.model, vector));
      const found = await timed(times.own, () => own(ctx, embedder.model, vector));
      if (found.length < wanted) short++;
      hits += found.filter((key) => truth.includes(key)).length;
    }
    const recall = (hits / (questions * wanted)).toFixed(3);
    const cells = [
      String(chunks).padEnd(9),
      (isIndexed ? "hnsw" : "exact").padEnd(6),
      recall.padEnd(10),
      String(short).padEnd(6),
      spanOf(times.own).padEnd(13),
      spanOf(times.exact).padEnd(13),
      isIndexed ? buildSeconds.toFixed(1) : "",
    ];
    console.log(cells.join(" "));
  }
  await closeDatabases();
  await admin.end();
  await database.close();
};

const spanOf = (times: number[]): string => `${median(times).toFixed(1)}/${percentile(times, 0.95).toFixed(1)}`;

const timed = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const result = await work();
  times.push(performance.now() - startedAt);
  return result;
};

/** Texts of real documents, cut anew every five words. */
const windows = async (folder: string, count: number): Promise<string[]> => {
  const found: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    const extraction = await extract(readFileSync(`${folder}/${name}`), { name }).catch(() => undefined);
    const words = extraction?.text.split(/\s+/) ?? [];
    for (let at = 0; at + wordsPerChunk <= words.length && found.length < count; at += 5)
      found.push(words.slice(at, at + wordsPerChunk).join(" "));
  }
  if (found.length < count) throw new Error(`only ${found.length} texts`);
  // In no order, the same each time.
  return found
    .map((text, n) => ({ text, key: (n * 2_654_435_761) % 4_294_967_296 }))
    .sort((a, b) => a.key - b.key)
    .map(({ text }) => text);
};

const newTenant = async (): Promise<Ctx> => {
  const actor = { type: "system", job: "bench" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Bench" }, {});
  await isolateTenant(ctx);
  return ctx;
};

const fill = async (
  admin: Sql,
  ctx: Ctx,
  model: string,
  texts: string[],
  embed: (texts: string[]) => Promise<string[]>,
) => {
  const perDocument = texts.length / documentsPerTenant;
  for (let n = 0; n < documentsPerTenant; n++) {
    const id = newUuid();
    const own = await embed(texts.slice(n * perDocument, (n + 1) * perDocument));
    await admin`insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, chunks, metadata)
      values (${ctx.tenantUuid}, ${id}, ${`document ${n}`}, 1, 'ready', 1, ${own.length}, ${JSON.stringify({ n })}::jsonb)`;
    await admin`insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
      select ${ctx.tenantUuid}, ${id}, 1, n, ${model}, v.vector::halfvec(512)
      from string_to_table(${own.join(";")}, ';') with ordinality as v (vector, n)`;
  }
  await admin.unsafe("analyze app.documents");
};

type Ask = (ctx: Ctx, model: string, vector: string) => Promise<string[]>;
type Found = { document_id: string; ordinal: number };
const keys = (rows: Iterable<Found>) => [...rows].map(({ document_id, ordinal }) => `${document_id} ${ordinal}`);

const exactly: Ask = (ctx, model, vector) =>
  withTx(ctx, async (ctx) =>
    keys(
      await ctx.db.execute<Found>(sql`select e.document_id, e.ordinal from app.embeddings e
        join app.documents d on d.tenant_id = e.tenant_id and d.id = e.document_id and d.live_version = e.version and d.status <> 'deleting'
        where e.tenant_id = ${ctx.tenantUuid} and e.model = ${model}
        order by (e.embedding <=> ${vector}::halfvec(512)) + 0 limit ${wanted}`),
    ),
  );

/** As search asks: for fifty candidates. */
const byIndex: Ask = (ctx, model, vector) =>
  withTx(ctx, async (ctx) =>
    keys(
      await ctx.db.execute<Found>(
        sql`select document_id, ordinal from app.nearest(${vector}::halfvec(512), ${model}, 50, null, null) limit ${wanted}`,
      ),
    ),
  );
