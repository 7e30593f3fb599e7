import { expect, test } from "vitest";
import { staticEmbedder } from "./index.ts";

const embed = async (text: string) => (await staticEmbedder().embed([text], "document"))[0]!;
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

test("the same text gives the same vector of length 1, an empty one too", async () => {
  for (const text of ["Notice period is three months.", "", "。。。", "通知期間は三か月です", "🙂"]) {
    const vector = await embed(text);
    expect(vector).toEqual(await embed(text));
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  }
});

test("texts that share words are nearer than texts that do not, inflected words too", async () => {
  const query = await embed("What is the notice period for employees?");
  const near = await embed("The employee's notice period is three months.");
  const far = await embed("Lenses are shipped in padded boxes on Tuesdays.");
  expect(cosine(query, near)).toBeGreaterThan(cosine(query, far) + 0.2);
  expect(cosine(await embed("shipping"), await embed("shipped"))).toBeGreaterThan(0.3);
});
