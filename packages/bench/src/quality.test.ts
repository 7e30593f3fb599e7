import { readFileSync } from "node:fs";
import { measureCorpora } from "@resolve/core/jobs";
import { expect, test } from "vitest";
import { collectionOf, modes, ndcg, rank, upload } from "./relevance.ts";
import { withSystem } from "./system.ts";

/** Sets that are small enough for every test run; `npm run eval` measures all sets. */
const sets = ["adi", "xquad/en", "xquad/zh"];
/** Differences between runs, because documents are uploaded in a different order and ties are broken differently. */
const tolerance = 0.005;

/** The keyword, vector and hybrid columns of docs/search-quality.md. */
const recorded = (set: string): number[] => {
  const page = readFileSync(new URL("../../../docs/search-quality.md", import.meta.url), "utf8");
  const row = page.split("\n").find((line) => line.startsWith(`| ${set} `));
  return row!.split("|").slice(3, 6).map(Number);
};

// Skipped on the embedded database, which is too slow for hundreds of documents and thousands of queries.
test.skipIf(!process.env["TEST_DATABASE_URL"])(
  "search quality is at least as high as docs/search-quality.md reports",
  async (context) => {
    const collections = sets.map((set) => ({ set, collection: collectionOf(set) }));
    if (collections.some(({ collection }) => !collection)) context.skip("the relevance sets are not available");
    await withSystem(async ({ newTenant }) => {
      const clients = await Promise.all(collections.map(() => newTenant()));
      for (const [n, { collection }] of collections.entries()) await upload(clients[n]!, collection!);
      // The sweep does this twice a minute.
      await measureCorpora();
      for (const [n, { set, collection }] of collections.entries()) {
        const client = clients[n]!;
        for (const [side, mode] of modes.entries())
          expect(ndcg(collection!, await rank(client, collection!, mode)), `${set}, ${mode}`).toBeGreaterThan(
            recorded(set)[side]! - tolerance,
          );
      }
    });
  },
  600_000,
);
