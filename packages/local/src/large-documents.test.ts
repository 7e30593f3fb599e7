import {
  cancel,
  countOrphans,
  create,
  createVersion,
  get,
  getText,
  processDocument,
  purgeDocuments,
  readText,
  remove,
  removeLeftovers,
} from "@resolve/core/documents";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { SearchQuery, search } from "@resolve/core/search";
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
  processDocument(consumers.systemOf(ctx), { documentId: id, version }, { bytesMax: 1e9 }, "fail");
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
