import { sql } from "drizzle-orm";
import type { Ctx } from "../../platform/context.ts";

const letters = String.raw`[\p{L}\p{M}\p{N}]`;
/** Scripts that set no spaces between words. Korean does, but its words carry endings that no dictionary here takes off. */
const unspaced = String.raw`[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&${letters}]`;
const spaced = `[${letters}--${unspaced}]+`;
const word = new RegExp(String.raw`${unspaced}+|${spaced}(?:(?<=\p{N})\.(?=\p{N})${spaced})*`, "gv");
/** The same of ASCII alone, three times as fast. */
const asciiWord = /[a-z\d]+(?:(?<=\d)\.(?=\d)[a-z\d]+)*/g;
/** Dashes, quotes and the like, which are no part of words: most texts are ASCII but for these. */
const signs = /[\u2000-\u206f]/g;
const isAscii = /^[\0-\x7f]*$/;
const isUnspaced = new RegExp(`^${unspaced}`, "v");

/**
 * The words of a text in any language, in small letters and in order: runs of letters and numbers, 5.1 in one piece; of a script
 * without spaces, overlapping pairs of characters (東京都 becomes 東京 京都). Texts and queries are both taken apart by this.
 */
export const wordsOf = (text: string): string[] => {
  const small = normalized(text).replace(signs, " ");
  if (isAscii.test(small)) return small.match(asciiWord) ?? [];
  return (small.match(word) ?? []).flatMap((run) => (isUnspaced.test(run) ? pairs(run) : run));
};

/** Ligatures of a PDF are the letters they stand for, an i keeps no second dot (İ), and a soft hyphen is none. */
const normalized = (text: string): string =>
  text.normalize("NFKC").toLowerCase().replaceAll("i\u0307", "i").replaceAll("\u00ad", "");

const pairs = (run: string): string[] => {
  const characters = [...run];
  if (characters.length === 1) return [run];
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
};

/** A word without its endings, and the number it has in sparse vectors; of one language. */
export type Lexeme = { lexeme: string; term: number };
/** A word of a text; its lexeme is undefined until that is looked up, and of a stop word for good. */
export type Word = { lexeme?: Lexeme };
/** What words of a language come to. */
export type Lexicon = {
  /** Takes a text apart. */
  read(text: string): Word[];
  /** Looks up the words that were read since. */
  learn(ctx: Ctx): Promise<void>;
};

/** By PostgreSQL's own dictionaries, as a query is read too. */
export const lexiconOf = (language: string): Lexicon => {
  const words = new Map<string, Word>();
  const lexemes = new Map<string, Lexeme>();
  let unknown: string[] = [];
  const meet = (text: string): Word => {
    const word = {};
    words.set(text, word);
    unknown.push(text);
    return word;
  };
  return {
    read: (text) => wordsOf(text).map((word) => words.get(word) ?? meet(word)),
    async learn(ctx) {
      if (unknown.length === 0) return;
      const asked = JSON.stringify(unknown);
      unknown = [];
      const rows = await ctx.db.execute<{ word: string; lexeme: string; term: number }>(sql`
        select word, lexeme, term from app.lexemes(${language}, array(select jsonb_array_elements_text(${asked}::jsonb)))
        where lexeme is not null`);
      for (const { word, lexeme, term } of rows) {
        const own = lexemes.get(lexeme) ?? { lexeme, term };
        lexemes.set(lexeme, own);
        words.get(word)!.lexeme = own;
      }
    },
  };
};

/** Where a text has its lexemes, from 1, and how many there are in all. */
export type Reading = { places: ReadonlyMap<Lexeme, readonly number[]>; lexemes: number };

/** PostgreSQL keeps no more places of a lexeme. */
const placesMax = 255;

export const place = (words: readonly Word[]): Reading => {
  const places = new Map<Lexeme, number[]>();
  let [at, lexemes] = [0, 0];
  for (const { lexeme } of words) {
    at += 1;
    if (!lexeme) continue;
    const own = places.get(lexeme);
    if (!own) places.set(lexeme, [at]);
    else if (own.length < placesMax) own.push(at);
    else continue;
    lexemes += 1;
  }
  return { places, lexemes };
};

/** As PostgreSQL reads a tsvector, never an empty text. Lexemes are letters and numbers: nothing in them needs an escape. */
export const tsvectorOf = ({ places }: Reading): string => {
  let all = " ";
  for (const [{ lexeme }, own] of places) all += `'${lexeme}':${own.join(",")} `;
  return all;
};

export const termsOf = ({ places, lexemes }: Reading, average: number): string =>
  weigh(
    Array.from(places, ([{ term }, own]) => [term, own.length]),
    lexemes,
    average,
  );

/** Dimensions of a vector of terms, as app.term_id numbers them. */
const termsMax = 536_870_912;
const [k1, b] = [1.2, 0.75];

/**
 * BM25 weights of a chunk of so many lexemes against an average length, as PostgreSQL reads a sparse vector, from how often it
 * has each term. Five decimals: as integers with an exponent they are read fastest.
 */
export const weigh = (counts: readonly (readonly [number, number])[], lexemes: number, average: number): string => {
  const length = k1 * (1 - b + (b * lexemes) / average);
  const weightOf = (count: number) => Math.round(((count * (k1 + 1)) / (count + length)) * 1e5);
  const sorted = counts.toSorted(([one], [other]) => one - other);
  const terms: string[] = [];
  for (let at = 0; at < sorted.length; at++) {
    let [term, count] = sorted[at]!;
    // Two lexemes with one number are one term.
    while (sorted[at + 1]?.[0] === term) count += sorted[++at]![1];
    terms.push(`${term}:${weightOf(count)}e-5`);
  }
  return `{${terms.join(",")}}/${termsMax}`;
};
