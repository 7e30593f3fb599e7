import { dimensions, type Embedder, normalised } from "./embedder.ts";

const ngramMin = 3;
const ngramMax = 5;
/** Share of a word's weight that its character n-grams carry: inflections and compounds meet there. */
const subwordShare = 0.5;

/** Frequent words say little about a text. */
const stopWords = new Set(
  "a an and are as at be but by can do for from had has have how i if in into is it its more my no not of on or our so such than that the their then there these they this to us was we were what when where which who why will with you your".split(
    " ",
  ),
);
const stopWeight = 0.1;

/**
 * Signed feature hashing of words and of their character n-grams (Weinberger et al., "Feature Hashing for Large Scale
 * Multitask Learning", ICML 2009). It finds shared words, inflections and typing errors, in any script, and knows no
 * synonyms. For tenants that began with it.
 */
export const hashEmbedder = (): Embedder => ({
  model: "hash-v0",
  isBuiltIn: true,
  embed: async (texts) => texts.map(embedOne),
});

const embedOne = (text: string): Float32Array => {
  const vector = new Float32Array(dimensions);
  for (const [word, count] of countWords(text))
    addWord(vector, word, (1 + Math.log(count)) * (stopWords.has(word) ? stopWeight : 1));
  return normalised(vector);
};

/** Adds a word's features, half of the weight on the word and half on its n-grams. */
export const addWord = (vector: Float32Array, word: string, weight: number): void => {
  const { stem, ngrams } = known.get(word) ?? learn(word);
  add(vector, stem, weight * (1 - subwordShare));
  for (const ngram of ngrams) add(vector, ngram, (weight * subwordShare) / Math.sqrt(ngrams.length));
};

/** Hashes of a word's features. */
type Features = { stem: number; ngrams: number[] };

/** Words come again, and hashing them takes most of the time. */
const known = new Map<string, Features>();
const wordsKnownMax = 50_000;
/** V8 copies a piece this short; a longer one would keep the whole text it was cut from in memory. */
const wordCharsMax = 12;

const learn = (word: string): Features => {
  const features = { stem: fnv1a(`w:${stemOf(word)}`), ngrams: ngramsOf(word).map((ngram) => fnv1a(`g:${ngram}`)) };
  if (known.size >= wordsKnownMax) known.clear();
  if (word.length <= wordCharsMax) known.set(word, features);
  return features;
};

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The words of a text in any script, in lower case. */
export const countWords = (text: string): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { segment, isWordLike } of segmenter.segment(text.normalize("NFKC").toLowerCase())) {
    if (isWordLike) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  }
  return counts;
};

/** Character n-grams with the word's borders marked; a word of few characters is its own. */
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

/** FNV-1a, 32 bits, with a final mix so that the low bits are as good as the high ones. */
const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
};

/** Longest first: what English and its neighbours add to the end of a word. */
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

/** A word without one frequent ending, so that its inflections share a feature. No dictionary: some stems are no words. */
const stemOf = (word: string): string => {
  const suffix = suffixes.find((ending) => word.endsWith(ending) && word.length - ending.length >= stemLengthMin);
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  // "shipped", "shipping": the doubled consonant belongs to the ending.
  return stem.length > stemLengthMin && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem;
};
