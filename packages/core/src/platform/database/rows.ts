import { and, desc, eq, type InferSelectModel, lt, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable, PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { Ctx, Db } from "../context.ts";
import { type Id, type IdKind, toId } from "../id.ts";
import { type Page, type PageOf, pageOf } from "../page.ts";
import { Problem } from "../problems.ts";

/** A column that holds ids of one kind. */
type IdColumn<K extends IdKind> = PgColumn & { _: { data: Id<K> } };
export type TenantTable = PgTable & { tenantId: IdColumn<"tenant"> };

/** Condition: the row belongs to the tenant. Row-level security demands the same; the condition lets the planner use the key. */
export const ofTenant = (ctx: Ctx, table: TenantTable): SQL => eq(table.tenantId, ctx.tenantId);

/** Condition: the tenant's row with this id. */
export const ownedBy = <K extends IdKind>(ctx: Ctx, table: TenantTable & { id: IdColumn<K> }, id: Id<K>): SQL =>
  // `and` of two conditions is never undefined.
  and(ofTenant(ctx, table), eq(table.id, id))!;

type WithIds<R, K> = Omit<R, keyof K> & { [N in keyof K]: K[N] extends IdKind ? Id<K[N]> : never };

/** Rows of a statement that drizzle did not build, with the UUIDs of these columns as ids. */
export const withIds = <R extends Record<string, unknown>, const K extends { readonly [N in keyof R]?: IdKind }>(
  rows: readonly R[],
  kinds: K,
): WithIds<R, K>[] =>
  rows.map((row) => {
    // The keys of `kinds` are columns that hold UUIDs, and its values are kinds.
    const columns = Object.entries(kinds) as [keyof R, IdKind][];
    const ids = columns.map(([column, kind]) => [column, toId(kind, String(row[column]))]);
    return { ...row, ...Object.fromEntries(ids) };
  });

export type Row<T extends PgTable> = InferSelectModel<T>;
export type Changes<T extends PgTable> = PgUpdateSetSource<T>;

/** Changes the rows that the condition holds for, and returns them. */
export const updateRows = async <T extends PgTable>(
  db: Db,
  table: T,
  changes: Changes<T>,
  where: SQL | undefined,
): Promise<Row<T>[]> => {
  // Drizzle cannot update a table whose type is a parameter; `changes` has been checked against it.
  const query = db.update(table as PgTable).set(changes as Changes<PgTable>);
  // The rows are of this table, so they have its columns.
  return (await query.where(where).returning()) as Row<T>[];
};

/** The row of a statement that always returns one, such as an insert or a count. */
export const only = <T>(rows: readonly T[]): T => {
  const [row] = rows;
  if (row === undefined) throw new Error("the statement returned no row");
  return row;
};

/** The tenant's row with this id, locked until the end of the transaction. Joins the caller's transaction. @throws Problem `not-found` */
export const lockRow = async <K extends IdKind, T extends TenantTable & { id: IdColumn<K> }>(
  ctx: Ctx,
  table: T,
  id: Id<K>,
): Promise<Row<T>> => {
  const [row] = await ctx.db
    .select()
    // Drizzle cannot select from a table whose type is a parameter.
    .from(table as PgTable)
    .where(ownedBy(ctx, table, id))
    .for("update");
  if (!row) throw new Problem("not-found");
  // The row is of this table, so it has its columns.
  return row as Row<T>;
};

/** Rows of one page, newest first, and one more row when there is a next page. */
export const pageQuery = async <K extends IdKind, T extends PgTable & { id: IdColumn<K> }>(
  db: Db,
  table: T,
  page: Page<K>,
  ...conditions: (SQL | undefined)[]
): Promise<Row<T>[]> => {
  const rows = await db
    .select()
    // Drizzle cannot select from a table whose type is a parameter.
    .from(table as PgTable)
    .where(and(...conditions, page.cursor && lt(table.id, page.cursor)))
    .orderBy(desc(table.id))
    .limit(page.limit + 1);
  // The rows are of this table, so they have its columns.
  return rows as Row<T>[];
};

/** One page of the tenant's rows, newest first, each as `shape` makes it. */
export const listPage = async <
  K extends IdKind,
  T extends TenantTable & { id: IdColumn<K> },
  Shown extends { id: string },
>(
  ctx: Ctx,
  table: T,
  page: Page<K>,
  shape: (row: Row<T>) => Shown,
  ...conditions: (SQL | undefined)[]
): Promise<PageOf<Shown>> => {
  const rows = await pageQuery(ctx.db, table, page, ofTenant(ctx, table), ...conditions);
  return pageOf(rows.map(shape), page.limit);
};
