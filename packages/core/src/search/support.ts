import { sql } from "drizzle-orm";
import { pairs } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";

/** A verbatim piece of a chunk. */
export type Passage = { chunkId: Id<"chunk">; text: string };
/** Shares of the question's words, weighed by how rare they are in the tenant, from 0 to 1. */
export type Support = { passage: number; chunk: number };

/**
 * How much of the question each passage says, and the chunk it stands in. Both are read in the chunk's language. A word of
 * the question that no chunk has weighs most, so that a question about something else has little support; in a tenant of
 * few chunks, where everything is rare, words weigh about the same. A chunk that was replaced meanwhile supports nothing.
 */
export const supportOf = (ctx: Ctx, question: string, passages: readonly Passage[]): Promise<Support[]> =>
  withTx(ctx, async (ctx) => {
    const input = passages.map(({ chunkId, text }) => ({ chunk: toUuid(chunkId), body: text, pairs: pairs(text) }));
    const rows = await ctx.db.execute<Support>(sql`
      with passages as materialized (
        select p.n, c.language, tsvector_to_array(c.tsv) as around,
          tsvector_to_array(app.tsv(c.language, case c.language when 'simple' then p.pairs else p.body end)) as said
        from rows from (jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as (chunk uuid, body text, pairs text)) with ordinality
          as p (chunk, body, pairs, n)
        left join app.chunks c on c.tenant_id = ${ctx.tenantUuid} and c.id = p.chunk),
      sizes as materialized (
        select language, sum(chunks)::float8 as size from app.documents
        where tenant_id = ${ctx.tenantUuid} and live_version is not null and status <> 'deleting' group by language),
      known as materialized (select language, lexeme, frequency from app.query_terms(${question}, ${pairs(question)}, '')),
      asked as materialized (
        select l.language, t.lexeme, ln(2 + coalesce(s.size, 0) / (coalesce(k.frequency, 0) + 1)) as weight
        from (select distinct language from passages) l
          cross join unnest(app.tsv(l.language, case l.language when 'simple' then ${pairs(question)} else ${question} end)) t
          left join known k on k.language = l.language and k.lexeme = t.lexeme
          left join sizes s on s.language = l.language)
      select coalesce(sum(weight) filter (where lexeme = any(said)) / sum(weight), 0) as passage,
        coalesce(sum(weight) filter (where lexeme = any(around)) / sum(weight), 0) as chunk
      from passages left join asked using (language) group by n order by n`);
    return [...rows];
  });
