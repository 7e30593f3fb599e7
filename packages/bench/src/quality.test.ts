import { readFileSync } from "node:fs";
import { measureCorpora } from "@resolve/core/jobs";
import { expect, test } from "vitest";
import { collectionOf, modes, ndcg, rank, upload } from "./relevance.ts";
import { withSystem } from "./system.ts";

/** Sets that are small enough for every run; `npm run eval` measures all. */
const sets = ["adi", "xquad/en", "xquad/zh"];
/** What uploads in another order, and so other ties, may cost. */
const tolerance = 0.005;

/** Of docs/search-quality.md: keyword, vector and hybrid. */
const recorded = (set: string): number[] => {
  const page = readFileSync(new URL("../../../docs/search-quality.md", import.meta.url), "utf8");
  const row = page.split("\n").find((line) => line.startsWith(`| ${set} `));
  return row!.split("|").slice(3, 6).map(Number);
};

// Hundreds of documents and thousands of questions are for a real server.
test.skipIf(!process.env["TEST_DATABASE_URL"])(
  "search is as good as docs/search-quality.md says",
  async (context) => {
    const collections = sets.map((set) => ({ set, collection: collectionOf(set) }));
    if (collections.some(({ collection }) => !collection)) context.skip("the relevance sets are not here");
    await withSystem(async ({ newTenant }) => {
      const clients = await Promise.all(collections.map(() => newTenant()));
      for (const [n, { collection }] of collections.entries()) await upload(clients[n]!, collection!);
      // What the sweep does twice a minute.
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
