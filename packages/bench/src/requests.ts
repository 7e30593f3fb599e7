import { unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { buildIndex, describeTenant, fill, passagesOf, questionsOf, type Tenant } from "./corpus.ts";
import { cpuMsOf, postmasterOf } from "./processes.ts";
import { percentile, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const [chunksSmall, chunksLarge] = [1_000, Number(process.env["BENCH_CHUNKS"] ?? 40_000)];
const wordsPerChunk = 150;
const wordsPerQuestion = 8;
const rounds = 7;
const perRound = 100;

/**
 * CPU of one request by kind: in PostgreSQL, and in the process of the API, which also contains the client. Runs one request
 * at a time.
 */
export const requests = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const passages = await passagesOf(folder, chunksLarge + perRound, wordsPerChunk);
  const questions = await questionsOf(passages.splice(chunksLarge), wordsPerQuestion);
  await withSystem(async ({ admin, newTenant }) => {
    const [small, large] = [await describeTenant(await newTenant()), await describeTenant(await newTenant())];
    await fill(admin, small, passages.slice(0, chunksSmall));
    await fill(admin, large, passages);
    await admin.unsafe("vacuum analyze");
    if (chunksLarge >= 20_000) await buildIndex(large);
    const { data } = await unwrap(large.client.GET("/api/v1/documents", { params: { query: { limit: 100 } } }));
    const search =
      ({ client }: Tenant) =>
      (n: number) =>
        unwrap(client.POST("/api/v1/search", { body: { query: questions[n % perRound]!.text, limit: 10 } }));
    const kinds: Record<string, (n: number) => Promise<unknown>> = {
      "a document": (n) =>
        unwrap(
          large.client.GET("/api/v1/documents/{documentId}", {
            params: { path: { documentId: data[n % data.length]!.id } },
          }),
        ),
      "25 documents": () => unwrap(large.client.GET("/api/v1/documents", { params: { query: { limit: 25 } } })),
      "a change": (n) => unwrap(large.client.POST("/api/v1/collections", { body: { name: `collection ${n}` } })),
      [`a search in ${chunksSmall} chunks`]: search(small),
      [`a search in ${chunksLarge} chunks`]: search(large),
    };
    const results = new Map(Object.keys(kinds).map((kind) => [kind, { server: [], api: [], wall: [] } as Times]));
    const postmaster = await postmasterOf(admin);
    // The first round compiles, and fills caches.
    for (let round = 0, n = 0; round <= rounds; round++)
      for (const [kind, ask] of Object.entries(kinds)) {
        const { server, api, wall } = results.get(kind)!;
        const [serverBefore, apiBefore] = [cpuMsOf(postmaster), process.cpuUsage()];
        for (let count = 0; count < perRound; count++) {
          const startedAt = performance.now();
          await ask(n++);
          if (round > 0) wall.push(performance.now() - startedAt);
        }
        const { user, system } = process.cpuUsage(apiBefore);
        if (round === 0) continue;
        api.push((user + system) / 1000 / perRound);
        server.push((cpuMsOf(postmaster) - serverBefore) / perRound);
      }
    console.log("| | PostgreSQL, CPU ms | API and client, CPU ms | p50, ms | p95, ms |\n|---|--:|--:|--:|--:|");
    for (const [kind, { server, api, wall }] of results)
      console.log(
        `| ${kind} | ${spread(server)} | ${spread(api)} | ${percentile(wall, 0.5).toFixed(1)} | ${percentile(wall, 0.95).toFixed(1)} |`,
      );
    await sizes(admin);
  });
};

type Times = Record<"server" | "api" | "wall", number[]>;

/** Bytes of a chunk in the database, with its indexes and vectors. */
const sizes = async (admin: Sql): Promise<void> => {
  const of = async (table: string) =>
    Number(
      (
        await admin`select sum(pg_total_relation_size(relid)) as bytes from pg_partition_tree(${`app.${table}`}::regclass) where isleaf`
      )[0]!["bytes"],
    ) /
    (chunksSmall + chunksLarge);
  console.log(`bytes per chunk: ${(await of("chunks")).toFixed(0)}, its vector ${(await of("embeddings")).toFixed(0)}`);
};
