const letter = String.raw`[\p{L}\p{M}\p{N}]`;
/** Scripts without spaces between words, and Korean: it has spaces, but no dictionary here removes the endings of its words. */
const unspaced = String.raw`[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&${letter}]`;
const spaced = `[${letter}--${unspaced}]+`;
const word = new RegExp(String.raw`${unspaced}+|${spaced}(?:(?<=\p{N})\.(?=\p{N})${spaced})*`, "gv");
/** The same for ASCII text, three times as fast. */
const asciiWord = /[a-z\d]+(?:(?<=\d)\.(?=\d)[a-z\d]+)*/g;
/** Typographic dashes, quotes and spaces, and apostrophes that count as letters: all separate words. Without them most texts are ASCII. */
const signs = /[\u2000-\u206f\u02bb\u02bc]/g;
const isAscii = /^[\0-\x7f]*$/;
const isUnspaced = new RegExp(`^${unspaced}`, "v");

/**
 * The words of a text in any language, in lower case and in order: runs of letters and digits (5.1 is one word); in a
 * script without spaces, overlapping pairs of characters (東京都 becomes 東京 京都). Used for texts and for queries.
 */
export const wordsOf = (text: string): string[] => {
  const small = separated(normalized(text));
  if (isAscii.test(small)) return small.match(asciiWord) ?? [];
  return (small.match(word) ?? []).flatMap((run) => (isUnspaced.test(run) ? pairs(run) : run));
};

/** Characters that are invisible or only stretch a word: soft hyphen, tatweel, joiners, byte order mark. */
const fillers = /\u00ad|\u0640|\u200d|\u2060|\ufeff/g;
/** A fraction after a number is a number of its own: 6½ is not 61/2. */
const fraction = /(?<=\d)(?=[¼-¾⅐-⅞])/g;

/** In lower case, with ligatures as letters, without fillers and without the combining dot that lower-casing İ leaves. */
const normalized = (text: string): string =>
  text.replace(fraction, " ").normalize("NFKC").toLowerCase().replaceAll("i\u0307", "i").replace(fillers, "");

const separated = (small: string): string => small.replace(signs, " ");

const pairs = (run: string): string[] => {
  const characters = [...run];
  if (characters.length === 1) return [run];
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
};

/** A span in UTF-16 units. */
type Span = [start: number, end: number];
type Placed = { word: string; start: number; end: number };

/** The words of a text that is normalized and separated, with their positions in it. */
const placedIn = (small: string): Placed[] =>
  Array.from(small.matchAll(isAscii.test(small) ? asciiWord : word)).flatMap(({ 0: run, index }) => {
    const all = isUnspaced.test(run) ? pairs(run) : [run];
    let start = index;
    return all.map((word) => {
      const placed = { word, start, end: start + word.length };
      start += String.fromCodePoint(word.codePointAt(0) ?? 0).length;
      return placed;
    });
  });

/** Characters that Unicode may join: a character with its marks, and the letters of Korean syllables. ASCII text has none. */
const cluster =
  /[\0-\x7f]+(?![\p{M}\uff9e\uff9f])|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|[\s\S][\p{M}\uff9e\uff9f]*/gu;

/** The spans of the words of `wordsOf` in the text itself, in the same order. */
export const wordSpansOf = (text: string): Span[] => {
  if (isAscii.test(text)) return spansIn(text.toLowerCase());
  const whole = normalized(text);
  // Most texts have typographic quotation marks and accents, and change in nothing but the case of letters.
  if (whole.length === text.length && text.normalize("NFKC") === text) return spansIn(whole);
  const spaced = text.replace(fraction, " ");
  let joined = "";
  /** For each UTF-16 unit of `joined`, the start and the end of its cluster in `spaced`. */
  const [starts, ends]: [number[], number[]] = [[], []];
  for (const { 0: own, index } of spaced.matchAll(cluster)) {
    const small = normalized(own);
    joined += small;
    if (isAscii.test(own)) {
      for (let n = 0; n < own.length; n++) {
        starts.push(index + n);
        ends.push(index + n + 1);
      }
      continue;
    }
    for (let n = 0; n < small.length; n++) {
      starts.push(index);
      ends.push(index + own.length);
    }
  }
  // They differ in the Greek letter sigma, which has another form at the end of a word.
  const inserted = insertionsIn(text);
  return placedIn(separated(whole.length === joined.length ? whole : joined)).map(({ start, end }): Span => {
    // Words are inside `joined`, and each unit of it has a cluster.
    const [from, to] = [starts[start]!, ends[end - 1]!];
    return [from - inserted(from), to - inserted(to - 1)];
  });
};

const spansIn = (small: string): Span[] => placedIn(separated(small)).map(({ start, end }): Span => [start, end]);

/** The number of spaces that `fraction` inserts before a position of the text with them. */
const insertionsIn = (text: string): ((position: number) => number) => {
  const at = Array.from(text.matchAll(fraction), ({ index }, n) => index + n);
  return at.length === 0 ? () => 0 : (position) => at.filter((one) => one < position).length;
};

/** An ASCII or typographic minus or hyphen. */
const dash = String.raw`[\-\u2010\u2212]`;
const run = String.raw`[\p{L}\p{M}\p{N}]+`;
const dashedWord = new RegExp(String.raw`(?<![^\s("'\[\x60\{=|,;:])${dash}{1,2}(${run}(?:[._\-\u2010]${run})*)`, "gu");
const mayBeDashed = new RegExp(dash, "u");
const dashedCharsMax = 64;

/** Forms of the words of a text with a dash before them, with one dash: -xvf, -no-cache, -40. */
export const dashedIn = (text: string): string[] => placedDashes(normalized(text)).map(({ word }) => word);

const placedDashes = (small: string): Placed[] => {
  if (!mayBeDashed.test(small)) return [];
  return Array.from(small.matchAll(dashedWord), ({ 0: found, 1: own = "", index }) => {
    const end = index + found.length;
    return { word: `-${own.replaceAll("\u2010", "-")}`, start: end - own.length, end };
  }).filter(({ word }) => word.length <= dashedCharsMax);
};

/** The words of a text; and by index of a word, further forms that occur there. */
export type Tokens = { words: string[]; forms: ReadonlyMap<number, string[]> };
const noForms: Tokens["forms"] = new Map();

/**
 * The words of `wordsOf`, with the forms that a query may look for beside them: a word with the dash before it, and the
 * last character of a run without spaces, which begins no pair.
 */
export const tokensOf = (text: string): Tokens => {
  const small = normalized(text);
  const ascii = separated(small);
  const dashes = placedDashes(small);
  if (dashes.length === 0 && isAscii.test(ascii)) return { words: ascii.match(asciiWord) ?? [], forms: noForms };
  const placed = placedIn(ascii);
  const forms = new Map<number, string[]>();
  const add = (at: number, form: string) => forms.set(at, [...(forms.get(at) ?? []), form]);
  let next = 0;
  for (const [at, { word, start, end }] of placed.entries()) {
    while (next < dashes.length && dashes[next]!.start < start) next += 1;
    if (dashes[next]?.start === start) add(at, dashes[next]!.word);
    const following = placed[at + 1];
    if (isPair(word) && !(following && following.start < end)) add(at, [...word].at(-1) ?? word);
  }
  return { words: placed.map(({ word }) => word), forms };
};

const pair = new RegExp(`^${unspaced}{2}$`, "v");
/** Whether a word of a text is a pair of characters of a script without spaces. */
export const isPair = (word: string): boolean => pair.test(word);
