import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../../platform/context.ts";
import { weigh } from "./words.ts";

/** An average that is further off than this is replaced; within it ranking hardly changes. */
const driftMax = 0.1;
/**
 * Above this many chunks of a language, the frequencies of frequent words are counted in advance
 * (docs/decisions/README.md, 35).
 */
const countedMax = 5_000;
/** Words that more chunks than these have are frequent; a query counts the others faster than it could look them up. */
const frequentMin = 50;
const frequentShare = 0.001;
/** Chunks that tell how frequent words are. */
const sampleChunks = 100_000;

/**
 * Measures the tenant's chunks in each language: how long they are on average, which weights are made against once it is
 * off by a tenth, and, where there are many, which words are frequent.
 */
export const measureCorpus = (ctx: Ctx): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const tenant = ctx.tenantId;
    await ctx.db.execute(sql`
      with measured as (
        select language, count(*)::int as chunks, greatest(1, avg(lexemes)) as average from app.chunks where tenant_id = ${tenant} group by language)
      update app.corpora o set measured_bytes = app.vector_bytes(${tenant}), chunks = case when m.chunks > ${countedMax} then m.chunks end,
        average = case when abs(o.average / m.average - 1) <= ${driftMax}::float8 then o.average else coalesce(m.average, o.average) end
      from app.corpora p left join measured m using (language)
      where o.tenant_id = ${tenant} and p.tenant_id = ${tenant} and o.language = p.language`);
    await ctx.db.execute(sql`delete from app.term_frequencies where tenant_id = ${tenant}`);
    // Ids end in random bytes: so many of 256 are a fair sample.
    await ctx.db.execute(sql`
      insert into app.term_frequencies (tenant_id, language, lexeme, chunks)
      select c.tenant_id, c.language, w.lexeme, (count(*) * 256 / o.bytes)::int
      from (select language, chunks, least(256, ceil(256.0 * ${sampleChunks} / chunks))::int as bytes from app.corpora where tenant_id = ${tenant} and chunks is not null) o
        join app.chunks c on c.tenant_id = ${tenant} and c.language = o.language and get_byte(uuid_send(c.id), 15) < o.bytes,
        lateral unnest(c.tsv) w
      group by c.tenant_id, c.language, w.lexeme, o.chunks, o.bytes
      having count(*) * 256 / o.bytes > greatest(${frequentMin}, o.chunks * ${frequentShare}::float8)`);
  });

/**
 * Weighs up to `limit` chunks anew whose weights were made against another average; returns how many. One that is being
 * replaced is left alone: its successor is weighed by the present one. Joins the caller's transaction.
 */
export async function weighStale(ctx: Ctx, limit: number): Promise<number> {
  const stale = await ctx.db.execute<Stale>(sql`
    select c.document_id, c.version, c.ordinal, c.lexemes, o.average,
      array(select json_build_array(app.term_id(c.language, lexeme), cardinality(positions)) from unnest(c.tsv)) as counts
    from app.chunks c join app.corpora o on o.tenant_id = c.tenant_id and o.language = c.language
    where c.tenant_id = ${ctx.tenantId} and abs(c.average / o.average - 1) > ${driftMax}::float8
    limit ${limit} for update of c skip locked`);
  const rows = stale.map(({ counts, ...row }) => ({ ...row, terms: weigh(counts, row.lexemes, row.average) }));
  await ctx.db.execute(sql`
    update app.chunks c set terms = s.terms, average = s.average
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (document_id uuid, version int, ordinal int, terms sparsevec, average real)
    where c.tenant_id = ${ctx.tenantId} and c.document_id = s.document_id and c.version = s.version and c.ordinal = s.ordinal`);
  return rows.length;
}

type Stale = {
  document_id: string;
  version: number;
  ordinal: number;
  lexemes: number;
  average: number;
  counts: [number, number][];
};
