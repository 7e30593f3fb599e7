/** Guesses the encoding of text that declares none. */

import chardet from "chardet";
import { decodeAs, encodingOf } from "./labels.ts";

const sampleBytes = 65_536;
/** Guesses of chardet that are worth a look, of 100. */
const confidenceMin = 8;

/**
 * The most likely encoding of text that is not Unicode. chardet compares the frequencies of letters, which says little about
 * short texts; so its guesses and windows-1252, the most frequent one, are compared by how well the letters fit their
 * neighbours.
 */
export const guess = (buffer: Buffer): string => {
  const sample = withNeighbours(buffer.subarray(0, sampleBytes * 4));
  const candidates = new Map<string, number>();
  for (const { name, confidence } of chardet.analyse(sample)) {
    const encoding = encodingOf(name);
    if (encoding && !/^utf-/.test(encoding) && confidence >= confidenceMin && !candidates.has(encoding))
      candidates.set(encoding, confidence);
  }
  for (const [encoding, confidence] of priors)
    candidates.set(encoding, Math.max(candidates.get(encoding) ?? 0, confidence));
  let best = { encoding: "windows-1252", score: Number.NEGATIVE_INFINITY };
  for (const [encoding, confidence] of candidates) {
    const score = plausibility(decodeAs(encoding, sample).text) + confidence / 100;
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
};

/** Encodings that are tried always, with the confidence that a guess of chardet must exceed at equal plausibility. */
const priors: readonly (readonly [string, number])[] = [
  ["windows-1252", 30],
  ["windows-1250", 12],
  ["windows-1251", 12],
  ["windows-1256", 10],
  ["cp850", 5],
  ["ibm866", 5],
  ["macintosh", 5],
];

/** The beginning of a text, and of a mostly English one the parts that say something about its encoding. */
const withNeighbours = (buffer: Buffer): Buffer => {
  if (buffer.length <= sampleBytes) return buffer;
  const first = buffer.findIndex((byte) => byte >= 0x80);
  const start = first < sampleBytes / 2 ? 0 : first - 64;
  return buffer.subarray(start, start + sampleBytes);
};

/** Enough for a comparison. */
const charactersMax = 3000;

/**
 * From -3 to 1 for each character beyond ASCII, on average: letters belong beside letters of their own script and, inside
 * words, lower case beside lower case; signs do not stand between letters.
 */
const plausibility = (text: string): number => {
  let score = 0;
  let count = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what all encodings agree about.
  for (const { 0: run, index } of text.matchAll(/[^\u0000-\u007f]{1,100}/g)) {
    const before = text[index - 1] ?? " ";
    const after = text[index + run.length] ?? " ";
    if (count > charactersMax) break;
    const characters = [...run];
    characters.forEach((character, at) => {
      count += 1;
      score += fit(characters[at - 1] ?? before, character, characters[at + 1] ?? after);
    });
  }
  return count === 0 ? 0 : score / count;
};

const fit = (before: string, character: string, after: string): number => {
  if (/[\ufffd\p{Cc}\p{Cn}\p{Co}]/u.test(character)) return -3;
  if (/\p{L}/u.test(character)) {
    const script = scriptOf(character);
    const neighbours = [before, after].filter((one) => /\p{L}/u.test(one));
    if (neighbours.some((one) => scriptOf(one) !== script && !(isHan(script) && isHan(scriptOf(one))))) return -1;
    if (/\p{Lu}/u.test(character) && /\p{Ll}/u.test(before)) return -1;
    // In Latin scripts most letters are ASCII.
    if (script === "Latin" && neighbours.length > 0 && neighbours.every((one) => one > "\u007f")) return 0.2;
    // A modifier letter or a letter sign such as ª seldom stands in a word.
    if (/[\u00aa\u00ba\u02b0-\u02ff]/.test(character)) return -0.5;
    // Half-width katakana is what other encodings look like in Shift_JIS.
    if (/[\uff61-\uff9f]/.test(character)) return -0.2;
    if (/[\u00de\u00f0\u00fe\u00dd]/.test(character)) return 0.6;
    return 1;
  }
  if (/\p{M}/u.test(character)) return 0;
  const isBetweenLetters = /\p{L}/u.test(before) && /\p{L}/u.test(after);
  if (/[\u2019\u2018\u2010-\u2014\u00ad\u00b7]/.test(character)) return 0.8;
  if (
    /[\u201c\u201d\u201e\u00ab\u00bb\u2026\u20ac\u00b0\u00a7\u00a9\u00ae\u2022\u00a0\u00a3\u00b5\u00b1\u00d7\u2122]/.test(
      character,
    )
  )
    return isBetweenLetters ? -0.8 : 0.8;
  if (/[\u3000-\u303f\uff00-\uff60]/.test(character)) return 0.8;
  return isBetweenLetters ? -1.5 : -0.3;
};

const scriptOf = (character: string): string => {
  if (/\p{Script=Latin}/u.test(character)) return "Latin";
  if (/\p{Script=Cyrillic}/u.test(character)) return "Cyrillic";
  if (/\p{Script=Greek}/u.test(character)) return "Greek";
  if (/\p{Script=Hangul}/u.test(character)) return "Hangul";
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]/u.test(character)) return "Han";
  return "other";
};

const isHan = (script: string): boolean => script === "Han";
