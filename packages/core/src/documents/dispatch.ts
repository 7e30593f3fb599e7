import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, enqueue, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { objectKey } from "./object-key.ts";

/**
 * The number of versions of one tenant that are queued or in processing at the same time. The other versions wait in the
 * database, so that a tenant with many files does not delay the documents of others. A quarter of the queue's workers
 * (20, see the topology).
 */
const inFlightPerTenant = 5;

/** The largest number of tenants that one sweep handles. */
const tenantsMax = 200;

/** Body of a document-processing message. The worker checks it against the row. */
export const ProcessMessage = z.object({
  documentId: idSchema("document"),
  tenantId: idSchema("tenant"),
  s3Key: z.string(),
  version: z.int(),
  traceparent: z.string(),
});
export type ProcessMessage = z.output<typeof ProcessMessage>;

/** Queues a version: at once, or when fewer than `inFlightPerTenant` versions of the tenant are in the queue. Joins the caller's transaction. */
export async function dispatch(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  await setDispatch(ctx, id, version, "waiting");
  await fill(ctx);
}

/** Call it when the version has ended or was superseded: it sends the tenant's next waiting version. Joins the caller's transaction. */
export async function release(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  await setDispatch(ctx, id, version, null);
  await fill(ctx);
}

/** Larger originals are sent to the task, because a function would not finish in 50 s. */
const functionBytesMax = 50 * 1024 ** 2;

/** Which worker processes a version: a function, or the task, which has more memory and no time limit. */
export type DocumentWorker = "function" | "task";

/** Body of a vector-jobs message about a document. */
export const DocumentTask = ProcessMessage.extend({ kind: z.literal("document") });

/** Sends the message that makes a worker process the version. Joins the caller's transaction. */
export const sendProcessing = (ctx: Ctx, id: Id<"document">, version: number, worker: DocumentWorker): void => {
  const body: ProcessMessage = {
    documentId: id,
    tenantId: ctx.tenantId,
    s3Key: objectKey(ctx.tenantId, id, version),
    version,
    traceparent: ctx.traceparent,
  };
  if (worker === "task") enqueue(ctx, { topic: "vector-jobs", body: { kind: "document", ...body } });
  // One message group per document: with one per tenant a poison file would block all documents of its tenant (F-34).
  else enqueue(ctx, { topic: "document-processing", groupKey: id, body });
};

/** Sends waiting versions of tenants with free slots, which remain after a process died. Returns the number of tenants. */
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
  // Two concurrent releases each count the other's version as sent, so each sends one and no slot stays free.
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
