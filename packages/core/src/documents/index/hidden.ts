import { type SQL, sql } from "drizzle-orm";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../../platform/context.ts";
import { ownedBy, withIds } from "../../platform/database/rows.ts";
import type { Id } from "../../platform/id.ts";
import { forEachRow, isDue } from "../../platform/sweep.ts";
import { documentTable as table } from "../document.sql.ts";

/** One transaction removes this many chunks. */
const removedAtOnce = 250;
/** A longer version is removed after the transaction that replaces it. */
const removedInPassing = removedAtOnce;
/** One sweep handles this many versions; the next sweep continues. */
const sweepMax = 200;
/** One call removes this many times `removedAtOnce`. */
const roundsMax = 2_000;
/** A reindex that has written nothing for so long is dead: its job's lease is over after 30 s. */
const remadeSeconds = 300;

/** The rows of one index: those of a version, or with its negative number those that a reindex has written (documents.index_sign). */
export type Version = { id: Id<"document">; version: number };

const ownRows = (ctx: Ctx, { id, version }: Version): SQL =>
  sql`tenant_id = ${ctx.tenantId} and document_id = ${id} and version = ${version}`;

/** Hides a version from search, because it has an incomplete index. Joins the caller's transaction. */
export const hide = async (ctx: Ctx, { id, version }: Version, isReplaced: boolean): Promise<void> => {
  await ctx.db.execute(sql`
    insert into app.hidden_versions (tenant_id, document_id, version, is_replaced) values (${ctx.tenantId}, ${id}, ${version}, ${isReplaced})`);
};

/** A reindex is writing rows beside the live ones, which stay in search. Joins the caller's transaction. */
export const hideRemade = async (ctx: Ctx, { id, version }: Version): Promise<void> => {
  await ctx.db.execute(sql`
    insert into app.hidden_versions as h (tenant_id, document_id, version, is_replaced, remade_at)
    values (${ctx.tenantId}, ${id}, ${version}, false, app.now())
    on conflict (tenant_id, document_id, version) do update set remade_at = app.now() where h.remade_at is not null`);
};

/** Its index is complete, or has no rows. Joins the caller's transaction. */
export const show = async (ctx: Ctx, version: Version): Promise<void> => {
  await ctx.db.execute(sql`delete from app.hidden_versions where ${ownRows(ctx, version)}`);
};

/** SQL: the rows were written, or begun, by a reindex that may still be at work. A worker that has its job removes them itself. */
const isRemade = sql`(remade_at > app.now() - make_interval(secs => ${remadeSeconds}))`;

/** SQL: the version has rows of a worker that has not finished, or never will. */
export const isHalfWritten = (ctx: Ctx, version: Version): SQL<boolean> =>
  sql<boolean>`exists (select from app.hidden_versions where not is_replaced and ${ownRows(ctx, version)})`;

/**
 * Removes the index of a version that a newer one replaces: its rows when they are few, otherwise only from search, and then
 * `removeHidden` removes the rows. Returns whether that is needed. Joins the caller's transaction.
 */
export async function replace(ctx: Ctx, version: Version, chunks: number): Promise<boolean> {
  const isLong = chunks > removedInPassing;
  if (isLong) await hide(ctx, version, true);
  else await removeIndex(ctx, version);
  return isLong;
}

/**
 * Removes the index that a reindex has replaced, with its text: its rows when they are few, otherwise only from search, and then
 * `removeHidden` removes the rows. Returns whether that is needed. Joins the caller's transaction.
 */
export async function replaceRemade(ctx: Ctx, version: Version, chunks: number): Promise<boolean> {
  const isLong = chunks > removedInPassing;
  if (isLong) await hide(ctx, version, false);
  else await Promise.all([removeIndex(ctx, version), removeText(ctx, version)]);
  return isLong;
}

/** Removes all chunks and vectors of a version. Joins the caller's transaction. */
const removeIndex = async (ctx: Ctx, version: Version): Promise<void> => {
  await Promise.all([
    ctx.db.execute(sql`delete from app.chunks where ${ownRows(ctx, version)}`),
    ctx.db.execute(sql`delete from app.embeddings where ${ownRows(ctx, version)}`),
  ]);
};

/** Removes the text of a version. Joins the caller's transaction. */
const removeText = async (ctx: Ctx, version: Version): Promise<void> => {
  await ctx.db.execute(sql`delete from app.document_texts where ${ownRows(ctx, version)}`);
};

/**
 * Removes the rows of a hidden version in short transactions, the text as well when it never was live. `mayRemove` is called in
 * each, locks the document, and ends the removal when it returns false. It may be killed and repeated.
 */
export async function removeHidden(
  ctx: Ctx,
  version: Version,
  mayRemove: (ctx: Ctx) => Promise<boolean> = (ctx) => isUnwritten(ctx, version),
): Promise<void> {
  await repeat(ctx, async (ctx) => {
    if (!(await mayRemove(ctx))) return false;
    if (await removeSome(ctx, version)) return true;
    const [row] = await ctx.db.execute<{ is_replaced: boolean }>(
      sql`delete from app.hidden_versions where ${ownRows(ctx, version)} returning is_replaced`,
    );
    if (row && !row.is_replaced) await removeText(ctx, version);
    return false;
  });
}

/** Removes the chunks and vectors of all versions in short transactions, while `mayRemove` returns true. */
export const removeIndexes = (ctx: Ctx, id: Id<"document">, mayRemove: (ctx: Ctx) => Promise<boolean>): Promise<void> =>
  repeat(ctx, async (ctx) => (await mayRemove(ctx)) && removeSome(ctx, { id }));

const repeat = async (ctx: Ctx, round: (ctx: Ctx) => Promise<boolean>): Promise<void> => {
  for (let n = 0; n < roundsMax; n++) if (!(await withTx(ctx, round))) return;
};

/** Removes up to `removedAtOnce` chunks with their vectors; false when there are none. Joins the caller's transaction. */
const removeSome = async (ctx: Ctx, { id, version }: { id: Id<"document">; version?: number }): Promise<boolean> => {
  const tenant = ctx.tenantId;
  const [first] = await ctx.db.execute<{ version: number; ordinal: number }>(sql`
    select version, ordinal from app.chunks
    where tenant_id = ${tenant} and document_id = ${id} and ${version === undefined ? sql`true` : sql`version = ${version}`}
    order by version, ordinal limit 1`);
  if (!first) return false;
  const some = sql`${ownRows(ctx, { id, version: first.version })} and ordinal < ${first.ordinal + removedAtOnce}`;
  await ctx.db.execute(sql`delete from app.chunks where ${some}`);
  // Each model is looked up, because the key has it before the document.
  await ctx.db.execute(sql`
    with recursive models as (
      (select model from app.embeddings where tenant_id = ${tenant} order by model limit 1)
      union all
      select (select e.model from app.embeddings e where e.tenant_id = ${tenant} and e.model > m.model order by e.model limit 1)
      from models m where m.model is not null)
    delete from app.embeddings where model = any(array(select model from models)) and ${some}`);
  return true;
};

/** Locks the document; false when its newest version is this one and may be written now. Joins the caller's transaction. */
const isUnwritten = async (ctx: Ctx, { id, version }: Version): Promise<boolean> => {
  const [row] = await ctx.db
    .select({ status: table.status, newest: table.version })
    .from(table)
    .where(ownedBy(ctx, table, id))
    .for("update");
  if (row === undefined || (row.newest === version && (row.status === "queued" || row.status === "processing")))
    return false;
  const remade = await ctx.db.execute(
    sql`select from app.hidden_versions where ${ownRows(ctx, { id, version })} and ${isRemade}`,
  );
  return remade.length === 0;
};

/** Removes what replaced versions and dead workers left of versions that no worker is going to write. Returns how many. */
export async function removeLeftovers(): Promise<number> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string; version: number }>(sql`
      select h.tenant_id, h.document_id as id, h.version from app.hidden_versions h
        join app.documents d on d.tenant_id = h.tenant_id and d.id = h.document_id
      where (h.version <> d.version or d.status not in ('queued', 'processing')) and ${isRemade} is not true and ${isDue("leftovers", sql`h.tenant_id`, sql`h.document_id`)}
      order by h.tenant_id, h.document_id, h.version limit ${sweepMax}`),
  );
  return forEachRow("leftovers", withIds(rows, { tenant_id: "tenant", id: "document" }), ({ tenant_id, id, version }) =>
    removeHidden(systemCtx({ tenantId: tenant_id, job: "sweep" }), { id, version }),
  );
}
