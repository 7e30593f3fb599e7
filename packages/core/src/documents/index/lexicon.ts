import { sql } from "drizzle-orm";
import type { Ctx } from "../../platform/context.ts";
import { exactFormOf, textFormsOf } from "./fold.ts";
import { tokensOf } from "./words.ts";

/** A stemmed word of one language, and its dimension in sparse vectors. */
export type Lexeme = { lexeme: string; term: number };
/**
 * A word of a text. Its lexeme is undefined before the lookup, and always for a stop word. `forms` are the lexemes of its
 * other spellings and forms, which match with less weight. `losesAccents`: its lexeme is also that of the word without accents.
 */
export type Word = { lexeme?: Lexeme; forms: readonly Lexeme[]; losesAccents?: boolean };
/** The lexemes of a language's words, cached for one document. */
export type Lexicon = {
  /** Splits a text into words. */
  read(text: string): Word[];
  /** Looks up the lexemes of all words that `read` has returned since the last lookup. */
  lookUp(ctx: Ctx): Promise<void>;
};

type Pending = { word: Word; text: string; forms: readonly string[] };

/** A lexicon of PostgreSQL's dictionaries, which queries use as well. */
export const lexiconOf = (language: string): Lexicon => {
  const words = new Map<string, Word>();
  const lexemes = new Map<string, Lexeme>();
  let pending: Pending[] = [];
  const wordFor = (text: string, forms: readonly string[] = []): Word => {
    const key = forms.length === 0 ? text : `${text} ${forms.join(" ")}`;
    const known = words.get(key);
    if (known) return known;
    const word: Word = { forms: [] };
    words.set(key, word);
    pending.push({ word, text, forms });
    return word;
  };
  return {
    read(text) {
      const { words, forms } = tokensOf(text);
      return forms.size === 0
        ? words.map((word) => wordFor(word))
        : words.map((word, at) => wordFor(word, forms.get(at)));
    },
    async lookUp(ctx) {
      if (pending.length === 0) return;
      const batch = pending.map((one) => ({ ...one, spellings: textFormsOf(one.text) }));
      pending = [];
      const texts = new Set(
        batch.flatMap(({ text, forms, spellings }) => [text, ...forms, ...spellings, exactFormOf(text) ?? text]),
      );
      const rows = await ctx.db.execute<{ word: string; lexeme: string; term: number }>(sql`
        select word, lexeme, term from app.lexemes(${language}, array(select jsonb_array_elements_text(${JSON.stringify([...texts])}::jsonb)))
        where lexeme is not null`);
      const found = new Map<string, Lexeme>();
      for (const { word, lexeme, term } of rows) {
        const own = lexemes.get(lexeme) ?? { lexeme, term };
        lexemes.set(lexeme, own);
        found.set(word, own);
      }
      for (const { word, text, forms, spellings } of batch) {
        const own = found.get(text);
        if (own) word.lexeme = own;
        // A stop word without its accents is no word to search for: the Spanish más is not mas.
        const spelled = own ? spellings.flatMap((form) => found.get(form) ?? []) : [];
        const exact = own && spelled.includes(own) ? exactFormOf(text) : undefined;
        word.losesAccents = exact !== undefined;
        const others = [...forms, ...(exact ? [exact] : [])].flatMap((form) => found.get(form) ?? []);
        word.forms = [...new Set([...others, ...spelled])].filter((form) => form !== own);
      }
    },
  };
};

/**
 * The positions of each lexeme in a text, from 1, those of its words' other forms, the positions of words that lose their
 * accents, and the number of positions of words.
 */
export type LexemePositions = {
  positions: ReadonlyMap<Lexeme, readonly number[]>;
  forms: ReadonlyMap<Lexeme, readonly number[]>;
  accented: ReadonlySet<number>;
  lexemes: number;
};

/** A tsvector stores at most this many positions of a lexeme. */
const positionsMax = 255;
export const positionsOf = (words: readonly Word[]): LexemePositions => {
  const positions = new Map<Lexeme, number[]>();
  const forms = new Map<Lexeme, number[]>();
  const accented = new Set<number>();
  let [at, lexemes] = [0, 0];
  for (const { lexeme, forms: others, losesAccents } of words) {
    at += 1;
    for (const form of others) add(forms, form, at);
    if (losesAccents) accented.add(at);
    if (lexeme && add(positions, lexeme, at)) lexemes += 1;
  }
  return { positions, forms, accented, lexemes };
};

const add = (positions: Map<Lexeme, number[]>, lexeme: Lexeme, at: number): boolean => {
  const own = positions.get(lexeme);
  if (!own) positions.set(lexeme, [at]);
  else if (own.length < positionsMax) own.push(at);
  else return false;
  return true;
};

/**
 * The text of a tsvector, at least one space. So that weights can be computed from it, the positions of other forms have the
 * label C, and those of words that lose their accents the label B. Lexemes have no character that needs an escape.
 */
export const tsvectorOf = ({ positions, forms, accented }: LexemePositions): string => {
  let all = " ";
  for (const [lexeme, own] of positions) {
    const others = forms.get(lexeme);
    const labelled = accented.size === 0 ? own : own.map((at) => (accented.has(at) ? `${at}B` : at));
    all += `'${lexeme.lexeme}':${labelled.join(",")}${others ? `,${others.join("C,")}C` : ""} `;
  }
  for (const [lexeme, own] of forms) if (!positions.has(lexeme)) all += `'${lexeme.lexeme}':${own.join("C,")}C `;
  return all;
};

/**
 * How often a lexeme counts. Another form of a word counts less than half of the word, however often it occurs. A word
 * that loses its accents counts a little less, so that muller finds Muller before Müller.
 */
export const countOf = (positions: number, forms: number, accented: number): number =>
  positions - accented / 20 + forms / (2 * forms + 1);

export const termsOf = ({ positions, forms, accented, lexemes }: LexemePositions, average: number): string => {
  const counts: [number, number][] = [];
  for (const [lexeme, own] of positions) {
    const withAccents = accented.size === 0 ? 0 : own.filter((at) => accented.has(at)).length;
    counts.push([lexeme.term, countOf(own.length, forms.get(lexeme)?.length ?? 0, withAccents)]);
  }
  for (const [lexeme, own] of forms) if (!positions.has(lexeme)) counts.push([lexeme.term, countOf(0, own.length, 0)]);
  return weigh(counts, lexemes, average);
};

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
