import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";

const letters = String.raw`[\p{L}\p{M}\p{N}]`;
/** Scripts that set no spaces between words. Korean does, but its words carry endings that no dictionary here takes off. */
const unspaced = String.raw`[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&${letters}]`;
const spaced = `[${letters}--${unspaced}]+`;
const word = new RegExp(String.raw`${unspaced}+|${spaced}(?:(?<=\p{N})\.(?=\p{N})${spaced})*`, "gv");
/** The same of ASCII alone, three times as fast. */
const asciiWord = /[a-z\d]+(?:(?<=\d)\.(?=\d)[a-z\d]+)*/g;
const isAscii = /^[\0-\x7f]*$/;
const isUnspaced = new RegExp(`^${unspaced}`, "v");

/**
 * The words of a text in any language, in small letters and in order: runs of letters and numbers, 5.1 in one piece; of a script
 * without spaces, overlapping pairs of characters (東京都 becomes 東京 京都). Texts and queries are both taken apart by this.
 */
export const wordsOf = (text: string): string[] => {
  const small = normalized(text);
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
/** What words of a language come to. */
export type Lexicon = {
  /** Looks up the words that it does not know yet. */
  learn(ctx: Ctx, texts: readonly (readonly string[])[]): Promise<void>;
  /** Undefined for a stop word. */
  get(word: string): Lexeme | undefined;
};

/** By PostgreSQL's own dictionaries, as a query is read too. */
export const lexiconOf = (language: string): Lexicon => {
  const byWord = new Map<string, Lexeme | undefined>();
  const known = new Map<string, Lexeme>();
  return {
    async learn(ctx, texts) {
      const words = new Set<string>();
      for (const text of texts) for (const word of text) if (!byWord.has(word)) words.add(word);
      if (words.size === 0) return;
      const rows = await ctx.db.execute<{ word: string; lexeme: string | null; term: number }>(sql`
        select word, lexeme, term
        from app.lexemes(${language}, array(select jsonb_array_elements_text(${JSON.stringify([...words])}::jsonb)))`);
      for (const { word, lexeme, term } of rows) {
        if (lexeme !== null && !known.has(lexeme)) known.set(lexeme, { lexeme, term });
        byWord.set(word, known.get(lexeme ?? ""));
      }
    },
    get: (word) => byWord.get(word),
  };
};

/** Where a text has its lexemes, from 1, and how many there are in all. */
export type Reading = { places: ReadonlyMap<Lexeme, readonly number[]>; lexemes: number };

/** PostgreSQL keeps no more places of a lexeme. */
const placesMax = 255;

export const read = (words: readonly string[], lexicon: Pick<Lexicon, "get">): Reading => {
  const places = new Map<Lexeme, number[]>();
  let [place, lexemes] = [0, 0];
  for (const word of words) {
    place += 1;
    const lexeme = lexicon.get(word);
    if (!lexeme) continue;
    const own = places.get(lexeme);
    if (!own) places.set(lexeme, [place]);
    else if (own.length < placesMax) own.push(place);
    else continue;
    lexemes += 1;
  }
  return { places, lexemes };
};

/** As PostgreSQL reads a tsvector. Lexemes are letters and numbers: nothing in them needs an escape. */
export const tsvectorOf = ({ places }: Reading): string => {
  let all = "";
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
