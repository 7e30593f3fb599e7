import {
  cancel,
  countOrphans,
  create,
  createVersion,
  type Fence,
  get,
  getText,
  nextLive,
  processDocument,
  purgeDocuments,
  readText,
  remakeIndex,
  remove,
  removeLeftovers,
  replaceIndex,
} from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { SearchQuery, search } from "@resolve/core/search";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { type Consumers, useConsumers } from "./testing-consumers.ts";

/** Documents of so many chunks that their index is written and removed in several transactions. */
let consumers: Consumers;
let admin: Consumers["admin"];
let ctx: Ctx;
useConsumers(async (started) => {
  consumers = started;
  ({ admin } = consumers);
  ctx = await consumers.newTenant();
  // Half of the index is written when this fails, as if the worker had died.
  await admin`create function public.fail() returns trigger language plpgsql as 'begin raise exception ''a test stops here''; end'`;
});

const textOf = (word: string) =>
  Array.from({ length: 6_500 }, (_, n) => `Sentence ${n} says that the ${word} of lot ${n * 7} is coated.`).join(" ");
const process = (id: Id<"document">, version: number) =>
  processDocument(consumers.systemOf(ctx), { documentId: id, version }, makerWithin({ bytesMax: 1e9 }), "fail");
const failingAfter = async (ordinal: number, work: () => Promise<void>): Promise<void> => {
  await admin.unsafe(`create trigger fail before insert on app.chunks for each row
    when (new.ordinal >= ${ordinal}) execute function public.fail()`);
  await expect(work()).rejects.toThrow();
  await admin`drop trigger fail on app.chunks`;
};
const found = async (word: string): Promise<number> => {
  const modes = ["keyword", "hybrid"] as const;
  const results = await Promise.all(
    modes.map(async (mode) => (await search(ctx, SearchQuery.parse({ query: `"${word}"`, mode, limit: 100 }))).data),
  );
  return results.flat().filter(({ chunk }) => chunk.text.includes(word)).length;
};
const rowsOf = async (id: Id<"document">) => {
  const rows = await admin`
    select version, count(*)::int as chunks, (select count(*)::int from app.embeddings e where e.document_id = ${id} and e.version = c.version) as vectors,
      exists (select from app.hidden_versions h where h.document_id = ${id} and h.version = c.version) as hidden
    from app.chunks c where document_id = ${id} group by version order by version`;
  return [...rows];
};

test("H8: a new version is written in several transactions, is invisible until the last one, and a dead worker's rows are replaced", async () => {
  const { id } = (await create(ctx, { name: "a.txt", text: textOf("alder") })).document;
  await process(id, 1);
  const { chunks } = await get(ctx, id);
  expect(chunks).toBeGreaterThan(250);
  expect(await rowsOf(id)).toEqual([{ version: 1, chunks, vectors: chunks, hidden: false }]);
  expect(await getText(ctx, id)).toBe(textOf("alder"));

  await createVersion(ctx, id, { text: textOf("birch") });
  await failingAfter(200, () => process(id, 2));
  const [live, half] = await rowsOf(id);
  expect(live).toMatchObject({ version: 1, chunks, hidden: false });
  expect(half).toMatchObject({ version: 2, hidden: true });
  expect(half!["chunks"]).toBeGreaterThanOrEqual(50);
  expect(await found("birch")).toBe(0);
  expect(await found("alder")).toBeGreaterThan(0);
  await expect(readText(ctx, id, 2)).rejects.toMatchObject({ code: "not-found" });
  expect(await countOrphans(ctx)).toBe(0);

  await process(id, 2);
  const { chunks: newer, liveVersion } = await get(ctx, id);
  expect(liveVersion).toBe(2);
  expect(await rowsOf(id)).toEqual([{ version: 2, chunks: newer, vectors: newer, hidden: false }]);
  expect(await found("alder")).toBe(0);
  expect(await found("birch")).toBeGreaterThan(0);
  expect(await getText(ctx, id)).toBe(textOf("birch"));
  expect((await readText(ctx, id, 1)).text).toBe(textOf("alder"));
}, 120_000);

test("H8: the sweep removes what a dead worker left of a cancelled version, and a purge removes a long document", async () => {
  const { id } = (await create(ctx, { name: "b.txt", text: textOf("cedar") })).document;
  await failingAfter(200, () => process(id, 1));
  // It may still be written.
  await removeLeftovers();
  expect(await rowsOf(id)).toMatchObject([{ version: 1, hidden: true }]);
  await cancel(ctx, id);
  await removeLeftovers();
  expect(await rowsOf(id)).toEqual([]);
  const [left] = await admin`select (select count(*)::int from app.hidden_versions where document_id = ${id}) as hidden,
    (select count(*)::int from app.document_texts where document_id = ${id}) as texts`;
  expect(left).toEqual({ hidden: 0, texts: 0 });

  await createVersion(ctx, id, { text: textOf("hazel") });
  await process(id, 2);
  expect(await found("hazel")).toBeGreaterThan(0);
  await remove(ctx, id);
  await admin`update app.documents set purge_at = now() - interval '1 second' where id = ${id}`;
  await purgeDocuments();
  expect(await rowsOf(id)).toEqual([]);
  await expect(get(ctx, id)).rejects.toMatchObject({ code: "not-found" });
}, 120_000);

test("a reindex is written in several transactions: search has the old index until the last one, and a dead worker's rows are replaced", async () => {
  const { id } = (await create(ctx, { name: "c.txt", text: textOf("larch") })).document;
  await process(id, 1);
  const { chunks } = await get(ctx, id);
  // The stored original changes only here, so that old and new can be told apart.
  const remade = async (word: string, fence: Fence = async () => {}) => {
    let live = await nextLive(ctx, undefined, {});
    while (live && live.id !== id) live = await nextLive(ctx, live.id, {});
    const made = live && (await remakeIndex(ctx, live, makerWithin({ bytesMax: 1e9 })));
    if (!live || !made || typeof made === "string") throw new Error("the document was not read");
    const text = made.index.text.replaceAll("larch", word);
    const own = made.index.chunks.map((chunk) => ({ ...chunk, text: chunk.text.replaceAll("larch", word) }));
    await replaceIndex(ctx, live, { ...made, index: { ...made.index, text, chunks: own } }, fence);
  };
  await failingAfter(200, () => remade("maple"));
  expect(await rowsOf(id)).toMatchObject([
    { version: -1, hidden: true },
    { version: 1, chunks, hidden: false },
  ]);
  expect([await found("maple"), (await found("larch")) > 0]).toEqual([0, true]);
  expect(await getText(ctx, id)).toBe(textOf("larch"));
  expect(await countOrphans(ctx)).toBe(0);
  // The worker may still write.
  await removeLeftovers();
  expect(await rowsOf(id)).toHaveLength(2);

  let transactions = 0;
  await remade("maple", async () => {
    transactions += 1;
  });
  expect(transactions).toBeGreaterThan(4);
  expect(await rowsOf(id)).toEqual([{ version: -1, chunks, vectors: chunks, hidden: false }]);
  expect([(await found("maple")) > 0, await found("larch")]).toEqual([true, 0]);
  expect(await getText(ctx, id)).toBe(textOf("maple"));
  expect((await readText(ctx, id, 1)).text).toBe(textOf("maple"));

  // The next one changes back, and its worker dies for good.
  await failingAfter(200, () => remade("olive"));
  await admin`update app.hidden_versions set remade_at = now() - interval '6 minutes' where document_id = ${id}`;
  await removeLeftovers();
  expect(await rowsOf(id)).toEqual([{ version: -1, chunks, vectors: chunks, hidden: false }]);
  await remade("olive");
  expect(await rowsOf(id)).toEqual([{ version: 1, chunks, vectors: chunks, hidden: false }]);
  expect(await getText(ctx, id)).toBe(textOf("olive"));

  // The document is deleted in the middle. The transaction that sees it is undone, so that the document is there afterwards.
  let parts = 0;
  await remade("never", async (ctx) => {
    parts += 1;
    if (parts === 4) await ctx.db.execute(sql`update app.documents set status = 'deleting' where id = ${id}`);
  });
  expect(await rowsOf(id)).toEqual([{ version: 1, chunks, vectors: chunks, hidden: false }]);
  await createVersion(ctx, id, { text: textOf("rowan") });
  await process(id, 2);
  expect(await rowsOf(id)).toMatchObject([{ version: 2, hidden: false }]);
  expect(await countOrphans(ctx)).toBe(0);
}, 180_000);
