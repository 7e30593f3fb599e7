import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { and, eq, sql } from "drizzle-orm";
import { blobs } from "../platform/blob.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { embedder } from "../platform/embedder.ts";
import { publish } from "../platform/events.ts";
import { type Id, newUuid, toUuid } from "../platform/id.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { type Chunk, chunkText } from "./chunk.ts";
import { DocumentReady } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { markFailed, moved, owned, ownedVersion, type ProcessMessage, type Stage } from "./document.ts";
import { type Extraction, ExtractionFailure, extract } from "./extract.ts";

/** A killed worker holds its document this long; a living one renews three times meanwhile. */
const leaseSeconds = 30;
const renewSeconds = 10;
/** Bytes the Lambda takes into memory; larger documents belong to the vector job. */
const lambdaBytesMax = 256 * 1024 ** 2;
/** Rows of one bulk insert. */
const rowsPerInsert = 500;
/** Average chunk in lexemes that BM25 weights are made against. */
const averageLexemes = 160;

/** Someone else holds the document; the message comes back later. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";
}

/** The lease went to another worker; what this one made is dropped. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

type Lease = {
  token: number;
  objectKey: string;
  sizeBytes: number;
  sha256: Buffer | null;
  name: string;
  contentType: string | null;
};

/**
 * Takes one stored version from bytes to search: extracting → chunking → embedding → indexing. Safe to repeat and to
 * kill anywhere: the chunks, their embeddings and the state change commit together under the lease's fencing token.
 * A permanent fault ends the document with a reason; a transient one throws, and the message comes back.
 *
 * @throws LeaseHeld while another worker has the document.
 */
export async function processDocument(
  ctx: Ctx,
  message: Pick<ProcessMessage, "documentId" | "version">,
): Promise<void> {
  const { documentId: id, version } = message;
  const lease = await claim(ctx, id, version);
  if (!lease) return;
  const renewal = setInterval(
    () => renew(ctx, id, version, lease.token).catch((error) => logger.warn("lease not renewed", describeError(error))),
    renewSeconds * 1000,
  );
  try {
    await run(ctx, id, version, lease);
  } catch (error) {
    if (error instanceof ExtractionFailure) {
      await withTx(ctx, async (ctx) => {
        await assertLease(ctx, id, version, lease.token);
        await markFailed(ctx, id, version, error.code);
      });
      return;
    }
    if (!(error instanceof LeaseLost)) await release(ctx, id, version, lease.token);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

const run = async (ctx: Ctx, id: Id<"document">, version: number, lease: Lease): Promise<void> => {
  const timings: Partial<Record<Stage, number>> = {};
  const stage = async <T>(name: Stage, work: () => Promise<T> | T): Promise<T> => {
    await markStage(ctx, id, version, lease.token, name, timings);
    const startedAt = performance.now();
    const result = await work();
    timings[name] = Math.round(performance.now() - startedAt);
    return result;
  };

  const extraction = await stage("extracting", async () => {
    const bytes = await readOriginal(lease);
    return extract(bytes, { name: lease.name, contentType: lease.contentType ?? undefined });
  });
  const chunks = await stage("chunking", () => chunkText(extraction));
  if (chunks.length === 0) throw new ExtractionFailure("no-text");
  const vectors = await stage("embedding", () => embedder().embed(chunks.map(contextualised), "document"));
  await stage("indexing", () => index(ctx, { id, version, token: lease.token, extraction, chunks, vectors, timings }));
};

/** Undefined when there is nothing to do: finished, superseded, deleted, or never there. */
const claim = (ctx: Ctx, id: Id<"document">, version: number): Promise<Lease | undefined> =>
  withTx(ctx, async (ctx) => {
    const [document] = await ctx.db
      .select({ name: table.name, contentType: table.contentType, status: table.status })
      .from(table)
      .where(and(owned(ctx, id), eq(table.version, version)))
      .for("update");
    if (!document || !["queued", "processing"].includes(document.status)) return undefined;
    const [row] = await ctx.db
      .update(versionTable)
      .set({
        leaseToken: sql`${versionTable.leaseToken} + 1`,
        leaseUntil: sql`app.now() + make_interval(secs => ${leaseSeconds})`,
        attempts: sql`${versionTable.attempts} + 1`,
      })
      .where(
        and(
          ownedVersion(ctx, id, version),
          sql`(${versionTable.leaseUntil} is null or ${versionTable.leaseUntil} <= app.now())`,
        ),
      )
      .returning();
    if (!row) throw new LeaseHeld("another worker has this document");
    await ctx.db
      .update(table)
      .set(moved({ status: "processing", failure: null }))
      .where(owned(ctx, id));
    return {
      token: row.leaseToken,
      objectKey: row.objectKey,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      name: document.name,
      contentType: document.contentType,
    };
  });

const holds = (ctx: Ctx, id: Id<"document">, version: number, token: number) =>
  and(ownedVersion(ctx, id, version), eq(versionTable.leaseToken, token));

const renew = (ctx: Ctx, id: Id<"document">, version: number, token: number): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db
      .update(versionTable)
      .set({ leaseUntil: sql`app.now() + make_interval(secs => ${leaseSeconds})` })
      .where(and(holds(ctx, id, version, token), sql`${versionTable.leaseUntil} is not null`)),
  );

const release = (ctx: Ctx, id: Id<"document">, version: number, token: number): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db
      .update(versionTable)
      .set({ leaseUntil: null })
      .where(holds(ctx, id, version, token)),
  );

/** Locks the version under our token for the rest of the transaction. @throws LeaseLost */
const assertLease = async (ctx: Ctx, id: Id<"document">, version: number, token: number): Promise<void> => {
  const [row] = await ctx.db
    .select({ token: versionTable.leaseToken })
    .from(versionTable)
    .where(holds(ctx, id, version, token))
    .for("update");
  if (!row) throw new LeaseLost("the lease went to another worker");
};

const markStage = (
  ctx: Ctx,
  id: Id<"document">,
  version: number,
  token: number,
  stage: Stage,
  timings: object,
): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await assertLease(ctx, id, version, token);
    const rows = await ctx.db
      .update(table)
      .set(moved({ stage, stageTimings: timings }))
      .where(and(owned(ctx, id), eq(table.status, "processing"), eq(table.version, version)))
      .returning({ id: table.id });
    // Deleted or replaced meanwhile: nothing of ours is wanted any more.
    if (rows.length === 0) throw new LeaseLost("the document has moved on");
  });

/** The stored bytes, once their size and checksum are what was declared. */
const readOriginal = async (lease: Lease): Promise<Buffer> => {
  if (lease.sizeBytes > lambdaBytesMax) throw new ExtractionFailure("too-large");
  const body = await blobs.get(lease.objectKey);
  if (!body) throw new ExtractionFailure("storage-missing");
  const bytes = await collect(body, lease.sizeBytes);
  if (bytes.length !== lease.sizeBytes) throw new ExtractionFailure("size-mismatch");
  if (lease.sha256 && !createHash("sha256").update(bytes).digest().equals(lease.sha256))
    throw new ExtractionFailure("checksum-mismatch");
  return bytes;
};

const collect = async (body: Readable, bytesMax: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bytesMax) {
      body.destroy();
      throw new ExtractionFailure("size-mismatch");
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** What is embedded: the heading path gives a chunk the context its own words lack. */
const contextualised = (chunk: Chunk): string =>
  chunk.headings.length > 0 ? `${chunk.headings.join(" > ")}\n\n${chunk.text}` : chunk.text;

type Indexing = {
  id: Id<"document">;
  version: number;
  token: number;
  extraction: Extraction;
  chunks: Chunk[];
  vectors: Float32Array[];
  timings: Partial<Record<Stage, number>>;
};

/** Replaces the version's text, chunks and embeddings, and makes it the serving one, in one transaction. */
const index = (ctx: Ctx, input: Indexing): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const { id, version, token, extraction, chunks, vectors } = input;
    const startedAt = performance.now();
    await assertLease(ctx, id, version, token);
    const tenant = ctx.tenantUuid;
    const document = toUuid(id);
    await ctx.db.execute(
      sql`delete from app.chunks where tenant_id = ${tenant} and document_id = ${document} and version <= ${version}`,
    );
    await ctx.db.execute(
      sql`delete from app.embeddings where tenant_id = ${tenant} and document_id = ${document} and version <= ${version}`,
    );
    await ctx.db.execute(sql`
      insert into app.document_texts (tenant_id, document_id, version, text) values (${tenant}, ${document}, ${version}, ${extraction.text})
      on conflict (tenant_id, document_id, version) do update set text = excluded.text`);
    for (let start = 0; start < chunks.length; start += rowsPerInsert) {
      const rows = chunks.slice(start, start + rowsPerInsert).map((chunk) => ({ ...chunk, id: newUuid() }));
      await ctx.db.execute(sql`
        insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, headings, char_start, char_end, tokens, content_hash)
        select ${tenant}, ${document}, ${version}, c.ordinal, c.id, c.text, t.tsv, app.bm25(t.tsv, ${averageLexemes}::float8), c.page,
          c.headings, c."charStart", c."charEnd", c.tokens, sha256(convert_to(c.text, 'UTF8'))
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (ordinal int, id uuid, text text, page int, headings text[],
          "charStart" int, "charEnd" int, tokens int), lateral (select app.tsv(c.text) as tsv offset 0) t`);
      const vectorTexts = vectors.slice(start, start + rowsPerInsert).map((vector) => `[${vector.join(",")}]`);
      await ctx.db.execute(sql`
        insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
        select ${tenant}, ${document}, ${version}, ${start}::int + n::int - 1, ${embedder().modelId}::smallint, v.vector::halfvec(512)
        from jsonb_array_elements_text(${JSON.stringify(vectorTexts)}::jsonb) with ordinality as v (vector, n)`);
    }
    const timings = { ...input.timings, indexing: Math.round(performance.now() - startedAt) };
    const processing = and(owned(ctx, id), eq(table.status, "processing"), eq(table.version, version));
    const ready = {
      status: "ready",
      stage: null,
      stageTimings: timings,
      failure: null,
      liveVersion: version,
      pages: extraction.pages,
      chunks: chunks.length,
      contentType: extraction.contentType,
      readyAt: now(),
    };
    const rows = await ctx.db.update(table).set(moved(ready)).where(processing).returning({ id: table.id });
    if (rows.length === 0) throw new LeaseLost("the document has moved on");
    await ctx.db
      .update(versionTable)
      .set({ leaseUntil: null })
      .where(ownedVersion(ctx, id, version));
    recordAudit(ctx, { action: "document.index", subject: id, detail: { version, chunks: chunks.length } });
    publish(ctx, DocumentReady, id, { version, chunks: chunks.length, pages: extraction.pages });
  });
