/** Makes random words and damage for tests. */

import fc from "fast-check";
import { type Mutation, mutated, outcomeWithin } from "./read.ts";

/** Words that no markup contains and that differ from each other. */
export const words = (count: number, prefix = "w"): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}${"abcdefghij"[at % 10]}ü`);

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("flip", "flip", "cut", "insert", "end"),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    bytes: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Damages a file in many ways: each gives a result or an error within a second. */
export const expectAnswerWhenDamaged = (source: Uint8Array | string, name: string, numRuns = 150): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      mutations,
      async (changes) => void (await outcomeWithin(mutated(Buffer.from(source), changes), name)),
    ),
    { numRuns },
  );
