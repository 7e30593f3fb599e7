import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { now } from "../../platform/clock.ts";
import { type Ctx, withTx } from "../../platform/context.ts";
import { literal, withBuilder } from "../../platform/database/connections.ts";
import { ofTenant, only } from "../../platform/database/rows.ts";
import { embedderTable as table } from "./embedding.sql.ts";
import { modelsOf } from "./embedding.ts";

/**
 * Above this many vectors an exact scan is slower than HNSW: 10.5 ms against 1.5 at 20,000 of 384 dimensions
 * (PostgreSQL 15, pgvector 0.8). Below it search is exact, and writes need not maintain an index.
 */
const vectorsExactMax = 20_000;
/** 512 half-precision dimensions and their key: seven rows in a page of 8 KiB. */
export const bytesExactMax = Math.ceil(vectorsExactMax / 7) * 8_192;

/** Recall@10 0.98 at 100,000 vectors with ef_search 400 (app.nearest); the defaults (16, 64) reach 0.97. */
const graph = { m: 24, ef_construction: 200 };

/** Another worker builds the tenant's index, or PostgreSQL still runs the build of a worker that died. */
export class BuildUnderWay extends Error {
  override readonly name = "BuildUnderWay";
}

/**
 * Builds the HNSW index of the model's vectors with the given name, while search and ingest continue. A repeated call
 * keeps a complete index of this name, and replaces an incomplete one.
 *
 * @throws BuildUnderWay
 */
export const buildVectorIndex = (ctx: Ctx, model: string, name: string): Promise<void> =>
  withBuilder(async (db) => {
    if (!(await lockBuild(db, ctx))) throw new BuildUnderWay("the tenant's vector index is being built");
    const [found] = await indexesOf(db, ctx, name);
    if (found?.isValid) return;
    if (found) await drop(db, name);
    const parameters = Object.entries(graph).map(([key, value]) => `${key} = ${value}`);
    // The values are part of the text because CREATE INDEX takes no parameters.
    await db.unsafe(`create index concurrently ${quoted(name)} on app.${partitionOf(ctx)} using hnsw (embedding halfvec_cosine_ops)
      with (${parameters.join(", ")}) where model = ${literal(model)}`);
  });

/** Lets search use the index; false when search uses another model by now. Joins the caller's transaction. */
export async function switchIndex(ctx: Ctx, model: string, name: string): Promise<boolean> {
  const { serving } = await modelsOf(ctx, "update");
  if (serving !== model) return false;
  await ctx.db
    .update(table)
    .set({ indexed: model, indexName: name, recall: null, recallCheckedAt: null })
    .where(ofTenant(ctx, table));
  return true;
}

/** Drops the tenant's HNSW indexes that search does not use, incomplete ones included. */
export async function dropUnusedIndexes(ctx: Ctx): Promise<void> {
  const [row] = await withTx(ctx, (ctx) => ctx.db.select().from(table).where(ofTenant(ctx, table)));
  const used = row?.indexed === row?.serving ? row?.indexName : undefined;
  await withBuilder(async (db) => {
    const unused = (await indexesOf(db, ctx)).filter(({ name }) => name !== used);
    // An index in construction is unused too. The job that builds it calls this function again at its end.
    if (unused.length === 0 || !(await lockBuild(db, ctx))) return;
    for (const { name } of unused) await drop(db, name);
  });
}

/** A check samples this many query vectors and compares this many neighbours of each. */
const queries = 20;
const neighbours = 10;

/**
 * Recall@10 of the index that search uses: the share of the exact nearest neighbours that the index also returns. Vectors
 * of the tenant's chunks serve as queries: at 50,000 chunks they reached a recall of 1.00, chunks of other texts 0.998, and
 * midpoints of two chunks, where no real query lies, 0.955. Neighbours are what a search may find: no deleted documents, no hidden
 * versions. Undefined when there is no index.
 */
export const checkRecall = (ctx: Ctx): Promise<number | undefined> =>
  withTx(ctx, async (ctx) => {
    const { serving: model, isIndexed } = await modelsOf(ctx);
    if (!isIndexed) return undefined;
    const sampled = await ctx.db.execute<{ query: string }>(sql`
      select embedding::text as query from app.embeddings where tenant_id = ${ctx.tenantId} and model = ${model} order by random() limit ${queries}`);
    let found = 0;
    let expected = 0;
    for (const { query } of sampled) {
      const row = only(
        await ctx.db.execute<{ found: number; expected: number }>(sql`
        with exact as materialized (
          select document_id, version, ordinal from app.embeddings
          where tenant_id = ${ctx.tenantId} and model = ${model} and document_id <> all(app.deleting())
            and (document_id, version) not in (select document_id, version from app.hidden_versions where tenant_id = ${ctx.tenantId})
          order by (embedding <=> ${query}::halfvec(512)) + 0 limit ${neighbours})
        select count(n.ordinal)::int as found, count(*)::int as expected from exact
          left join app.nearest(${query}::halfvec(512), ${model}, ${neighbours}, null, null) n using (document_id, version, ordinal)`),
      );
      found += row.found;
      expected += row.expected;
    }
    return expected === 0 ? 1 : found / expected;
  });

/** Joins the caller's transaction. */
export const recordRecall = async (ctx: Ctx, recall: number): Promise<void> => {
  await ctx.db.update(table).set({ recall, recallCheckedAt: now() }).where(ofTenant(ctx, table));
};

/** Counts vectors without a chunk and chunks without a version. There must be none, but no foreign key enforces it. */
export const countOrphans = (ctx: Ctx): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const row = only(
      await ctx.db.execute<{ count: number }>(sql`
      select ((select count(*) from app.embeddings e where e.tenant_id = ${ctx.tenantId} and not exists (
          select from app.chunks c where c.tenant_id = ${ctx.tenantId} and c.document_id = e.document_id and c.version = e.version and c.ordinal = e.ordinal))
        + (select count(*) from app.chunks c where c.tenant_id = ${ctx.tenantId} and not exists (
          select from app.document_versions v where v.tenant_id = ${ctx.tenantId} and v.document_id = c.document_id and v.version = abs(c.version))))::int as count`),
    );
    return row.count;
  });

/** Counts the tenant's vectors of the model. */
export const countVectors = (ctx: Ctx, model: string): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const row = only(
      await ctx.db.execute<{ count: number }>(
        sql`select count(*)::int as count from app.embeddings where tenant_id = ${ctx.tenantId} and model = ${model}`,
      ),
    );
    return row.count;
  });

/**
 * Takes the tenant's build lock; false when another connection has it. The lock ends with the connection, which PostgreSQL
 * keeps open until the build has ended, even after the worker's death.
 */
const lockBuild = async (db: Sql, ctx: Ctx): Promise<boolean> => {
  const row = only(
    await db`select pg_try_advisory_lock(hashtextextended(${`vector index ${ctx.tenantId}`}, 0)) as "isOurs"`,
  );
  return row["isOurs"];
};

const indexesOf = async (db: Sql, ctx: Ctx, name?: string): Promise<{ name: string; isValid: boolean }[]> =>
  db`select c.relname as name, i.indisvalid as "isValid" from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam and a.amname = 'hnsw'
    where i.indrelid = to_regclass(${`app.${partitionOf(ctx)}`}) and (${name ?? null}::text is null or c.relname = ${name ?? null})`;

const drop = (db: Sql, name: string) => db.unsafe(`drop index concurrently if exists app.${quoted(name)}`);

/** The name that app.create_tenant_partition gives the tenant's partition. */
const partitionOf = (ctx: Ctx): string => `embeddings_${ctx.tenantUuid.replaceAll("-", "")}`;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
