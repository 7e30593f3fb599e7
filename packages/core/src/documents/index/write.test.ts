import { setTimeout } from "node:timers/promises";
import { staticEmbedder } from "@resolve/embedding";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseLinks, type TestDatabase, testDatabase } from "../../../../local/src/testing.ts";
import { reserveTenant } from "../../identity/index.ts";
import { type Ctx, tenantCtx, withTx } from "../../platform/context.ts";
import { closeDatabases } from "../../platform/database/connections.ts";
import { poolOn } from "../../platform/database/credentials.ts";
import { type Id, newId, newUuid } from "../../platform/id.ts";
import { recount } from "../../testing/recount.ts";
import { claim, releaseLease } from "../lease.ts";
import { chunkText } from "./chunk.ts";
import { isolateTenant } from "./isolate.ts";
import { type Index, writeParts } from "./write.ts";

/** Documents of one tenant that are written at the same time; the embedded server runs one transaction at a time. */
const documents = 8;
const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
let database: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  database = await testDatabase();
  admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const links = JSON.parse(databaseLinks(database));
  // Directly, because a login has only five connections in PgBouncer.
  const direct = Object.assign(new URL(database.url()), { username: "worker_a" });
  links.WorkerDatabase = { url: direct.href, maxConnections: documents };
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(links);
});
afterAll(async () => {
  await closeDatabases();
  await admin.end();
  await database.close();
});

const newTenant = async () => {
  const actor = { type: "system", job: "test" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Writes" }, {});
  await isolateTenant(ctx);
  return ctx;
};
const newDocument = async ({ tenantId: tenant }: Ctx) => {
  const id = newId("document");
  await admin`insert into app.documents (tenant_id, id, name, size_bytes, status) values (${tenant}, ${id}, 'a', 1, 'processing')`;
  await admin`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes) values (${tenant}, ${id}, 1, ${newUuid()}, 'k', 1)`;
  return id;
};

/** Writes version 1 in the caller's transaction. */
const writeIndex = (ctx: Ctx, id: Id<"document">, index: Index) =>
  writeParts({ id, version: 1 }, index, (_, write) => write(ctx));

const indexOf = (n: number): Index => {
  const text = `Lens ${n} is coated, and the lens of lot ${n % 3} is serviced in May. `.repeat(200);
  const chunks = chunkText({ text, blocks: [{ kind: "paragraph", start: 0, end: text.length }] });
  const { model, embed } = staticEmbedder();
  const vectors = (from: number, to: number) =>
    embed(
      chunks.slice(from, to).map((one) => one.text),
      "document",
    );
  return { text, language: "english", chunks, embeddings: new Map([[model, vectors]]) };
};

test.skipIf(!isReal)(
  "documents of one tenant are indexed in parallel, and the weights of its words are right afterwards",
  async () => {
    const ctx = await newTenant();
    const tenant = ctx.tenantId;
    const ids: Id<"document">[] = [];
    for (let n = 0; n < documents; n++) ids.push(await newDocument(ctx));
    let written = 0;
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Each keeps its transaction open until all have written, so a write that waits for another one would never end.
    const writing = ids.map((id, n) =>
      withTx(ctx, async (ctx) => {
        await writeIndex(ctx, id, indexOf(n));
        written += 1;
        if (written === documents) release();
        await all;
      }),
    );
    await Promise.all(writing);
    const expected = ids.reduce((sum, _, n) => sum + indexOf(n).chunks.length, 0);
    const [row] =
      await admin`select count(*)::int as chunks, count(*) filter (where terms <-> ${admin.unsafe(recount)} > 1e-3)::int as wrong,
      (select count(*)::int from app.embeddings where tenant_id = ${tenant}) as vectors from app.chunks c where tenant_id = ${tenant}`;
    expect(row).toEqual({ chunks: expected, wrong: 0, vectors: expected });
    const index = indexOf(0);
    const [model, vectors] = [...index.embeddings][0]!;
    for (const [ordinal, vector] of (await vectors(0, 3)).entries()) {
      const [stored] =
        await admin`select l2_norm(embedding) as length, embedding <=> ${`[${vector.join(",")}]`}::halfvec(512) as distance
        from app.embeddings where tenant_id = ${tenant} and document_id = ${ids[0]!} and model = ${model} and ordinal = ${ordinal}`;
      expect(stored).toEqual({ length: expect.closeTo(1, 3), distance: expect.closeTo(0, 5) });
    }
  },
  30_000,
);

test("a failed write leaves no rows, and no pending statement on its connection", async () => {
  const ctx = await newTenant();
  const id = await newDocument(ctx);
  const index = indexOf(0);
  const [model] = index.embeddings.keys();
  let isMade = false;
  const vectorsLater = async (from: number, to: number) => {
    await setTimeout(50);
    isMade = true;
    return Array.from({ length: to - from }, () => new Float32Array(512).fill(0.04));
  };
  // The second row violates the primary key while the statements of hundreds of others are still being sent.
  const chunks = Array.from({ length: 1_200 }, (_, n) => ({
    ...index.chunks[0]!,
    ordinal: n === 1 ? 0 : n,
    text: `Word${n}.`,
  }));
  const broken = { ...index, chunks, embeddings: new Map([[model!, vectorsLater]]) };
  const writing = withTx(ctx, (ctx) => writeIndex(ctx, id, broken));
  await expect(writing).rejects.toMatchObject({ cause: { code: "23505" } });
  expect(isMade).toBe(true);
  const [row] = await admin`select (select count(*)::int from app.chunks where document_id = ${id}) as chunks,
    (select count(*)::int from app.embeddings where document_id = ${id}) as vectors`;
  expect(row).toEqual({ chunks: 0, vectors: 0 });
  // A chunk of stop words has no lexemes.
  const silent = { ...index, chunks: [{ ...index.chunks[0]!, text: "of the" }] };
  await withTx(ctx, (ctx) => writeIndex(ctx, id, silent));
  expect([...(await admin`select tsv::text, lexemes from app.chunks where document_id = ${id}`)]).toEqual([
    { tsv: "", lexemes: 0 },
  ]);
});

test("a version is claimed by one worker at a time, and by another one when the lease is over", async () => {
  const ctx = await newTenant();
  const id = await newDocument(ctx);
  const first = await claim(ctx, id, 1);
  await expect(claim(ctx, id, 1)).rejects.toMatchObject({ name: "LeaseHeld" });
  await admin`update app.document_versions set lease_until = now() - interval '1 second' where document_id = ${id}`;
  const second = await claim(ctx, id, 1);
  expect(second).toMatchObject({ token: first!.token + 1, attempts: 2 });
  expect(await releaseLease(ctx, first!)).toBeUndefined();
  expect(await releaseLease(ctx, second!)).toBeDefined();
});
