import { sql } from "drizzle-orm";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { blobs } from "../platform/services/blob.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { objectFolder } from "./object-key.ts";

/** Longer than any transaction that stores an object before its row is committed, and than the longest function. */
const waitMinutes = 60;
const looseMax = 200;

/**
 * Notes an object that has no document: a text is stored before its transaction commits, which may still be rolled back, and
 * an upload URL may be used after its document was purged. Repeatable.
 */
export const noteLooseObject = (ctx: Ctx, id: Id<"document">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.execute(sql`
      insert into app.loose_objects (tenant_id, document_id, due_at)
      select ${ctx.tenantId}, ${id}, app.now() + make_interval(mins => ${waitMinutes})
      where not exists (select from app.documents d where d.tenant_id = ${ctx.tenantId} and d.id = ${id})
      on conflict do nothing`);
  });

/** Deletes the objects that still have no document. Returns how many documents it looked at. */
export async function removeLooseObjects(): Promise<number> {
  const due = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, document_id as id from app.loose_objects o
      where due_at <= app.now() and ${isDue("objects", sql`o.tenant_id`, sql`o.document_id`)} order by due_at limit ${looseMax}`),
  );
  return forEachRow("objects", withIds(due, { tenant_id: "tenant", id: "document" }), ({ tenant_id: tenantId, id }) =>
    settle(systemCtx({ tenantId, job: "sweep" }), id),
  );
}

/** No document gets this id any more: ids are random, and its transaction ended long ago. */
const settle = async (ctx: Ctx, id: Id<"document">): Promise<void> => {
  const isThere = await withTx(ctx, async (ctx) => {
    const rows = await ctx.db.execute(sql`select from app.documents where tenant_id = ${ctx.tenantId} and id = ${id}`);
    return rows.length > 0;
  });
  if (!isThere) await blobs.purge(objectFolder(ctx.tenantId, id));
  await withTx(ctx, (ctx) =>
    ctx.db.execute(sql`delete from app.loose_objects where tenant_id = ${ctx.tenantId} and document_id = ${id}`),
  );
};
