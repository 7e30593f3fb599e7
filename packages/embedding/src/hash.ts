import { dimensions, type Embedder, normalised } from "./embedder.ts";

const ngramMin = 3;
const ngramMax = 5;
/** Share of a word's weight on its character n-grams, which inflections and compounds have in common. */
const subwordShare = 0.5;

/** Frequent words, with little weight. */
const stopWords = new Set(
  "a an and are as at be but by can do for from had has have how i if in into is it its more my no not of on or our so such than that the their then there these they this to us was we were what when where which who why will with you your".split(
    " ",
  ),
);
const stopWeight = 0.1;

/**
 * Signed feature hashing of words and of their character n-grams (Weinberger et al., "Feature Hashing for Large Scale
 * Multitask Learning", ICML 2009). It matches equal words, inflections and typing errors in any script, but no
 * synonyms. It remains for tenants that started with it.
 */
export const hashEmbedder = (): Embedder => ({
  model: "hash-v0",
  isBuiltIn: true,
  embed: async (texts) => texts.map(embedOne),
  understands: () => false,
});

const embedOne = (text: string): Float32Array => {
  const vector = new Float32Array(dimensions);
  for (const [word, count] of countWords(text))
    addWord(vector, word, (1 + Math.log(count)) * (stopWords.has(word) ? stopWeight : 1));
  return normalised(vector);
};

/** Adds a word's features, half of the weight on the word and half on its n-grams. */
export const addWord = (vector: Float32Array, word: string, weight: number): void => {
  const { stem, ngrams } = featureCache.get(word) ?? computeFeatures(word);
  add(vector, stem, weight * (1 - subwordShare));
  for (const ngram of ngrams) add(vector, ngram, (weight * subwordShare) / Math.sqrt(ngrams.length));
};

/** Hashes of a word's features. */
type Features = { stem: number; ngrams: number[] };

/** Features of recent words. Hashing takes most of the time, and words repeat. */
const featureCache = new Map<string, Features>();
const cachedWordsMax = 50_000;
/** Longer words are not cached: V8 copies a short substring, but a longer one keeps the whole source text in memory. */
const wordCharsMax = 12;

const computeFeatures = (word: string): Features => {
  const features = { stem: fnv1a(`w:${stemOf(word)}`), ngrams: ngramsOf(word).map((ngram) => fnv1a(`g:${ngram}`)) };
  if (featureCache.size >= cachedWordsMax) featureCache.clear();
  if (word.length <= wordCharsMax) featureCache.set(word, features);
  return features;
};

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The words of a text in any script, in lower case. */
export const countWords = (text: string): Map<string, number> => {
  const counts = new Map<string, number>();
  const small = text.normalize("NFKC").toLowerCase();
  for (const word of isPlain.test(small) ? plainWords(small) : segments(small))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

/** The words of a text by Unicode's rules (UAX #29). */
export const segments = (small: string): string[] =>
  Array.from(segmenter.segment(small)).flatMap(({ segment, isWordLike }) => (isWordLike ? segment : []));

/** ASCII, dashes, bullets and typographic quotation marks. */
const isPlain = /^[\p{ASCII}–—‘-„•«»]*$/u;
const plainWord = /[a-z0-9_]+(?:(?:(?<=[a-z])[.':‘’](?=[a-z])|(?<=\d)[.,';‘’](?=\d))[a-z0-9_]+)*/g;
/** The same words of a plain text, in an eighth of the time. */
export const plainWords = (small: string): string[] => (small.match(plainWord) ?? []).filter((word) => word !== "_");

/** Character n-grams of `<word>`; a very short word is its own n-gram. */
const ngramsOf = (word: string): string[] => {
  const marked = [...`<${word}>`];
  const ngrams: string[] = [];
  for (let size = ngramMin; size <= ngramMax; size++) {
    for (let start = 0; start + size <= marked.length; start++) ngrams.push(marked.slice(start, start + size).join(""));
  }
  return ngrams.length > 0 ? ngrams : [marked.join("")];
};

const add = (vector: Float32Array, hash: number, weight: number): void => {
  const sign = hash & 1 ? 1 : -1;
  vector[(hash >>> 1) % dimensions]! += sign * weight;
};

/** FNV-1a, 32 bits, with a final mix, because the low bits of FNV-1a are distributed badly. */
const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
};

/** Common word endings of English and related languages, longest first. */
const suffixes = [
  "ations",
  "ation",
  "ments",
  "ment",
  "ness",
  "ings",
  "ing",
  "ers",
  "ies",
  "ed",
  "er",
  "es",
  "ly",
  "en",
  "s",
  "e",
];
const stemLengthMin = 4;

/**
 * Removes one common ending, so that inflections share a feature. No dictionary is used, so some stems are not words.
 */
const stemOf = (word: string): string => {
  const suffix = suffixes.find((ending) => word.endsWith(ending) && word.length - ending.length >= stemLengthMin);
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  // "shipped" and "shipping" have a doubled consonant before the ending.
  return stem.length > stemLengthMin && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem;
};
