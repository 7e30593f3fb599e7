/** Reads files in tests. */

import { defaultLimits, type Extraction, ExtractionFailure, type Reading } from "../../extraction.ts";
import { read } from "../index.ts";

export type Outcome = Pick<Extraction, "format" | "text" | "blocks" | "warnings">;

/** Reads bytes or a text on this thread. */
export const readAs = (
  source: Uint8Array | string,
  name: string,
  { contentType, reading }: { contentType?: string; reading?: Reading } = {},
): Promise<Extraction> => {
  const bytes = typeof source === "string" ? Buffer.from(source) : source;
  return read(bytes, { name, contentType, ...(reading ? { reading } : {}) }, defaultLimits);
};

/** Kind and text of each block, with the level of headings. */
export const blocksOf = ({ blocks, text }: Outcome): [kind: string, text: string][] =>
  blocks.map(({ kind, level = "", start, end }) => [`${kind}${level}`, text.slice(start, end)]);

/** The same as lines: `heading1: Fees`, on a page or slide `heading1 3: Fees`. */
export const linesOf = ({ blocks, text }: Outcome): string[] =>
  blocks.map(
    ({ kind, level = "", page, start, end }) =>
      `${kind}${level}${page === undefined ? "" : ` ${page}`}: ${text.slice(start, end)}`,
  );

/** The count of each warning. */
export const warningsOf = ({ warnings }: Outcome): Record<string, number> =>
  Object.fromEntries(warnings.map(({ code, count }) => [code, count]));

/** Milliseconds that this thread has computed: unlike the time of the clock, it does not depend on other processes. */
export const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/**
 * The result of a damaged file: what was read, or the name of the failure. Anything that takes a second of processor time is a
 * hang; other tests share the machine.
 */
export const outcomeWithin = async (
  source: Uint8Array | string,
  name: string,
  milliseconds = 1000,
): Promise<string> => {
  const startedAt = processorMs();
  const outcome = await readAs(source, name).then(
    ({ format }) => format,
    (error: unknown) => {
      if (!(error instanceof Error)) throw new Error(`${name}: ${String(error)} is no error`);
      return error instanceof ExtractionFailure ? error.code : "corrupt";
    },
  );
  const took = processorMs() - startedAt;
  if (took > milliseconds) throw new Error(`${name} took ${Math.round(took)} ms`);
  return outcome;
};

/** A change of a file: bytes that are flipped, cut out, or put in, or an end that is missing. */
export type Mutation = { kind: "flip" | "cut" | "insert" | "end"; at: number; bytes: number[] };

export const mutated = (source: Uint8Array, mutations: readonly Mutation[]): Uint8Array => {
  let bytes = Buffer.from(source);
  for (const { kind, at, bytes: inserted } of mutations) {
    const start = Math.floor(at * bytes.length);
    if (kind === "flip")
      for (const [offset, byte] of inserted.entries())
        if (start + offset < bytes.length) bytes[start + offset]! ^= byte;
    if (kind === "cut") bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + inserted.length)]);
    if (kind === "end") bytes = bytes.subarray(0, start);
    if (kind === "insert")
      bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(inserted), bytes.subarray(start)]);
  }
  return bytes;
};
