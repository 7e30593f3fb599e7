import fc from "fast-check";
import { expect, test } from "vitest";
import { halfvec } from "./embedding.ts";

test("a vector is written with five decimals of each number", () => {
  expect(halfvec(Float32Array.of(0, 1, -1, 0.5, -0.00001, 0.000004))).toBe(
    "[0e-5,100000e-5,-100000e-5,50000e-5,-1e-5,0e-5]",
  );
  fc.assert(
    fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 1, maxLength: 512 }), (vector) => {
      expect(JSON.parse(halfvec(vector))).toEqual(Array.from(vector, (x) => Math.round(x * 1e5) / 1e5 || 0));
    }),
  );
});
