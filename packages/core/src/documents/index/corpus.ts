import { sql } from "drizzle-orm";
import { type Ctx, withSystemTx, withTx } from "../../platform/context.ts";
import { invalidate, searchVersions } from "../../platform/versions.ts";
import { countOf, weigh } from "./lexicon.ts";

/** A stored average that differs more than this from the measured one is replaced; a smaller difference hardly changes ranking. */
const driftMax = 0.1;
/**
 * Above this many chunks of a language, the frequencies of frequent words are counted in advance
 * (docs/decisions/README.md, 35).
 */
const countedMax = 5_000;
/** A word in more chunks than this is frequent. For rarer words counting during the query is faster than a stored frequency. */
const frequentMin = 50;
const frequentShare = 0.001;
/** Number of chunks from which word frequencies are estimated. */
const sampleChunks = 100_000;

/**
 * Measures the tenant's chunks per language: the average length, which replaces the stored one when they differ by more
 * than a tenth, and, for a large corpus, the frequent words.
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
    // The last byte of an id is random, so a range of its values selects a fair sample.
    await ctx.db.execute(sql`
      insert into app.term_frequencies (tenant_id, language, lexeme, chunks)
      select c.tenant_id, c.language, w.lexeme, (count(*) * 256 / o.bytes)::int
      from (select language, chunks, least(256, ceil(256.0 * ${sampleChunks} / chunks))::int as bytes from app.corpora where tenant_id = ${tenant} and chunks is not null) o
        join app.chunks c on c.tenant_id = ${tenant} and c.language = o.language and get_byte(uuid_send(c.id), 15) < o.bytes,
        lateral unnest(c.tsv) w
      group by c.tenant_id, c.language, w.lexeme, o.chunks, o.bytes
      having count(*) * 256 / o.bytes > greatest(${frequentMin}, o.chunks * ${frequentShare}::float8)`);
  });

/** How long one call may merge: the embedded database works for nobody else meanwhile. */
const mergeMs = 100;

/** Merges the words of new chunks into the keyword indexes, so that searches need not read them one after the other. */
export const mergeTerms = (): Promise<unknown> =>
  withSystemTx("sweep", (db) => db.execute(sql`select app.merge_terms(${mergeMs})`));

/**
 * Recomputes the weights of up to `limit` chunks that were weighed with an outdated average; returns how many. It skips
 * locked chunks, because another transaction is replacing them with the current average. Joins the caller's transaction.
 */
export async function weighStale(ctx: Ctx, limit: number): Promise<number> {
  const stale = await ctx.db.execute<Stale>(sql`
    select c.document_id, c.version, c.ordinal, c.lexemes, o.average,
      array(select json_build_array(app.term_id(c.language, lexeme), cardinality(positions), cardinality(array_positions(weights, 'C')), cardinality(array_positions(weights, 'B'))) from unnest(c.tsv)) as counts
    from app.chunks c join app.corpora o on o.tenant_id = c.tenant_id and o.language = c.language
    where c.tenant_id = ${ctx.tenantId} and abs(c.average / o.average - 1) > ${driftMax}::float8
    limit ${limit} for update of c skip locked`);
  const rows = stale.map(({ counts, ...row }) => {
    const own = counts.map(([term, all, forms, accented]) => [term, countOf(all - forms, forms, accented)] as const);
    return { ...row, terms: weigh(own, row.lexemes, row.average) };
  });
  await ctx.db.execute(sql`
    update app.chunks c set terms = s.terms, average = s.average
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (document_id uuid, version int, ordinal int, terms sparsevec, average real)
    where c.tenant_id = ${ctx.tenantId} and c.document_id = s.document_id and c.version = s.version and c.ordinal = s.ordinal`);
  if (rows.length > 0) await invalidate(ctx, searchVersions);
  return rows.length;
}

type Stale = {
  document_id: string;
  version: number;
  ordinal: number;
  lexemes: number;
  average: number;
  /** Of each lexeme its term, its positions, how many of them are of another form of a word, and of words that lose their accents. */
  counts: [term: number, positions: number, forms: number, accented: number][];
};
