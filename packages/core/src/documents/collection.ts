import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { assertBelowLimit, assertReaders, groupReader, parseReaders, readerOf } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { pgError } from "../platform/database/pg-error.ts";
import { listPage, lockRow, ofTenant, only, ownedBy, type Row } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { displayName } from "../platform/name.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { CollectionCreated, CollectionDeleted, CollectionUpdated } from "./collection.events.ts";
import { collectionTable as table } from "./collection.sql.ts";
import { documentTable } from "./document.sql.ts";

/**
 * Who may see a collection and its documents, in addition to the tenant's administrators; `{}` is everybody of the tenant.
 * A list must not be empty: otherwise removing the last name would open the collection to everybody.
 */
export const Access = z.strictObject({
  roles: z
    .array(z.enum(["tenant_admin", "user", "readonly"]))
    .min(1)
    .max(3)
    .optional(),
  apiKeyIds: z.array(idSchema("apiKey")).min(1).max(100).optional(),
  userIds: z.array(idSchema("user")).min(1).max(100).optional(),
  groupIds: z.array(idSchema("group")).min(1).max(100).optional(),
});
type Access = z.output<typeof Access>;

export const Collection = z.object({
  id: idSchema("collection"),
  name: z.string(),
  access: Access,
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type Collection = z.output<typeof Collection>;

const name = displayName(200);
export const NewCollection = z.strictObject({ name, access: Access.default({}) });
export const CollectionChanges = z.strictObject({ name: name.optional(), access: Access.optional() });

/** @throws Problem `collection-exists`, `invalid-request` when a key, user or group is not the tenant's */
export const createCollection = (ctx: Ctx, { name, access }: z.output<typeof NewCollection>): Promise<Collection> =>
  withTx(ctx, async (ctx) => {
    const id = newId("collection");
    await assertBelowLimit(ctx, "collections", table, exists);
    const readers = await readersOf(ctx, access);
    const values = { tenantId: ctx.tenantId, id, name, readers, updatedAt: now() };
    const row = only(await ctx.db.insert(table).values(values).returning());
    recordAudit(ctx, { action: "collection.create", subject: id, detail: { name, access } });
    publish(ctx, CollectionCreated, id, { name });
    return shape(row);
  }).catch(explain);

/** @throws Problem `not-found`, also when the caller may not see it. */
export const getCollection = (ctx: Ctx, id: Id<"collection">): Promise<Collection> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(and(ownedBy(ctx, table, id), exists));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** The names in the access list as the database compares them; none for everybody. @throws Problem `not-found` as `getCollection` */
export const accessListOf = (ctx: Ctx, id: Id<"collection">): Promise<{ name: string; readers: string[] }> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select({ name: table.name, readers: table.readers })
      .from(table)
      .where(ownedBy(ctx, table, id));
    if (!row) throw new Problem("not-found");
    return row;
  });

/** Newest first, those that the caller may see. */
export const listCollections = (ctx: Ctx, page: Page<"collection">): Promise<PageOf<Collection>> =>
  withTx(ctx, (ctx) => listPage(ctx, table, page, shape, exists));

/**
 * `check` sees the collection locked.
 *
 * @throws Problem `not-found`, `collection-exists`, `invalid-request` when a key, user or group is not the tenant's
 */
export const updateCollection = (
  ctx: Ctx,
  id: Id<"collection">,
  { name, access }: z.output<typeof CollectionChanges>,
  check: (current: Collection) => void,
): Promise<Collection> =>
  withTx(ctx, async (ctx) => {
    check(shape(await lockExisting(ctx, id)));
    const readers = access && (await readersOf(ctx, access));
    const row = only(
      await ctx.db
        .update(table)
        .set({ name, readers, updatedAt: now() })
        .where(ownedBy(ctx, table, id))
        .returning(),
    );
    recordAudit(ctx, { action: "collection.update", subject: id, detail: { name, access } });
    publish(ctx, CollectionUpdated, id, { name: row.name });
    return shape(row);
  }).catch(explain);

/**
 * Deletes a collection whose documents are all deleted. While these wait for their purge, its row and access list stay, so
 * that the same callers see them. `check` receives the locked collection.
 *
 * @throws Problem `not-found`, `collection-not-empty`
 */
export const deleteCollection = (ctx: Ctx, id: Id<"collection">, check: (current: Collection) => void): Promise<void> =>
  withTx(ctx, async (ctx) => {
    // Adding a document locks the row too, so the count stays correct until the commit.
    check(shape(await lockExisting(ctx, id)));
    const held = only(
      await ctx.db
        .select({ documents: count() })
        .from(documentTable)
        .where(and(holds(ctx, id), ne(documentTable.status, "deleting"))),
    );
    const { documents } = held;
    if (documents > 0)
      throw new Problem("collection-not-empty", `The collection has ${documents} documents.`, { documents });
    await ctx.db
      .update(table)
      .set({ deletedAt: now(), updatedAt: now() })
      .where(ownedBy(ctx, table, id));
    await dropAbandoned(ctx, id);
    recordAudit(ctx, { action: "collection.delete", subject: id });
    publish(ctx, CollectionDeleted, id, {});
  });

/** The value of `collection_id` for a document of this collection, or of none. Joins the caller's transaction. @throws Problem `not-found` */
export async function collectionColumn(ctx: Ctx, id: Id<"collection"> | null): Promise<Id<"collection"> | null> {
  if (id === null) return null;
  const [row] = await ctx.db
    .select({ id: table.id })
    .from(table)
    .where(and(ownedBy(ctx, table, id), exists))
    .for("key share");
  if (!row) throw new Problem("not-found", "There is no such collection.");
  return row.id;
}

/**
 * Deletes the row of a deleted collection that has no documents any more. Joins the caller's transaction, which has removed a
 * document. The lock comes first: of two transactions that remove the last documents, the second sees what the first did.
 */
export async function dropAbandoned(ctx: Ctx, id: Id<"collection">): Promise<void> {
  const isDeleted = and(ownedBy(ctx, table, id), sql`${table.deletedAt} is not null`);
  const [row] = await ctx.db.select({ id: table.id }).from(table).where(isDeleted).for("update");
  if (row && (await ctx.db.$count(documentTable, holds(ctx, id))) === 0) await ctx.db.delete(table).where(isDeleted);
}

/** Condition: the collection has not been deleted. */
const exists = isNull(table.deletedAt);

const holds = (ctx: Ctx, id: Id<"collection">) => and(ofTenant(ctx, documentTable), eq(documentTable.collectionId, id));

const lockExisting = async (ctx: Ctx, id: Id<"collection">): Promise<Row<typeof table>> => {
  const row = await lockRow(ctx, table, id);
  if (row.deletedAt) throw new Problem("not-found");
  return row;
};

/** The access list as the database stores it. Its keys, users and groups stay locked until the end of the transaction. */
const readersOf = async (ctx: Ctx, access: Access): Promise<string[]> => {
  await assertReaders(ctx, access, "/access");
  const { roles = [], apiKeyIds = [], userIds = [], groupIds = [] } = access;
  return [...roles, ...apiKeyIds.map(readerOf), ...userIds.map(readerOf), ...groupIds.map(groupReader)];
};

const accessOf = (readers: string[]): Access =>
  Access.parse(Object.fromEntries(Object.entries(parseReaders(readers)).filter(([, named]) => named.length > 0)));

const explain = (error: unknown): never => {
  if (pgError(error).constraint !== "collections_name") throw error;
  throw new Problem("collection-exists", undefined, {}, { cause: error });
};

const shape = (row: typeof table.$inferSelect): Collection =>
  Collection.parse({ ...row, access: accessOf(row.readers) });
