import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { type Mark, readMarks, textFormsOf, wordSpansOf, wordsOf } from "../../documents/index.ts";
import { type Ctx, withTx } from "../../platform/context.ts";
import { toUuid } from "../../platform/id.ts";
import type { SearchHit } from "../search.ts";
import { withSpellings } from "../words.ts";

/** A hit, with what the answer needs beside its text. */
export type Source = {
  hit: Pick<SearchHit, "score" | "scores" | "document" | "chunk">;
  /** Where the words of its text begin, in UTF-16 units. */
  wordStarts: number[];
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
    const ids = sql.param(hits.map(({ chunk }) => toUuid(chunk.id)));
    const reading = ctx.db.execute<Row>(
      sql`select * from app.evidence(${ids}::uuid[], ${JSON.stringify(asked)}::jsonb, ${JSON.stringify(labels)}::jsonb)`,
    );
    const [[row], wordStarts] = await Promise.all([
      reading,
      whileReading(() => hits.map(({ chunk }) => wordStartsOf(chunk.text))),
    ]);
    return shape({ words, hits, wordStarts, rarities }, row);
  });

export const wordStartsOf = (text: string): number[] => wordSpansOf(text).map(([start]) => start);

/** Works while the database does. The client sends a statement in the next turn of the event loop, and after that this thread waits. */
const whileReading = async <T>(work: () => T): Promise<T> => {
  await setImmediate();
  await setImmediate();
  return work();
};

type Asking = { words: string[]; hits: readonly Source["hit"][]; wordStarts: number[][]; rarities: Rarities };

const shape = ({ words, hits, wordStarts, rarities }: Asking, row: Row | undefined): Evidence => {
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
          wordStarts: wordStarts[n - 1]!,
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
