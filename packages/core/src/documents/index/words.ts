import { sql } from "drizzle-orm";
import type { Ctx } from "../../platform/context.ts";

const letters = String.raw`[\p{L}\p{M}\p{N}]`;
/** Scripts without spaces between words, and Korean: it has spaces, but no dictionary here removes the endings of its words. */
const unspaced = String.raw`[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&${letters}]`;
const spaced = `[${letters}--${unspaced}]+`;
const word = new RegExp(String.raw`${unspaced}+|${spaced}(?:(?<=\p{N})\.(?=\p{N})${spaced})*`, "gv");
/** The same for ASCII text, three times as fast. */
const asciiWord = /[a-z\d]+(?:(?<=\d)\.(?=\d)[a-z\d]+)*/g;
/** Typographic dashes, quotes and spaces, which separate words. Without them most texts are ASCII. */
const signs = /[\u2000-\u206f]/g;
const isAscii = /^[\0-\x7f]*$/;
const isUnspaced = new RegExp(`^${unspaced}`, "v");

/**
 * The words of a text in any language, in lower case and in order: runs of letters and digits (5.1 is one word); in a
 * script without spaces, overlapping pairs of characters (東京都 becomes 東京 京都). Used for texts and for queries.
 */
export const wordsOf = (text: string): string[] => {
  const small = normalized(text).replace(signs, " ");
  if (isAscii.test(small)) return small.match(asciiWord) ?? [];
  return (small.match(word) ?? []).flatMap((run) => (isUnspaced.test(run) ? pairs(run) : run));
};

/** Replaces ligatures by their letters, removes the combining dot that lower-casing İ leaves, and removes soft hyphens. */
const normalized = (text: string): string =>
  text.normalize("NFKC").toLowerCase().replaceAll("i\u0307", "i").replaceAll("\u00ad", "");

const pairs = (run: string): string[] => {
  const characters = [...run];
  if (characters.length === 1) return [run];
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
};

/** A stemmed word of one language, and its dimension in sparse vectors. */
export type Lexeme = { lexeme: string; term: number };
/** A word of a text. Its lexeme is undefined before the lookup, and always for a stop word. */
export type Word = { lexeme?: Lexeme };
/** The lexemes of a language's words, cached for one document. */
export type Lexicon = {
  /** Splits a text into words. */
  read(text: string): Word[];
  /** Looks up the lexemes of all words that `read` has returned since the last lookup. */
  lookUp(ctx: Ctx): Promise<void>;
};

/** A lexicon of PostgreSQL's dictionaries, which queries use as well. */
export const lexiconOf = (language: string): Lexicon => {
  const words = new Map<string, Word>();
  const lexemes = new Map<string, Lexeme>();
  let pending: string[] = [];
  const intern = (text: string): Word => {
    const word = {};
    words.set(text, word);
    pending.push(text);
    return word;
  };
  return {
    read: (text) => wordsOf(text).map((word) => words.get(word) ?? intern(word)),
    async lookUp(ctx) {
      if (pending.length === 0) return;
      const batch = JSON.stringify(pending);
      pending = [];
      const rows = await ctx.db.execute<{ word: string; lexeme: string; term: number }>(sql`
        select word, lexeme, term from app.lexemes(${language}, array(select jsonb_array_elements_text(${batch}::jsonb)))
        where lexeme is not null`);
      for (const { word, lexeme, term } of rows) {
        const own = lexemes.get(lexeme) ?? { lexeme, term };
        lexemes.set(lexeme, own);
        // The row is the result for a word of the batch, and `intern` has stored every such word.
        words.get(word)!.lexeme = own;
      }
    },
  };
};

/** The positions of each lexeme in a text, from 1, and the number of all positions. */
export type LexemePositions = { positions: ReadonlyMap<Lexeme, readonly number[]>; lexemes: number };

/** A tsvector stores at most this many positions of a lexeme. */
const positionsMax = 255;

export const positionsOf = (words: readonly Word[]): LexemePositions => {
  const positions = new Map<Lexeme, number[]>();
  let [at, lexemes] = [0, 0];
  for (const { lexeme } of words) {
    at += 1;
    if (!lexeme) continue;
    const own = positions.get(lexeme);
    if (!own) positions.set(lexeme, [at]);
    else if (own.length < positionsMax) own.push(at);
    else continue;
    lexemes += 1;
  }
  return { positions, lexemes };
};

/** The text of a tsvector, at least one space. Lexemes consist of letters and digits, so none needs an escape. */
export const tsvectorOf = ({ positions }: LexemePositions): string => {
  let all = " ";
  for (const [{ lexeme }, own] of positions) all += `'${lexeme}':${own.join(",")} `;
  return all;
};

export const termsOf = ({ positions, lexemes }: LexemePositions, average: number): string =>
  weigh(
    Array.from(positions, ([{ term }, own]) => [term, own.length]),
    lexemes,
    average,
  );

/** The number of dimensions of a term vector: the range of app.term_id. */
const termsMax = 536_870_912;
const [k1, b] = [1.2, 0.75];

/**
 * The BM25 weights of a chunk as the text of a sparse vector. `counts`: how often the chunk has each term; `lexemes`: its
 * length; `average`: the average length. Weights have five decimals; PostgreSQL parses an integer with an exponent fastest.
 */
export const weigh = (counts: readonly (readonly [number, number])[], lexemes: number, average: number): string => {
  const length = k1 * (1 - b + (b * lexemes) / average);
  const weightOf = (count: number) => Math.round(((count * (k1 + 1)) / (count + length)) * 1e5);
  const sorted = counts.toSorted(([one], [other]) => one - other);
  const terms: string[] = [];
  for (let at = 0; at < sorted.length; at++) {
    // `at` is below the length, also after the increment: the loop has read that item.
    let [term, count] = sorted[at]!;
    // Lexemes with the same term id count as one term.
    while (sorted[at + 1]?.[0] === term) count += sorted[++at]![1];
    terms.push(`${term}:${weightOf(count)}e-5`);
  }
  return `{${terms.join(",")}}/${termsMax}`;
};
