import { readFileSync } from "node:fs";
import { dimensions, type Embedder, normalised } from "./embedder.ts";
import { addWord, countWords } from "./hash.ts";

const model = "static-v1";

/**
 * The built-in embedder: hashed words and n-grams of any language, plus, in the same dimensions, the meaning of 60,000
 * English words, distilled from a larger model (../model/README.md). It matches synonyms of single words, but not the
 * meaning of sentences. The weights were chosen on relevance sets (docs/decisions/README.md, "The built-in model adds
 * meaning to form").
 */
export const staticEmbedder = (): Embedder => ({
  model,
  isBuiltIn: true,
  embed: async (texts) => texts.map(embedHere),
  understands(text) {
    const { indexes, weights, rows } = vocabulary();
    return [...countWords(text).keys()].some((word) => {
      const index = indexes.get(word);
      return index !== undefined && index < rows.count && weights[index]! >= contentWeightMin;
    });
  },
});

/** Words with less weight are the 125 most frequent ones, such as _the_, which say nothing about the subject. */
const contentWeightMin = 0.2;

/** Share of meaning in the squared length of a vector, when every word has a meaning. */
const meaningShareMax = 0.4;
/**
 * A word with probability p has the weight a / (a + p) (Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline",
 * ICLR 2017).
 */
const frequentProbability = 2e-4;
/** By Zipf's law the English word of rank r has the probability 0.1 / r. */
const probabilityOfFirst = 0.1;
const stopWeight = 0.1;

/** The vector of the built-in model, without waiting. */
export const embedHere = (text: string): Float32Array => {
  const { indexes, weights, rows } = vocabulary();
  const form = new Float32Array(dimensions);
  const meaning = new Float32Array(rows.dimensions);
  let weightKnown = 0;
  let weightAll = 0;
  for (const [word, count] of countWords(text)) {
    const index = indexes.get(word);
    const weight = (1 + Math.log(count)) * (index === undefined ? 1 : weights[index]!);
    addWord(form, word, weight);
    weightAll += weight;
    if (index === undefined || index >= rows.count) continue;
    weightKnown += weight;
    addRow(meaning, rows, index, weight);
  }
  // Only a few words of another language are in the vocabulary, and they have another meaning there.
  const share = weightKnown === 0 ? 0 : meaningShareMax * (weightKnown / weightAll) ** 2;
  const vector = normalised(form);
  normalised(meaning);
  const [ofForm, ofMeaning] = [Math.sqrt(1 - share), Math.sqrt(share)];
  for (let at = 0; at < rows.dimensions; at++) vector[at] = vector[at]! * ofForm + meaning[at]! * ofMeaning;
  for (let at = rows.dimensions; at < dimensions; at++) vector[at]! *= ofForm;
  return normalised(vector);
};

/** The meanings as int8, row after row. */
type Rows = { count: number; dimensions: number; values: Int8Array; lengths: Float32Array };

const addRow = (sum: Float32Array, { dimensions, values, lengths }: Rows, row: number, weight: number): void => {
  const scale = weight / lengths[row]!;
  const start = row * dimensions;
  for (let at = 0; at < dimensions; at++) sum[at]! += scale * values[start + at]!;
};

type Vocabulary = {
  /** Words with a meaning first, by frequency, starting at 0; then stop words of other languages. */
  indexes: ReadonlyMap<string, number>;
  weights: Float32Array;
  rows: Rows;
};
type Header = { words: number; dimensions: number };

let loaded: Vocabulary | undefined;
const vocabulary = (): Vocabulary => {
  loaded ??= load();
  return loaded;
};

/** The model file: beside the bundle, or in the source tree. */
const file = new URL(`${import.meta.url.endsWith(".ts") ? "../model" : "."}/${model}.bin`, import.meta.url);

const weightOfRank = (index: number): number =>
  frequentProbability / (frequentProbability + probabilityOfFirst / (index + 1));

/** File format: a line of JSON, a line for each word and stop word, then a row of int8 for each word. */
const load = (): Vocabulary => {
  const bytes = readFileSync(file);
  const bodyStart = bytes.indexOf("\n") + 1;
  const { words: count, dimensions }: Header = JSON.parse(bytes.toString("utf8", 0, bodyStart));
  const rowsStart = bytes.length - count * dimensions;
  const lines = bytes.toString("utf8", bodyStart, rowsStart).trimEnd().split("\n");
  const indexes = new Map<string, number>();
  const weights = new Float32Array(lines.length);
  for (const [line, word] of lines.entries()) {
    const index = indexes.get(word) ?? line;
    indexes.set(word, index);
    // A stop word that is also a rare English word keeps the smaller weight.
    weights[index] = line < count ? weightOfRank(line) : stopWeight;
  }
  const values = new Int8Array(bytes.buffer, bytes.byteOffset + rowsStart, count * dimensions);
  return { indexes, weights, rows: { count, dimensions, values, lengths: lengthsOf(values, dimensions) } };
};

const lengthsOf = (values: Int8Array, dimensions: number): Float32Array => {
  const lengths = new Float32Array(values.length / dimensions);
  for (let row = 0; row < lengths.length; row++) {
    let squares = 0;
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) squares += values[at]! ** 2;
    lengths[row] = Math.sqrt(squares);
  }
  return lengths;
};

/**
 * How much a word in lower case says: 0.1 for a stop word of some sixty languages, less than 0.5 for the most frequent
 * English words, and 1 for a word that is not in the vocabulary. In an English text, a stop word of another language, as
 * _tie_, is a word like any other.
 */
export const wordWeight = (word: string, language?: string): number => {
  const { indexes, weights, rows } = vocabulary();
  const index = indexes.get(word);
  if (index === undefined) return 1;
  // The index is one of `weights`.
  return language === "english" && index < rows.count ? weightOfRank(index) : weights[index]!;
};
