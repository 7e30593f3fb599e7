import { and, asc, count, eq, lte, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, only } from "../platform/database/rows.ts";
import { Problem } from "../platform/problems.ts";
import { cursorTable as table } from "./event.sql.ts";
import { assertReached, readLastSequence } from "./event.ts";

/** The position of a named consumer in the event log. */
export const EventCursor = z.object({
  name: z.string(),
  /** The consumer has handled every event up to this one. */
  sequence: z.int(),
  /** Events after the cursor, of all types. */
  behind: z.int(),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type EventCursor = z.output<typeof EventCursor>;

export const CursorName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  message: "must be 1 to 64 letters, digits, dots, dashes or underscores",
});
export const CursorPosition = z.strictObject({ sequence: z.int().min(0) });
/** `expected`: where the consumer began, so that two processes that share a cursor notice each other. */
export const CursorCommit = CursorPosition.extend({ expected: z.int().min(0).optional() });

const cursorsMax = 100;

/** In the order of their names; there are at most a hundred. */
export const listCursors = (ctx: Ctx): Promise<EventCursor[]> =>
  withTx(ctx, async (ctx) => {
    const last = await readLastSequence(ctx);
    const rows = await ctx.db.select().from(table).where(ofTenant(ctx, table)).orderBy(asc(table.name));
    return rows.map((row) => shape(row, last));
  });

/** @throws Problem `not-found` */
export const getCursor = (ctx: Ctx, name: string): Promise<EventCursor> =>
  withTx(ctx, async (ctx) => {
    const last = await readLastSequence(ctx);
    const [row] = await ctx.db.select().from(table).where(named(ctx, name));
    if (!row) throw new Problem("not-found");
    return shape(row, last);
  });

/** Creates the cursor, or sets it forward or back. @throws Problem `invalid-request` beyond the log, `limit-reached` */
export const setCursor = (
  ctx: Ctx,
  name: string,
  { sequence }: z.output<typeof CursorPosition>,
): Promise<EventCursor> =>
  withTx(ctx, async (ctx) => {
    assertReached(sequence, await readLastSequence(ctx), "/sequence");
    await assertRoom(ctx, name);
    const values = { tenantId: ctx.tenantId, name, sequence, updatedAt: now() };
    await ctx.db
      .insert(table)
      .values(values)
      .onConflictDoUpdate({ target: [table.tenantId, table.name], set: { sequence, updatedAt: now() } });
    recordAudit(ctx, { action: "event_cursor.set", subject: name, detail: { sequence } });
    return getCursor(ctx, name);
  });

/**
 * Moves the cursor forward, and creates it when it is missing. A commit that is repeated changes nothing; one that would move
 * the cursor back, or that `expected` another position, is refused.
 *
 * @throws Problem `event-cursor-conflict`, `invalid-request` beyond the log, `limit-reached`
 */
export const commitCursor = (
  ctx: Ctx,
  name: string,
  { sequence, expected }: z.output<typeof CursorCommit>,
): Promise<EventCursor> =>
  withTx(ctx, async (ctx) => {
    assertReached(sequence, await readLastSequence(ctx), "/sequence");
    const isExpected = expected === undefined ? undefined : sql`${table.sequence} in (${expected}, ${sequence})`;
    const moved = await ctx.db
      .update(table)
      .set({ sequence, updatedAt: now() })
      .where(and(named(ctx, name), lte(table.sequence, sequence), isExpected))
      .returning();
    if (moved.length === 0) await create(ctx, name, sequence, expected);
    return getCursor(ctx, name);
  });

const create = async (ctx: Ctx, name: string, sequence: number, expected = 0): Promise<void> => {
  await assertRoom(ctx, name);
  const isNew = expected === 0;
  const rows = isNew
    ? await ctx.db.insert(table).values({ tenantId: ctx.tenantId, name, sequence }).onConflictDoNothing().returning()
    : [];
  if (rows.length > 0) return;
  const [present] = await ctx.db.select().from(table).where(named(ctx, name));
  const position = present?.sequence ?? 0;
  throw new Problem("event-cursor-conflict", `The cursor ${name} is at ${position}.`, { sequence: position });
};

/** @throws Problem `not-found` */
export const deleteCursor = (ctx: Ctx, name: string): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db.delete(table).where(named(ctx, name)).returning();
    if (rows.length === 0) throw new Problem("not-found");
    recordAudit(ctx, { action: "event_cursor.delete", subject: name });
  });

const named = (ctx: Ctx, name: string) => and(ofTenant(ctx, table), eq(table.name, name));

/** A position after the last event would skip events to come. */
const assertRoom = async (ctx: Ctx, name: string): Promise<void> => {
  await lockTenant(ctx, "event-cursors");
  const others = and(ofTenant(ctx, table), sql`${table.name} <> ${name}`);
  const { rows } = only(await ctx.db.select({ rows: count() }).from(table).where(others));
  if (rows >= cursorsMax)
    throw new Problem("limit-reached", `The tenant has ${rows} event cursors, and may have ${cursorsMax}.`, {
      limited: "eventCursors",
      limit: cursorsMax,
    });
};

const shape = (row: typeof table.$inferSelect, last: number): EventCursor =>
  EventCursor.parse({ ...row, behind: Math.max(0, last - row.sequence) });
