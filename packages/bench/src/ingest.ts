import { readFileSync } from "node:fs";
import { isolateTenant } from "@resolve/core/documents";
import { reserveTenant } from "@resolve/core/identity";
import { type Ctx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { type Id, newId, newUuid } from "@resolve/core/platform/id";
import { dimensions, staticEmbedder } from "@resolve/embedding";
import { extract } from "@resolve/extraction/extract";
import { databaseLinks, testDatabase } from "@resolve/local/testing";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { chunkText } from "../../core/src/documents/index/chunk.ts";
import { lexiconOf, positionsOf, termsOf, tsvectorOf } from "../../core/src/documents/index/lexicon.ts";
import { type Index, writeParts } from "../../core/src/documents/index/write.ts";
import { loadPeers, type PeerStore } from "./peers.ts";
import { median, spread } from "./statistics.ts";

const runs = 9;
const chunksMax = 2_000;

type Target = { ctx: Ctx; id: Id<"document"> };

/** Input of the bare statements, which our writer computes while it writes: stored words, and vectors as texts. */
type Ready = { words: { tsv: string; terms: string; lexemes: number }[]; vectorTexts: string[] };
type Prepared = Index & Ready & { vectors: readonly Float32Array[] };
type Cost = { seconds: number; cpuSeconds: number };

/** The indexes of a peer's table, by suffix of the printed row. */
const indexSets = {
  "": { hnsw: false, keywords: false },
  " + HNSW": { hnsw: true, keywords: false },
  " + HNSW + GIN": { hnsw: true, keywords: true },
};

/**
 * Compares our write of a prepared version with bare statements (the same rows into the same tables, without policies)
 * and with other frameworks' stores, which get the same texts and vectors.
 */
export const ingest = async (): Promise<void> => {
  const file = sharedData("documents/files/pgfmanual.pdf");
  if (!file) return;
  const database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
  const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const index = await prepare(admin, file);
  const rows = index.chunks.length;
  await admin`create table bare_chunks (tenant_id uuid, document_id uuid, ordinal int, text text)`;
  const peers = await openPeers(database.url());
  const writers: Record<string, () => Promise<Cost>> = {
    ours: () => ours(admin, index),
    "bare statements": () => bare(admin, index),
    "COPY, text only": () => copy(admin, index),
    ...Object.fromEntries(peers.map(({ name, store }) => [name, () => peer(store, index)])),
  };
  const names = Object.keys(writers);
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]]));
  // Each run starts with a different writer, so that no writer always follows the same one.
  for (let run = 0; run < runs; run++)
    for (let n = 0; n < names.length; n++) {
      const name = names[(run + n) % names.length]!;
      costs[name]!.push(await writers[name]!());
    }
  console.log(`${rows} chunks, ${runs} interleaved runs; ours with text search, BM25 terms and 512 dimensions`);
  console.log(`${"".padEnd(24)} rows/s                  CPU s per 1,000 rows  ours against it`);
  for (const [name, own] of Object.entries(costs)) {
    const speeds = own.map(({ seconds }) => rows / seconds);
    const cpu = median(own.map(({ cpuSeconds }) => (cpuSeconds / rows) * 1000)).toFixed(2);
    const ratio = spread(own.map(({ seconds }, run) => seconds / costs["ours"]![run]!.seconds));
    console.log(`${name.padEnd(24)} ${spread(speeds, 0).padEnd(23)} ${cpu.padEnd(21)} ${ratio} ×`);
  }
  for (const { store } of peers) await store.close();
  await closeDatabases();
  await admin.end();
  await database.close();
};

const openPeers = async (url: string): Promise<{ name: string; store: PeerStore }[]> => {
  const opened: { name: string; store: PeerStore }[] = [];
  for (const [peer, open] of Object.entries(await loadPeers()))
    for (const [n, [suffix, indexSet]] of Object.entries(indexSets).entries()) {
      const store = await open(url, `${peer}_${n}`, { dimension: dimensions, ...indexSet });
      opened.push({ name: peer + suffix, store });
    }
  return opened;
};

const prepare = async (admin: Sql, file: string): Promise<Prepared> => {
  const extraction = await extract(readFileSync(file), { name: "manual.pdf" });
  const chunks = chunkText(extraction).slice(0, chunksMax);
  const embedder = staticEmbedder();
  const vectors = await embedder.embed(
    chunks.map(({ text }) => text),
    "document",
  );
  const texts = chunks.map(({ text }) => text);
  const lexicon = lexiconOf("english");
  const read = texts.map(lexicon.read);
  await withTx((await newTarget(admin)).ctx, lexicon.lookUp);
  const words = read.map((words) => {
    const reading = positionsOf(words);
    return { tsv: tsvectorOf(reading), terms: termsOf(reading, 160), lexemes: reading.lexemes };
  });
  const vectorTexts = vectors.map((vector) => `[${Array.from(vector, (x) => x.toFixed(5)).join(",")}]`);
  return {
    words,
    vectorTexts,
    text: extraction.text.slice(0, chunks.at(-1)!.charEnd),
    language: "english",
    chunks,
    vectors,
    embeddings: new Map([[embedder.model, async (from, to) => vectors.slice(from, to)]]),
  };
};

/** A new tenant and document for each run, so that all rows are new. */
const newTarget = async (admin: Sql): Promise<Target> => {
  const actor = { type: "system", job: "bench" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Bench" }, {});
  await isolateTenant(ctx);
  const id = newId("document");
  await admin`insert into app.documents (tenant_id, id, name, size_bytes, status) values (${ctx.tenantId}, ${id}, 'a', 1, 'processing')`;
  await admin`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes) values (${ctx.tenantId}, ${id}, 1, ${newUuid()}, 'k', 1)`;
  return { ctx, id };
};

const timed = async (work: () => Promise<unknown>): Promise<Cost> => {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
};

const ours = async (admin: Sql, index: Index): Promise<Cost> => {
  const { ctx, id } = await newTarget(admin);
  return timed(() => withTx(ctx, (ctx) => writeParts({ id, version: 1 }, index, (_, write) => write(ctx))));
};

/**
 * The documents are created and one row is written before the time is taken, so that connection and caches are warm.
 */
const peer = async (store: PeerStore, { chunks, vectors }: Prepared): Promise<Cost> => {
  const [tenantId, documentId] = [newUuid(), newUuid()];
  const rows = chunks.map(({ text, ...place }, n) => {
    return { text, vector: Array.from(vectors![n]!), metadata: { tenantId, documentId, ...place } };
  });
  await store.prepare(rows.slice(0, 1))();
  return timed(store.prepare(rows));
};

const bare = async (admin: Sql, { chunks, words, vectorTexts, text }: Prepared): Promise<Cost> => {
  const { model } = staticEmbedder();
  const { ctx, id: document } = await newTarget(admin);
  const tenant = ctx.tenantId;
  const column = <T>(of: (chunk: Index["chunks"][number]) => T) => chunks.map(of);
  return timed(() =>
    admin.begin(async (sql) => {
      await sql`insert into app.document_texts (tenant_id, document_id, version, part, text) values (${tenant}, ${document}, 1, 0, ${text})`;
      await sql`
        insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, lexemes, page, char_start, char_end, tokens, content_hash, average)
        select ${tenant}, ${document}, 1, c.ordinal, c.id, c.text, c.tsv::tsvector, c.terms::sparsevec, c.lexemes, c.page, c.char_start, c.char_end, c.tokens,
          sha256(convert_to(c.text, 'UTF8')), 160
        from unnest(${column(({ ordinal }) => ordinal)}::int[], ${column(() => newUuid())}::uuid[], ${column((chunk) => chunk.text)}::text[],
          ${words.map(({ tsv }) => tsv)}::text[], ${words.map(({ terms }) => terms)}::text[], ${words.map(({ lexemes }) => lexemes)}::int[],
          ${column(({ page }) => page)}::int[], ${column(({ charStart }) => charStart)}::int[], ${column(({ charEnd }) => charEnd)}::int[],
          ${column(({ tokens }) => tokens)}::int[]) as c (ordinal, id, text, tsv, terms, lexemes, page, char_start, char_end, tokens)`;
      await sql`
        insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
        select ${tenant}, ${document}, 1, e.ordinal, ${model}, e.vector::halfvec(512)
        from unnest(${column(({ ordinal }) => ordinal)}::int[], ${vectorTexts}::text[]) as e (ordinal, vector)`;
    }),
  );
};

const copy = async (admin: Sql, { chunks }: Index): Promise<Cost> => {
  const [tenant, document] = [newUuid(), newUuid()];
  const escaped = (text: string) =>
    text.replace(/[\\\t\n\r]/g, (found) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[found]!);
  const lines = chunks.map(({ ordinal, text }) => `${tenant}\t${document}\t${ordinal}\t${escaped(text)}\n`).join("");
  return timed(async () => {
    const stream = await admin`copy bare_chunks from stdin`.writable();
    await new Promise<void>((resolve, reject) => stream.on("error", reject).on("finish", resolve).end(lines));
  });
};
