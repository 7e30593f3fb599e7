import { defaultLimits, ExtractionFailure, readerVersion } from "@resolve/extraction/extraction";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { attemptsMax, LeaseLost } from "../platform/database/lease.ts";
import { only } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { EmbedderUnavailable } from "../platform/services/embedder.ts";
import { OcrUnavailable } from "../platform/services/ocr.ts";
import { TenantIsSuspended } from "../platform/tenant-state.ts";
import { wideEvent } from "../platform/wide-event.ts";
import { type ProcessMessage, release, sendProcessing } from "./dispatch.ts";
import { DocumentReady } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { duplicateOf } from "./document.ts";
import { markFailed } from "./fail.ts";
import { DocumentFailure, type FailureCode } from "./failures.ts";
import { secondsFor } from "./index/budget.ts";
import { hide, isHalfWritten, removeHidden, replace, show } from "./index/hidden.ts";
import type { MadeIndex, Maker } from "./index/maker.ts";
import { writeParts } from "./index/write.ts";
import { assertLease, claim, keepLease, type Lease, releaseLease, Superseded } from "./lease.ts";
import { ownedVersion, ownedVersionOf } from "./owned.ts";
import { pageRunsOf } from "./page-runs.ts";
import { move, type Stage, stages } from "./states.ts";

/** The action for a document that exceeds the worker's budget, or whose earlier workers died. */
export type Excess = "fail" | "hand-over";

/** Failures that a worker with more memory or time may avoid. */
const excesses: ReadonlySet<string> = new Set(["too-large", "too-many-pages", "out-of-memory", "extraction-timeout"]);
/** A file that took longer than one of its size may take would take as long there. */
const isExcess = ({ code }: ExtractionFailure, { sizeBytes }: Lease): boolean =>
  excesses.has(code) && (code !== "extraction-timeout" || secondsFor(sizeBytes) === defaultLimits.timeoutSeconds);
/** A document is handed over after this many claims: a worker that dies without an error may have run out of time. */
const claimsMax = 3;

/**
 * Processes one stored version: extracting → chunking → embedding → indexing. It may be repeated and killed at any point:
 * the rows of the index are hidden from search until the state changes, and every transaction compares the lease's fencing token. After a permanent failure the
 * document is `failed` with a reason; a temporary failure throws, and the queue delivers the message again. When the tenant is
 * suspended, the work ends with the present stage and begins anew after the resume.
 *
 * @throws LeaseHeld while another worker has the document.
 */
export async function processDocument(
  ctx: Ctx,
  message: Pick<ProcessMessage, "documentId" | "version">,
  maker: Maker,
  onExcess: Excess,
): Promise<void> {
  const lease = await claim(ctx, message.documentId, message.version);
  if (!lease) return;
  const event = wideEvent();
  if (event) event.isDocument = true;
  await keepLease(ctx, lease, () =>
    attempt(ctx, lease, maker, onExcess).catch((error) => {
      if (!(error instanceof TenantIsSuspended)) throw error;
      return hold(ctx, lease);
    }),
  );
}

/** Gives the document back; the relay holds its message until the tenant is resumed. The claim does not count. */
const hold = (ctx: Ctx, lease: Lease): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const row = await releaseLease(ctx, lease, { attempts: lease.attempts - 1 });
    if (row) sendProcessing(ctx, lease.id, lease.version, row.worker);
  });

const attempt = async (ctx: Ctx, lease: Lease, maker: Maker, onExcess: Excess): Promise<void> => {
  const mayHandOver = onExcess === "hand-over";
  try {
    if (mayHandOver && lease.attempts >= claimsMax) return await handOver(ctx, lease);
    await run(ctx, lease, maker);
  } catch (error) {
    if (error instanceof Superseded) return;
    if (error instanceof TenantIsSuspended) throw error;
    if (error instanceof DocumentFailure) return fail(ctx, lease, error.code);
    if (error instanceof ExtractionFailure)
      return mayHandOver && isExcess(error, lease) ? handOver(ctx, lease) : fail(ctx, lease, error.code);
    if (error instanceof OcrUnavailable && mayHandOver) return handOver(ctx, lease);
    const unavailable = unavailableCode(error);
    if (unavailable && lease.attempts >= attemptsMax) return fail(ctx, lease, unavailable);
    if (!(error instanceof LeaseLost)) await releaseLease(ctx, lease);
    throw error;
  }
};

/** The code when another service is unavailable, which is temporary. */
const unavailableCode = (error: unknown): FailureCode | undefined => {
  if (error instanceof EmbedderUnavailable) return "embedder-unavailable";
  return error instanceof OcrUnavailable ? "ocr-unavailable" : undefined;
};

/** Marks the document as failed, unless its state or newest version has changed. */
const fail = (ctx: Ctx, lease: Lease, code: FailureCode): Promise<void> =>
  settle(ctx, lease, async (ctx) => void (await markFailed(ctx, lease.id, lease.version, code)));

/** Sends the document to the task, which has more memory and no time limit. */
const handOver = (ctx: Ctx, lease: Lease): Promise<void> =>
  settle(ctx, lease, async (ctx) => {
    await releaseLease(ctx, lease, { worker: "task", attempts: 0 });
    sendProcessing(ctx, lease.id, lease.version, "task");
  });

const settle = async (ctx: Ctx, lease: Lease, work: (ctx: Ctx) => Promise<void>): Promise<void> => {
  try {
    await withTx(ctx, async (ctx) => {
      await assertLease(ctx, lease);
      await work(ctx);
    });
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
  }
};

const run = async (ctx: Ctx, lease: Lease, maker: Maker): Promise<void> => {
  const timings: Timings = {};
  let current: { stage: Stage; startedAt: number } | undefined;
  const enter = async (stage: Stage): Promise<boolean> => {
    if (current) timings[current.stage] = Math.round(performance.now() - current.startedAt);
    // The claim has written the first stage.
    const isHalfWritten = stage !== stages[0] && (await markStage(ctx, lease, stage, timings));
    current = { stage, startedAt: performance.now() };
    return isHalfWritten;
  };
  const made = await maker(ctx, lease, async (stage) => void (await enter(stage)));
  if (await enter("indexing")) await removeHidden(ctx, lease, async (ctx) => Boolean(await assertLease(ctx, lease)));
  const replaced = await publishIndex(ctx, lease, made, timings);
  if (replaced) await removeHidden(ctx, replaced);
};

/** Returns whether an earlier worker has left rows of the version. */
const markStage = (ctx: Ctx, lease: Lease, stage: Stage, timings: object): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    await assertLease(ctx, lease);
    const row = only(
      await ctx.db
        .update(table)
        .set({ stage, stageTimings: timings, updatedAt: now() })
        .where(ownedVersionOf(ctx, lease.id, lease.version))
        .returning({ isHalfWritten: isHalfWritten(ctx, lease) }),
    );
    return row.isHalfWritten;
  });

type Timings = Partial<Record<Stage, number>>;

/**
 * Writes the index, each part in a short transaction under the fencing token. The last one makes the version live. Returns the
 * version that it has replaced, when rows of it remain.
 */
const publishIndex = async (
  ctx: Ctx,
  lease: Lease,
  made: MadeIndex,
  timings: Timings,
): Promise<{ id: Lease["id"]; version: number } | undefined> => {
  const startedAt = performance.now();
  let leftover: { id: Lease["id"]; version: number } | undefined;
  await writeParts(lease, made.index, ({ isFirst, isLast }, write) =>
    withTx(ctx, async (ctx) => {
      const { liveVersion, indexSign, chunks } = await assertLease(ctx, lease);
      if (isFirst && !isLast) await hide(ctx, lease, false);
      await write(ctx);
      if (!isLast) return;
      if (!isFirst) await show(ctx, lease);
      if (liveVersion !== null) {
        const replaced = { id: lease.id, version: liveVersion * indexSign };
        if (await replace(ctx, replaced, chunks)) leftover = replaced;
      }
      const indexing = Math.round(performance.now() - startedAt);
      await makeLive(ctx, lease, made, { ...timings, indexing });
    }),
  );
  return leftover;
};

/** Search returns the version from now on. Joins the caller's transaction. */
const makeLive = async (
  ctx: Ctx,
  lease: Lease,
  { extraction, sha256, index }: MadeIndex,
  stageTimings: Timings,
): Promise<void> => {
  const { id, version } = lease;
  const { pages, contentType, warnings } = extraction;
  const chunks = index.chunks.length;
  await move(ctx, id, "index", "ready", {
    expected: { version },
    stage: null,
    stageTimings,
    failure: null,
    liveVersion: version,
    indexSign: 1,
    pages,
    chunks,
    language: index.language,
    contentType,
    warnings,
    readyAt: now(),
    // An upload without a checksum and a file from a URL get their checksum only now.
    ...(lease.sha256 ? {} : { sha256, duplicateOf: await duplicateOf(ctx, id, sha256) }),
  });
  await ctx.db
    .update(versionTable)
    .set({ readerVersion, pages: pageRunsOf(extraction.sources), ...(lease.sha256 ? {} : { sha256 }) })
    .where(ownedVersion(ctx, id, version));
  await release(ctx, id, version);
  recordAudit(ctx, { action: "document.index", subject: id, detail: { version, chunks } });
  publish(ctx, DocumentReady, id, {
    version,
    chunks,
    pages,
    warnings: warnings.map(({ code, count }) => ({ code, count })),
  });
};
