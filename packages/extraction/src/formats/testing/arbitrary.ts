import fc from "fast-check";
import type { Mutation } from "./read.ts";

/** Words that no markup contains and that differ from each other. */
export const words = (count: number, prefix = "w"): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}${"abcdefghij"[at % 10]}ü`);

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("flip", "cut", "insert"),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    bytes: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);
