import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { blobs } from "../platform/blob.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { embedder } from "../platform/embedder.ts";
import { publish } from "../platform/events.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { type Chunk, chunk } from "./chunk.ts";
import { type ProcessMessage, release } from "./dispatch.ts";
import { DocumentReady } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { duplicateOf } from "./document.ts";
import { type Extraction, ExtractionFailure, type ExtractionLimits, extract } from "./extract.ts";
import { markFailed } from "./fail.ts";
import { type Index, writeIndex } from "./index-version.ts";
import {
  assertLease,
  claim,
  type Lease,
  LeaseLost,
  renewLease,
  renewSeconds,
  Superseded,
  yieldLease,
} from "./lease.ts";
import { ownedVersion, ownedVersionOf } from "./owned.ts";
import { move, type Stage } from "./states.ts";

/** What a worker takes on: bytes of an original that it holds in memory, and the bounds of its reader. */
export type Budget = { bytesMax: number; limits?: ExtractionLimits };

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
  budget: Budget,
): Promise<void> {
  const lease = await claim(ctx, message.documentId, message.version);
  if (!lease) return;
  const renewal = setInterval(
    () => renewLease(ctx, lease).catch((error) => logger.warn("lease not renewed", describeError(error))),
    renewSeconds * 1000,
  );
  try {
    await run(ctx, lease, budget);
  } catch (error) {
    if (error instanceof Superseded) return;
    if (error instanceof ExtractionFailure) return await fail(ctx, lease, error);
    if (!(error instanceof LeaseLost)) await yieldLease(ctx, lease);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

/** Ends the document with the reason, unless it has moved on meanwhile. */
const fail = async (ctx: Ctx, lease: Lease, { code }: ExtractionFailure): Promise<void> => {
  try {
    await withTx(ctx, async (ctx) => {
      await assertLease(ctx, lease);
      await markFailed(ctx, lease.id, lease.version, code);
    });
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
  }
};

const run = async (ctx: Ctx, lease: Lease, { bytesMax, limits }: Budget): Promise<void> => {
  const timings: Partial<Record<Stage, number>> = {};
  const stage = async <T>(name: Stage, work: () => Promise<T> | T): Promise<T> => {
    await markStage(ctx, lease, name, timings);
    const startedAt = performance.now();
    const result = await work();
    timings[name] = Math.round(performance.now() - startedAt);
    return result;
  };

  if (lease.sizeBytes > bytesMax) throw new ExtractionFailure("too-large");
  const { extraction, sha256 } = await stage("extracting", async () => {
    const { bytes, sha256 } = await readOriginal(lease);
    const hint = { name: lease.name, contentType: lease.contentType ?? undefined };
    return { extraction: await extract(bytes, hint, limits), sha256 };
  });
  const chunks = await stage("chunking", () => chunk(extraction, limits));
  if (chunks.length === 0) throw new ExtractionFailure("no-text");
  const vectors = await stage("embedding", () => embedder().embed(chunks.map(contextualised), "document"));
  const index = { text: extraction.text, chunks, vectors, model: embedder().modelId };
  await stage("indexing", () => serve(ctx, lease, { extraction, sha256, index, timings }));
};

const markStage = (ctx: Ctx, lease: Lease, stage: Stage, timings: object): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await assertLease(ctx, lease);
    await ctx.db
      .update(table)
      .set({ stage, stageTimings: timings, updatedAt: now() })
      .where(ownedVersionOf(ctx, lease.id, lease.version));
  });

/** The stored bytes, once their size and checksum are what was declared. */
const readOriginal = async (lease: Lease): Promise<{ bytes: Buffer; sha256: Buffer }> => {
  const body = await blobs.get(lease.objectKey);
  if (!body) throw new ExtractionFailure("storage-missing");
  const bytes = await collect(body, lease.sizeBytes);
  if (bytes.length !== lease.sizeBytes) throw new ExtractionFailure("size-mismatch");
  const sha256 = createHash("sha256").update(bytes).digest();
  if (lease.sha256 && !sha256.equals(lease.sha256)) throw new ExtractionFailure("checksum-mismatch");
  return { bytes, sha256 };
};

/** One buffer of the announced size, filled as the bytes come: large files are held once. */
const collect = async (body: Readable, sizeBytes: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    if (size + part.length > sizeBytes) {
      body.destroy();
      throw new ExtractionFailure("size-mismatch");
    }
    size += part.copy(bytes, size);
  }
  return bytes.subarray(0, size);
};

/** What is embedded: the heading path gives a chunk the context its own words lack. */
const contextualised = (chunk: Chunk): string =>
  chunk.headings.length > 0 ? `${chunk.headings.join(" > ")}\n\n${chunk.text}` : chunk.text;

type Result = { extraction: Extraction; sha256: Buffer; index: Index; timings: Partial<Record<Stage, number>> };

/** Writes the index and makes the version the serving one, in one transaction under the token. */
const serve = (ctx: Ctx, lease: Lease, { extraction, sha256, index, timings }: Result): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const { id, version } = lease;
    const { pages, contentType } = extraction;
    const chunks = index.chunks.length;
    const startedAt = performance.now();
    await assertLease(ctx, lease);
    await writeIndex(ctx, lease, index);
    await move(ctx, id, "index", "ready", {
      expected: { version },
      stage: null,
      stageTimings: { ...timings, indexing: Math.round(performance.now() - startedAt) },
      failure: null,
      liveVersion: version,
      pages,
      chunks,
      contentType,
      readyAt: now(),
      // Of an upload without a checksum, and of an address, it is known only now.
      ...(lease.sha256 ? {} : { sha256, duplicateOf: await duplicateOf(ctx, id, sha256) }),
    });
    if (!lease.sha256)
      await ctx.db
        .update(versionTable)
        .set({ sha256 })
        .where(ownedVersion(ctx, id, version));
    await release(ctx, id, version);
    recordAudit(ctx, { action: "document.index", subject: id, detail: { version, chunks } });
    publish(ctx, DocumentReady, id, { version, chunks, pages });
  });
