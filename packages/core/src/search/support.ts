import { sql } from "drizzle-orm";
import { wordsOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { queryWords, withSpellings } from "./words.ts";

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
    const input = texts.map(({ chunkId, text }) => ({ chunk: toUuid(chunkId), words: withSpellings(wordsOf(text)) }));
    const asked = [...new Set(wordsOf(question))].flatMap((word) =>
      withSpellings([word]).map((spelling) => ({ word, spelling })),
    );
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
      frequencies as materialized (
        select language, lexeme, frequency from app.query_terms(${queryWords(parsed)}) where not is_beginning),
      asked as materialized (select * from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as (word text, spelling text)),
      spelled as materialized (
        select l.language, t.lexeme, max(t.lexeme) filter (where a.spelling = a.word) over (partition by l.language, a.word) as own
        from (select distinct language from texts where language is not null) l
          cross join lateral app.lexemes(l.language, array(select distinct spelling from asked)) t
          join asked a on a.spelling = t.word
        where t.lexeme is not null),
      -- Of a long question the query terms have the rarest words only, and only these count here.
      question as materialized (
        select w.language, array_agg(distinct w.lexeme) as lexemes, ln(2 + coalesce(max(s.size), 0) / (coalesce(max(k.frequency), 0) + 1)) as weight
        from spelled w
          join frequencies o on o.language = w.language and o.lexeme = w.own
          left join frequencies k on k.language = w.language and k.lexeme = w.lexeme
          left join sizes s on s.language = w.language
        group by w.language, w.own)
      select coalesce(sum(weight) filter (where question.lexemes && s.lexemes) / sum(weight), 0) as text,
        coalesce(sum(weight) filter (where question.lexemes && around) / sum(weight), 0) as chunk
      from texts left join contained s using (n) left join question using (language) group by n order by n`);
    return [...rows];
  });
