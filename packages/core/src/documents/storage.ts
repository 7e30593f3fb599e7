import { sql } from "drizzle-orm";
import { readLimits } from "../identity/index.ts";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";

/** Charges a version's bytes to the tenant's storage quota; false when they exceed it. Joins the caller's transaction. */
export async function charge(ctx: Ctx, id: Id<"document">, version: number, bytes: number): Promise<boolean> {
  const { storageBytes } = await readLimits(ctx);
  const rows = await ctx.db.execute(sql`
    with charged as (
      insert into app.storage as s (tenant_id, bytes) select ${ctx.tenantId}, ${bytes} where ${bytes}::bigint <= ${storageBytes}::bigint
      on conflict (tenant_id) do update set bytes = s.bytes + excluded.bytes where s.bytes + excluded.bytes <= ${storageBytes}::bigint
      returning tenant_id)
    update app.document_versions v set charged_bytes = ${bytes} from charged
    where v.tenant_id = charged.tenant_id and v.document_id = ${id} and v.version = ${version} returning v.version`);
  return rows.length > 0;
}

/** Refunds the charged bytes of all versions of a document, or of one. Joins the caller's transaction. */
export const refund = (ctx: Ctx, id: Id<"document">, version?: number): Promise<unknown> =>
  ctx.db.execute(sql`
    with freed as (
      select v.version, v.charged_bytes from app.document_versions v
      where v.tenant_id = ${ctx.tenantId} and v.document_id = ${id} and v.charged_bytes > 0
        and (${version ?? null}::int is null or v.version = ${version ?? null}::int) for update
    ), cleared as (
      update app.document_versions v set charged_bytes = 0 from freed
      where v.tenant_id = ${ctx.tenantId} and v.document_id = ${id} and v.version = freed.version)
    update app.storage set bytes = bytes - (select coalesce(sum(charged_bytes), 0) from freed) where tenant_id = ${ctx.tenantId}`);

/** Do that many bytes fit into the quota now? Reads without a lock. Joins the caller's transaction. */
export async function hasRoom(ctx: Ctx, bytes: number): Promise<boolean> {
  const { storageBytes } = await readLimits(ctx);
  const [row] = await ctx.db.execute(sql`select bytes from app.storage where tenant_id = ${ctx.tenantId}`);
  return Number(row?.["bytes"] ?? 0) + bytes <= storageBytes;
}
