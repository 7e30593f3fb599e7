import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, enqueue, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { withIds } from "../platform/database/rows.ts";
import { tenantsWith } from "../platform/database/tenants-with.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { sendFetch } from "./fetch.ts";
import { objectKey } from "./object-key.ts";

/**
 * What waits for the tenant's turn: a column of the version says whether it waits or was sent. So many versions of one tenant may
 * be in the queue or at work at a time. The rest wait in their rows: however many files a tenant sends, the next tenant's document
 * waits for one of the workers, not for all of them.
 */
const turns = {
  /** Processing the bytes. A quarter of the queue's workers (topology: 20). */
  dispatch: { perTenant: 5 },
  /** Fetching an address. A tenth of the queue's workers (topology: 40), because a slow server holds one for 90 s. */
  fetching: { perTenant: 4 },
} as const;
type Turn = keyof typeof turns;

/** How long a fetch may take from the moment it is sent, or its tenant is resumed, until the document fails. */
export const fetchDeadlineSeconds = 15 * 60;

/** The largest number of tenants that one sweep handles. */
const tenantsMax = 200;

/** Body of a document-processing message. The worker checks it against the row. */
export const ProcessMessage = z.object({
  documentId: idSchema("document"),
  tenantId: idSchema("tenant"),
  s3Key: z.string(),
  version: z.int(),
  traceparent: z.string(),
  tracestate: z.string().optional(),
});
export type ProcessMessage = z.output<typeof ProcessMessage>;

/** The bytes are stored: queues the version, at once or when it is the tenant's turn. Joins the caller's transaction. */
export async function dispatch(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  if (await setTurn(ctx, id, version, sql`dispatch = 'waiting', fetching = null`)) await fill(ctx, "fetching");
  await fill(ctx, "dispatch");
}

/** Has the bytes of the version's address fetched, at once or when it is the tenant's turn. Joins the caller's transaction. */
export async function requestFetch(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  await setTurn(ctx, id, version, sql`fetching = 'waiting', upload_expires_at = null`);
  await fill(ctx, "fetching");
}

/** Call it when the version has ended or was superseded: it sends the tenant's next waiting version. Joins the caller's transaction. */
export async function release(ctx: Ctx, id: Id<"document">, version: number): Promise<void> {
  if (await setTurn(ctx, id, version, sql`dispatch = null, fetching = null, lease_until = null`))
    await fill(ctx, "fetching");
  await fill(ctx, "dispatch");
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

/** Sends waiting versions of tenants that have fewer in a queue than allowed, because a process died. */
export async function fillAll(): Promise<void> {
  for (const turn of keysOf(turns)) {
    const column = sql.raw(turn);
    const stage = turn === "fetching" ? "url-queue" : "document-queue";
    const tenants = await withSystemTx("sweep", (db) =>
      db.execute<{ tenant_id: string }>(
        sql`select w.tenant_id from ${tenantsWith(sql`app.document_versions`, sql`r.${column} = 'waiting'`)} w
          where ${isDue(stage, sql`w.tenant_id`)} and ${turns[turn].perTenant} > (
            select count(*) from app.document_versions s where s.tenant_id = w.tenant_id and s.${column} = 'sent')
          limit ${tenantsMax}`,
      ),
    );
    await forEachRow(stage, withIds(tenants, { tenant_id: "tenant" }), ({ tenant_id: tenantId }) =>
      withTx(systemCtx({ tenantId, job: "sweep" }), (ctx) => fill(ctx, turn)),
    );
  }
}

/** True when the version was waiting for its fetch, or was being fetched. */
const setTurn = async (ctx: Ctx, id: Id<"document">, version: number, changes: SQL): Promise<boolean> => {
  const own = sql`tenant_id = ${ctx.tenantId} and document_id = ${id} and version = ${version}`;
  const rows = await ctx.db.execute<{ fetched: boolean }>(sql`
    with former as (select fetching is not null as fetched from app.document_versions where ${own})
    update app.document_versions set ${changes} where ${own} returning (select fetched from former) as fetched`);
  return rows[0]?.fetched ?? false;
};

/** Sends the tenant's next versions, up to the limit. */
const fill = async (ctx: Ctx, turn: Turn): Promise<void> => {
  await lockTenant(ctx, turn);
  type Sent = { document_id: string; version: number; worker: DocumentWorker; source_url: string | null };
  const sent = await ctx.db.execute<Sent>(
    sql`select * from app.take_turns(${turn}, ${turns[turn].perTenant}, ${functionBytesMax}, ${fetchDeadlineSeconds})`,
  );
  for (const { document_id: id, version, worker, source_url: url } of withIds(sent, { document_id: "document" })) {
    if (turn === "dispatch") sendProcessing(ctx, id, version, worker);
    else if (url !== null) sendFetch(ctx, id, version, url);
  }
};
