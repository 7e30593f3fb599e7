import { sql } from "drizzle-orm";
import { wordsOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { queryWords, wordArray } from "./statement.ts";

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
    const input = passages.map(({ chunkId, text }) => ({ chunk: toUuid(chunkId), words: wordsOf(text) }));
    const asked = { words: question, beginning: "" };
    const rows = await ctx.db.execute<Support>(sql`
      with passages as materialized (
        select p.n, c.language, tsvector_to_array(c.tsv) as around, p.words
        from rows from (jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as (chunk uuid, words text[])) with ordinality as p (chunk, words, n)
        left join app.chunks c on c.tenant_id = ${ctx.tenantId} and c.id = p.chunk),
      lexicon as materialized (
        select l.language, w.word, w.lexeme
        from (select language, array_agg(distinct word) as words from passages, unnest(words) word where language is not null group by language) l,
          app.lexemes(l.language, l.words) w),
      said as materialized (
        select p.n, array_agg(l.lexeme) as lexemes from passages p, unnest(p.words) w (word) join lexicon l using (word)
        where l.language = p.language group by p.n),
      sizes as materialized (
        select language, sum(chunks)::float8 as size from app.documents
        where tenant_id = ${ctx.tenantId} and live_version is not null and status <> 'deleting' group by language),
      known as materialized (select language, lexeme, frequency from app.query_terms(${queryWords(asked)})),
      asked as materialized (
        select distinct l.language, t.lexeme, ln(2 + coalesce(s.size, 0) / (coalesce(k.frequency, 0) + 1)) as weight
        from (select distinct language from passages where language is not null) l
          cross join app.lexemes(l.language, ${wordArray(question)}) t
          left join known k on k.language = l.language and k.lexeme = t.lexeme
          left join sizes s on s.language = l.language
        where t.lexeme is not null)
      select coalesce(sum(weight) filter (where lexeme = any(s.lexemes)) / sum(weight), 0) as passage,
        coalesce(sum(weight) filter (where lexeme = any(around)) / sum(weight), 0) as chunk
      from passages left join said s using (n) left join asked using (language) group by n order by n`);
    return [...rows];
  });
