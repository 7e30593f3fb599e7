import { sql } from "drizzle-orm";
import { type Mark, readMarks, textFormsOf, wordsOf } from "../../documents/index.ts";
import { type Ctx, withTx } from "../../platform/context.ts";
import { toUuid } from "../../platform/id.ts";
import type { SearchHit } from "../search.ts";
import { withSpellings } from "../words.ts";

/** A hit, with what the answer needs beside its text. */
export type Source = {
  hit: Pick<SearchHit, "score" | "scores" | "document" | "chunk">;
  marks: Mark[];
  language: string;
  /** When the live version of its document was created. */
  createdAt: Date;
  /** For each word of the question: the positions of matching words in the chunk's text and then its context, from 1. */
  positions: number[][];
};

export type Evidence = {
  /** Each word of the question once. */
  words: string[];
  /** By language: how rare each word of the question is. Undefined for a stop word. */
  rarities: Map<string, (number | undefined)[]>;
  /** By language: the words of the question, as indexes, that a word of headings or of a document's name matches. */
  labels: Map<string, Map<string, number[]>>;
  sources: Source[];
};

type Row = {
  sources:
    | {
        n: number;
        language: string;
        marks: string | null;
        created_at: string;
        found: { word: number; at: number[] }[] | null;
      }[]
    | null;
  spelled: { language: string; word: number; lexeme: string; is_own: boolean }[] | null;
  labels: { language: string; label: string; word: number }[] | null;
};

/** By language: the inverse document frequencies of the question's lexemes that some chunk contains. */
export type Rarities = Record<string, Record<string, number>>;

/** The words of the headings above a chunk and of its document's name. */
export const labelsOf = ({ document, chunk }: Source["hit"]): string[] => [...chunk.headings, document.name];

/**
 * Where the words of the question are in the hits, by the dictionary of each chunk's language, in any spelling. A chunk that
 * has been replaced since the search is left out.
 */
export const evidenceOf = (
  ctx: Ctx,
  question: string,
  { hits, rarities }: { hits: readonly Source["hit"][]; rarities: Rarities },
): Promise<Evidence> =>
  withTx(ctx, async (ctx) => {
    const words = [...new Set(wordsOf(question))];
    const asked = words.flatMap((word, at) =>
      withSpellings([word]).map((spelling) => ({ word: at, spelling, own: word })),
    );
    const labels = [...new Set(hits.flatMap((hit) => labelsOf(hit).flatMap(wordsOf)))].flatMap((label) =>
      [label, ...textFormsOf(label)].map((spelling) => ({ label, spelling })),
    );
    const chunks = hits.map(({ chunk }) => toUuid(chunk.id));
    const [row] = await ctx.db.execute<Row>(sql`
      with hits as materialized (
        select h.n::int as n, c.document_id, c.version, c.language, c.tsv, c.marks
        from unnest(array(select jsonb_array_elements_text(${JSON.stringify(chunks)}::jsonb))::uuid[]) with ordinality as h (id, n)
          join app.chunks c on c.tenant_id = ${ctx.tenantId} and c.id = h.id),
      languages as materialized (select distinct language from hits),
      asked as materialized (select * from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as (word int, spelling text, own text)),
      named as materialized (select * from jsonb_to_recordset(${JSON.stringify(labels)}::jsonb) as (label text, spelling text)),
      lexicon as materialized (
        select l.language, x.word as spelling, x.lexeme from languages l,
          app.lexemes(l.language, array(select spelling from asked union select spelling from named)) x
        where x.lexeme is not null),
      spelled as materialized (
        select distinct l.language, a.word, l.lexeme, a.spelling = a.own as is_own from asked a join lexicon l using (spelling))
      select
        (select json_agg(json_build_object('n', h.n, 'language', h.language, 'marks', h.marks, 'created_at', v.created_at, 'found', (
            select json_agg(json_build_object('word', f.word, 'at', f.at)) from (
              select s.word, array_agg(distinct p order by p) as at from unnest(h.tsv) t (lexeme, positions, weights)
                join spelled s on s.language = h.language and s.lexeme = t.lexeme, unnest(t.positions) p
              group by s.word) f)))
          from hits h join app.versions_of((select array_agg(document_id) from hits), (select array_agg(abs(version)) from hits)) v
            on v.document_id = h.document_id and v.version = abs(h.version)) as sources,
        (select json_agg(s) from spelled s) as spelled,
        (select json_agg(x) from (
          select distinct l.language, n.label, s.word from named n join lexicon l using (spelling)
            join spelled s on s.language = l.language and s.lexeme = l.lexeme) x) as labels`);
    return shape(words, hits, rarities, row);
  });

const shape = (words: string[], hits: readonly Source["hit"][], rarities: Rarities, row: Row | undefined): Evidence => {
  const { sources, spelled, labels } = row ?? {};
  const named = Map.groupBy(labels ?? [], ({ language }) => language);
  return {
    words,
    rarities: new Map(
      [...Map.groupBy(spelled ?? [], ({ language }) => language)].map(([language, own]) => [
        language,
        raritiesIn(rarities[language] ?? {}, own, words.length),
      ]),
    ),
    labels: new Map(
      [...named].map(([language, own]) => [
        language,
        new Map(
          [...Map.groupBy(own, ({ label }) => label)].map(([label, rows]) => [label, rows.map(({ word }) => word)]),
        ),
      ]),
    ),
    sources: (sources ?? [])
      .toSorted((one, other) => one.n - other.n)
      .map(({ n, language, marks, created_at, found }) => {
        const positions = new Map(found?.map(({ word, at }) => [word, at]));
        return {
          // The statement returns the numbers of hits, from 1.
          hit: hits[n - 1]!,
          marks: readMarks(marks),
          language,
          createdAt: new Date(created_at),
          positions: words.map((_, at) => positions.get(at) ?? []),
        };
      }),
  };
};

/** The idf of a word that no chunk contains is larger by this than that of a word in one chunk: the logarithm of 3. */
const unknownRarity = Math.log(3);
/** In a tenant of few chunks every word is frequent, and one that no chunk contains would outweigh all others. */
const rarityMin = 1;
/** Search ranks by this many words of a longer question, the rarest. */
const rankedWordsMax = 64;

const raritiesIn = (
  idf: Record<string, number>,
  spelled: NonNullable<Row["spelled"]>,
  count: number,
): (number | undefined)[] => {
  const byWord = Map.groupBy(spelled, ({ word }) => word);
  const rarest = Math.max(rarityMin, ...Object.values(idf));
  const unknown = count > rankedWordsMax ? 0 : rarest + unknownRarity;
  return Array.from({ length: count }, (_, word) => {
    const lexemes = byWord.get(word);
    // Without a lexeme of its own it is a stop word, which has no other spelling either.
    if (!lexemes?.some(({ is_own }) => is_own)) return undefined;
    const found = lexemes.flatMap(({ lexeme }) => idf[lexeme] ?? []);
    return found.length > 0 ? Math.max(rarityMin, Math.min(...found)) : unknown;
  });
};
