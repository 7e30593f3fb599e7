import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";

/** An average that is further off than this is replaced; within it ranking hardly changes. */
const driftMax = 0.1;
/** Chunks that are weighed anew where they are found; more of them are a job. */
export const weighedAtOnceMax = 1_000;

/**
 * Measures how long the tenant's chunks are on average, in each language, and takes what is further off than a tenth
 * for the weights from now on. Returns whether more weights than a sweep should touch are made against another one.
 */
export const measureCorpus = (ctx: Ctx, bytes: number): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.execute(sql`
      update app.corpora o set measured_bytes = ${bytes},
        average = case when o.average is null or abs(m.average / o.average - 1) > ${driftMax}::float8 then m.average else o.average end
      from (select language, greatest(1, avg(lexemes)) as average from app.chunks where tenant_id = ${ctx.tenantUuid} group by language) m
      where o.tenant_id = ${ctx.tenantUuid} and o.language = m.language`);
    return (await weighStale(ctx, weighedAtOnceMax)) === weighedAtOnceMax;
  });

/**
 * Weighs up to `limit` chunks anew whose weights were made against another average; returns how many. One that is being
 * replaced is left alone: its successor is weighed by the present one. Joins the caller's transaction.
 */
export async function weighStale(ctx: Ctx, limit: number): Promise<number> {
  const rows = await ctx.db.execute(sql`
    with stale as materialized (
      select c.document_id, c.version, c.ordinal, o.average from app.chunks c join app.corpora o on o.tenant_id = c.tenant_id and o.language = c.language
      where c.tenant_id = ${ctx.tenantUuid} and abs(c.average / o.average - 1) > ${driftMax}::float8
      limit ${limit} for update of c skip locked)
    update app.chunks c set terms = (app.weigh(c.language, c.tsv, s.average)).terms, average = s.average from stale s
    where c.tenant_id = ${ctx.tenantUuid} and c.document_id = s.document_id and c.version = s.version and c.ordinal = s.ordinal returning 1`);
  return rows.length;
}
