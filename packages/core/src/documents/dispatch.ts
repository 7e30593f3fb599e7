import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, enqueue, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { objectKey } from "./object-key.ts";

/**
 * Versions of one tenant that may be in the queue or at work at a time. The rest wait in their rows, so that the queue
 * holds at most this many messages of a tenant however many files it drops, and the next tenant's document waits for
 * one of the workers' slots, not for all of theirs. A quarter of the queue's workers (topology: 20).
 */
const inFlightPerTenant = 5;

/** Tenants whose places one sweep fills. */
const tenantsMax = 200;

/** Body of a document-processing message. The worker trusts of it only what the row confirms. */
export const ProcessMessage = z.object({
  documentId: idSchema("document"),
  tenantId: idSchema("tenant"),
  s3Key: z.string(),
  version: z.int(),
  traceparent: z.string(),
});
export type ProcessMessage = z.output<typeof ProcessMessage>;

/** Queues a version, at once or when the tenant's turn comes. Joins the caller's transaction. */
export async function dispatch(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  await setDispatch(ctx, id, version, "waiting");
  await fill(ctx);
}

/** The version is done, given up or superseded: its place goes to the tenant's next one. Joins the caller's transaction. */
export async function release(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  await setDispatch(ctx, id, version, null);
  await fill(ctx);
}

/** Larger originals go straight to the task: a function would run out of its 50 s. */
const functionBytesMax = 50 * 1024 ** 2;

/** Who takes a version: a function, or the task that has more memory and no bound in time. */
export type DocumentWorker = "function" | "task";

/** Body of a vector-jobs message about a document. */
export const DocumentTask = ProcessMessage.extend({ kind: z.literal("document") });

/** Sends a version's message, again if need be. Joins the caller's transaction. */
export const sendProcessing = (ctx: Ctx, id: Id<"document">, version: number, worker: DocumentWorker): void => {
  const body: ProcessMessage = {
    documentId: id,
    tenantId: ctx.tenantId,
    s3Key: objectKey(ctx.tenantId, id, version),
    version,
    traceparent: ctx.traceparent,
  };
  if (worker === "task") enqueue(ctx, { topic: "vector-jobs", body: { kind: "document", ...body } });
  // One group a document: a tenant-wide group would let one poison file stop its tenant (F-34).
  else enqueue(ctx, { topic: "document-processing", groupKey: id, body });
};

/** Fills free places of tenants whose releases were lost with a process. Returns how many tenants had any. */
export async function fillAll(): Promise<number> {
  const tenants = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string }>(
      sql`select tenant_id from app.document_versions where dispatch is not null group by tenant_id
        having bool_or(dispatch = 'waiting') and count(*) filter (where dispatch = 'sent') < ${inFlightPerTenant} limit ${tenantsMax}`,
    ),
  );
  for (const { tenant_id: tenantId } of withIds(tenants, { tenant_id: "tenant" }))
    await withTx(systemCtx({ tenantId, job: "sweep" }), (ctx) => fill(ctx));
  return tenants.length;
}

const setDispatch = (ctx: Ctx, id: Id<"document">, version: number, dispatch: "waiting" | null): Promise<unknown> => {
  const lease = dispatch === null ? sql`, lease_until = null` : sql``;
  return ctx.db.execute(sql`
    update app.document_versions set dispatch = ${dispatch} ${lease}
    where tenant_id = ${ctx.tenantId} and document_id = ${id} and version = ${version}`);
};

const fill = async (ctx: Ctx): Promise<void> => {
  // Two releases at once each count the other as still at work, so each sends at least one: no place stays empty.
  const sent = await ctx.db.execute<{ document_id: string; version: number; worker: DocumentWorker }>(sql`
    with next as (
      select document_id, version from app.document_versions
      where tenant_id = ${ctx.tenantId} and dispatch = 'waiting' order by id
      limit greatest(0, ${inFlightPerTenant} - (select count(*)::int from app.document_versions
        where tenant_id = ${ctx.tenantId} and dispatch = 'sent'))
      for update skip locked)
    update app.document_versions v set dispatch = 'sent',
      worker = case when v.size_bytes > ${functionBytesMax} then 'task' else v.worker end from next
    where v.tenant_id = ${ctx.tenantId} and v.document_id = next.document_id and v.version = next.version
    returning v.document_id, v.version, v.worker`);
  for (const { document_id: id, version, worker } of withIds(sent, { document_id: "document" }))
    sendProcessing(ctx, id, version, worker);
};
