import { sql } from "drizzle-orm";
import { wordsOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { queryWords, wordArray } from "./statement.ts";

/** A verbatim piece of a chunk. */
export type ChunkText = { chunkId: Id<"chunk">; text: string };
/** Shares of the question's words that the text and its chunk contain, weighted by rarity in the tenant, from 0 to 1. */
export type Support = { text: number; chunk: number };

/**
 * The share of the question's words in each text and in its chunk, by the dictionary of the chunk's language. A word of the
 * question that no chunk contains has the highest weight, so a question about another subject has little support. In a
 * tenant of few chunks all words have about the same weight. The support of a chunk that has been replaced is 0.
 */
export const supportOf = (ctx: Ctx, question: string, texts: readonly ChunkText[]): Promise<Support[]> =>
  withTx(ctx, async (ctx) => {
    const input = texts.map(({ chunkId, text }) => ({ chunk: toUuid(chunkId), words: wordsOf(text) }));
    const parsed = { words: question, dashed: [], beginning: "" };
    const rows = await ctx.db.execute<Support>(sql`
      with texts as materialized (
        select p.n, c.language, tsvector_to_array(c.tsv) as around, p.words
        from rows from (jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as (chunk uuid, words text[])) with ordinality as p (chunk, words, n)
        left join app.chunks c on c.tenant_id = ${ctx.tenantId} and c.id = p.chunk),
      lexicon as materialized (
        select l.language, w.word, w.lexeme
        from (select language, array_agg(distinct word) as words from texts, unnest(words) word where language is not null group by language) l,
          app.lexemes(l.language, l.words) w),
      contained as materialized (
        select p.n, array_agg(l.lexeme) as lexemes from texts p, unnest(p.words) w (word) join lexicon l using (word)
        where l.language = p.language group by p.n),
      sizes as materialized (
        select language, sum(chunks)::float8 as size from app.documents
        where tenant_id = ${ctx.tenantId} and live_version is not null and status <> 'deleting' group by language),
      frequencies as materialized (select language, lexeme, frequency from app.query_terms(${queryWords(parsed)})),
      question as materialized (
        select distinct l.language, t.lexeme, ln(2 + coalesce(s.size, 0) / (coalesce(k.frequency, 0) + 1)) as weight
        from (select distinct language from texts where language is not null) l
          cross join app.lexemes(l.language, ${wordArray(question)}) t
          left join frequencies k on k.language = l.language and k.lexeme = t.lexeme
          left join sizes s on s.language = l.language
        where t.lexeme is not null)
      select coalesce(sum(weight) filter (where lexeme = any(s.lexemes)) / sum(weight), 0) as text,
        coalesce(sum(weight) filter (where lexeme = any(around)) / sum(weight), 0) as chunk
      from texts left join contained s using (n) left join question using (language) group by n order by n`);
    return [...rows];
  });
