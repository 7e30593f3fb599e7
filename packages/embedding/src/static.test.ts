import { expect, test } from "vitest";
import { staticEmbedder } from "./static.ts";

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

test("compatibility forms are the same text, and words of scripts without spaces are found", async () => {
  expect(await embed("ﬁle １２")).toEqual(await embed("file 12"));
  const query = await embed("通知期間");
  expect(cosine(query, await embed("通知期間は三か月です"))).toBeGreaterThan(
    cosine(query, await embed("レンズは箱で発送されます")) + 0.2,
  );
});

test("half of a surrogate pair, control characters and long runs give a unit vector", async () => {
  for (const text of ["\ud83d", "\u0000\u0001", "a".repeat(50_000), "שלום עולם", "สวัสดีชาวโลก"])
    expect(Math.hypot(...(await embed(text)))).toBeCloseTo(1, 5);
});
