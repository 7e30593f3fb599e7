import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainWords, segments } from "./hash.ts";
import { type Embedder, hashEmbedder, staticEmbedder } from "./index.ts";
import { synonyms } from "./testing/synonyms.ts";

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe.each([staticEmbedder(), hashEmbedder()])("$model", (embedder) => {
  const embed = async (text: string) => (await embedder.embed([text], "document"))[0]!;

  test("the same text gives the same vector of length 1, and so does an empty text", async () => {
    for (const text of ["Notice period is three months.", "", "。。。", "通知期間は三か月です", "🙂"]) {
      const vector = await embed(text);
      expect(vector).toEqual(await embed(text));
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  test("texts with common words, also inflected ones, are nearer than texts without", async () => {
    const query = await embed("What is the notice period for employees?");
    const near = await embed("The employee's notice period is three months.");
    const far = await embed("Lenses are shipped in padded boxes on Tuesdays.");
    expect(cosine(query, near)).toBeGreaterThan(cosine(query, far) + 0.2);
    expect(cosine(await embed("shipping"), await embed("shipped"))).toBeGreaterThan(0.3);
  });

  test("inflections are nearer to each other than to another word", async () => {
    for (const [one, other, unrelated] of [
      ["payments", "payment", "holiday"],
      ["shipped", "shipping", "lenses"],
      ["Verträge", "Vertrag", "Urlaub"],
      ["policies", "policy", "invoice"],
    ] as const)
      expect(cosine(await embed(one), await embed(other)), one).toBeGreaterThan(
        cosine(await embed(one), await embed(unrelated)) + 0.1,
      );
  });

  test("compatibility forms are normalised, and words of scripts without spaces match", async () => {
    expect(await embed("ﬁle １２")).toEqual(await embed("file 12"));
    const query = await embed("通知期間");
    expect(cosine(query, await embed("通知期間は三か月です"))).toBeGreaterThan(
      cosine(query, await embed("レンズは箱で発送されます")) + 0.2,
    );
  });

  test("a lone surrogate, control characters and a long word give a unit vector", async () => {
    for (const text of ["\ud83d", "\u0000\u0001", "a".repeat(50_000), "שלום עולם", "สวัสดีชาวโลก"])
      expect(Math.hypot(...(await embed(text)))).toBeCloseTo(1, 5);
  });
});

describe("meaning", () => {
  /** The share of questions whose own answer is the nearest of all answers. */
  const answeredShare = async (embedder: Embedder) => {
    const questions = await embedder.embed(
      synonyms.map(([question]) => question),
      "query",
    );
    const answers = await embedder.embed(
      synonyms.map(([, answer]) => answer),
      "document",
    );
    const isNearest = (question: Float32Array, at: number) =>
      answers.every((other) => cosine(question, other) <= cosine(question, answers[at]!));
    return questions.filter(isNearest).length / questions.length;
  };

  test("finds answers that share no word with the question", async () => {
    expect(await answeredShare(hashEmbedder())).toBeLessThan(0.1);
    expect(await answeredShare(staticEmbedder())).toBeGreaterThan(0.35);
  });

  test("does not affect texts in other languages, which are embedded by form only", async () => {
    const [one, other] = await staticEmbedder().embed(["Kündigungsfrist", "Resturlaubsanspruch"], "document");
    expect(Math.abs(cosine(one!, other!))).toBeLessThan(0.15);
  });
});

test("a text is understood when a word of it has a meaning", () => {
  const understood = (text: string) => staticEmbedder().understands?.(text);
  expect(["holiday allowance", "a qwxz contract", "qwxz vlorp", "the of and", "", "фывапр"].map(understood)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

describe("the model file", () => {
  const bytes = readFileSync(new URL("../model/static-v1.bin", import.meta.url));
  const bodyStart = bytes.indexOf("\n") + 1;
  const header = JSON.parse(bytes.toString("utf8", 0, bodyStart));

  test("matches its checksum and its header", () => {
    const { sha256, ...rest } = header;
    expect(createHash("sha256").update(bytes.subarray(bodyStart)).digest("hex")).toBe(sha256);
    expect(rest).toEqual({ model: staticEmbedder().model, words: 60_000, dimensions: 128 });
    expect(bytes.length).toBeLessThan(12e6);
  });

  const teacher = new URL("../distil/node_modules", import.meta.url);
  test.skipIf(!existsSync(teacher))(
    "is reproducible from the larger model for its most frequent words, within 1",
    async () => {
      const { basisWords, distil } = await import(new URL("../distil/distil.mjs", import.meta.url).href);
      const made: Int8Array[] = await distil(basisWords);
      const start = bytes.length - header.words * header.dimensions;
      const kept = new Int8Array(bytes.buffer, bytes.byteOffset + start, made.length * header.dimensions);
      const differences = made.flatMap((row, word) =>
        Array.from(row, (value, at) => Math.abs(value - kept[word * header.dimensions + at]!)),
      );
      expect(differences.length).toBe(basisWords * header.dimensions);
      expect(Math.max(...new Set(differences))).toBeLessThanOrEqual(1);
    },
    300_000,
  );
});

test("the words of a plain text are those of Unicode's rules", () => {
  const letters = fc.constantFrom(..."ab1_.,':;-/ \n9’‘‚‛“”„«»–—•");
  const ascii = fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code).toLowerCase());
  const text = fc.string({ unit: fc.oneof(letters, ascii), maxLength: 40 });
  const isSame = (text: string) => isDeepStrictEqual(plainWords(text), segments(text));
  fc.assert(fc.property(text, isSame), { numRuns: 5_000 });
});
