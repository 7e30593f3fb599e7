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
 * (PostgreSQL 15, pgvector 0.8). Below it every answer is exact, and writes do without the index's upkeep.
 */
const vectorsExactMax = 20_000;
/** 512 half-precision dimensions and their key: seven rows in a page of 8 KiB. */
export const bytesExactMax = Math.ceil(vectorsExactMax / 7) * 8_192;

/** Recall@10 0.98 at 100,000 vectors with ef_search 400 (app.nearest); the defaults (16, 64) reach 0.97. */
const graph = { m: 24, ef_construction: 200 };

/** Only one worker builds a tenant's index; another one's build, even one whose worker died, goes on in the server. */
export class BuildUnderWay extends Error {
  override readonly name = "BuildUnderWay";
}

/**
 * Builds the HNSW index of the model's vectors under a name of the caller's choice, beside any other, while search and
 * ingest go on. Called again after a death it finds the index, or what is left of it, and begins anew.
 *
 * @throws BuildUnderWay
 */
export const buildVectorIndex = (ctx: Ctx, model: string, name: string): Promise<void> =>
  withBuilder(async (db) => {
    if (!(await isAlone(db, ctx))) throw new BuildUnderWay("the tenant's vector index is being built");
    const [found] = await indexesOf(db, ctx, name);
    if (found?.isValid) return;
    if (found) await drop(db, name);
    const parameters = Object.entries(graph).map(([key, value]) => `${key} = ${value}`);
    // One statement, nothing to bind: CREATE INDEX takes no parameters.
    await db.unsafe(`create index concurrently ${quoted(name)} on app.${partitionOf(ctx)} using hnsw (embedding halfvec_cosine_ops)
      with (${parameters.join(", ")}) where model = ${literal(model)}`);
  });

/** From now on search may use the index, if it still asks that model; false if not. Joins the caller's transaction. */
export async function serveIndex(ctx: Ctx, model: string, name: string): Promise<boolean> {
  const { serving } = await modelsOf(ctx, "update");
  if (serving !== model) return false;
  await ctx.db
    .update(table)
    .set({ indexed: model, indexName: name, recall: null, recallCheckedAt: null })
    .where(ofTenant(ctx, table));
  return true;
}

/** Drops the tenant's HNSW indexes that search does not use, half built ones included. */
export async function dropUnusedIndexes(ctx: Ctx): Promise<void> {
  const [row] = await withTx(ctx, (ctx) => ctx.db.select().from(table).where(ofTenant(ctx, table)));
  const used = row?.indexed === row?.serving ? row?.indexName : undefined;
  await withBuilder(async (db) => {
    const unused = (await indexesOf(db, ctx)).filter(({ name }) => name !== used);
    // One that is being built is not used yet; who builds it has this done again.
    if (unused.length === 0 || !(await isAlone(db, ctx))) return;
    for (const { name } of unused) await drop(db, name);
  });
}

/** Questions of a check, and answers to each. */
const questions = 20;
const answers = 10;

/**
 * Recall@10 of the index that search asks: the share of the exact answers to some questions that it gives too. Chunks of the
 * tenant stand for questions: at 50,000 chunks they reached 1.00, passages of other texts 0.998, points halfway between two
 * chunks, where no question lies, 0.955. Undefined when there is no index.
 */
export const checkRecall = (ctx: Ctx): Promise<number | undefined> =>
  withTx(ctx, async (ctx) => {
    const { serving: model, isIndexed } = await modelsOf(ctx);
    if (!isIndexed) return undefined;
    const asked = await ctx.db.execute<{ question: string }>(sql`
      select embedding::text as question from app.embeddings where tenant_id = ${ctx.tenantId} and model = ${model} order by random() limit ${questions}`);
    let found = 0;
    let wanted = 0;
    for (const { question } of asked) {
      const row = only(
        await ctx.db.execute<{ found: number; wanted: number }>(sql`
        with exact as materialized (
          select document_id, version, ordinal from app.embeddings
          where tenant_id = ${ctx.tenantId} and model = ${model} order by (embedding <=> ${question}::halfvec(512)) + 0 limit ${answers})
        select count(n.ordinal)::int as found, count(*)::int as wanted from exact
          left join app.nearest(${question}::halfvec(512), ${model}, ${answers}, null, null) n using (document_id, version, ordinal)`),
      );
      found += row.found;
      wanted += row.wanted;
    }
    return wanted === 0 ? 1 : found / wanted;
  });

/** Joins the caller's transaction. */
export const recordRecall = async (ctx: Ctx, recall: number): Promise<void> => {
  await ctx.db.update(table).set({ recall, recallCheckedAt: now() }).where(ofTenant(ctx, table));
};

/** Vectors without their chunk, chunks without their version. They leave together, without a foreign key to see to it: there must be none. */
export const countOrphans = (ctx: Ctx): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const row = only(
      await ctx.db.execute<{ count: number }>(sql`
      select ((select count(*) from app.embeddings e where e.tenant_id = ${ctx.tenantId} and not exists (
          select from app.chunks c where c.tenant_id = ${ctx.tenantId} and c.document_id = e.document_id and c.version = e.version and c.ordinal = e.ordinal))
        + (select count(*) from app.chunks c where c.tenant_id = ${ctx.tenantId} and not exists (
          select from app.document_versions v where v.tenant_id = ${ctx.tenantId} and v.document_id = c.document_id and v.version = c.version)))::int as count`),
    );
    return row.count;
  });

/** Vectors of the model. */
export const countVectors = (ctx: Ctx, model: string): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const row = only(
      await ctx.db.execute<{ count: number }>(
        sql`select count(*)::int as count from app.embeddings where tenant_id = ${ctx.tenantId} and model = ${model}`,
      ),
    );
    return row.count;
  });

/** Holds others off for as long as the connection lives, which is to the build's end and not the worker's. */
const isAlone = async (db: Sql, ctx: Ctx): Promise<boolean> => {
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

/** As app.create_tenant_partition names it. */
const partitionOf = (ctx: Ctx): string => `embeddings_${ctx.tenantUuid.replaceAll("-", "")}`;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
