import fc from "fast-check";
import { expect, test } from "vitest";
import { scaled } from "./embedding.ts";

test("a vector is written as whole steps of 32,768", () => {
  expect(scaled(Float32Array.of(0, 1, -1, 0.5, -0.00003, 0.000004))).toBe("[0,32768,-32768,16384,-1,0]");
  fc.assert(
    fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 1, maxLength: 512 }), (vector) => {
      expect(JSON.parse(scaled(vector))).toEqual(Array.from(vector, (x) => Math.round(x * 32_768) || 0));
    }),
  );
});
