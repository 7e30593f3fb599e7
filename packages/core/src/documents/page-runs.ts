import type { PageSource } from "@resolve/extraction/extraction";
import { z } from "zod";

/** Pages of a PDF that follow each other and whose text comes from the same source. */
export const PageRun = z.object({
  /** First and last page, from 1. */
  from: z.int(),
  to: z.int(),
  /** The file contains their text. */
  hasText: z.boolean(),
  /** A picture covers each of them, and their text is in the picture or in a layer of recognised text. */
  isScan: z.boolean(),
  readByOcr: z.boolean(),
});
export type PageRun = z.output<typeof PageRun>;

/** A file that mixes its pages more has its first runs only, so that a list of versions fits into a response. */
const runsMax = 200;

export const pageRunsOf = (sources: readonly PageSource[] | undefined): PageRun[] | null => {
  if (!sources) return null;
  const runs: PageRun[] = [];
  for (const [at, { hasText, isScan, readByOcr = false }] of sources.entries()) {
    const run = runs.at(-1);
    if (run && run.hasText === hasText && run.isScan === isScan && run.readByOcr === readByOcr) run.to = at + 1;
    else if (runs.length === runsMax) break;
    else runs.push({ from: at + 1, to: at + 1, hasText, isScan, readByOcr });
  }
  return runs;
};
