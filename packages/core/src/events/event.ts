import { and, asc, gt, inArray, notInArray, sql } from "drizzle-orm";
import { hiddenFrom, hiddenOf } from "../documents/index.ts";
import type { Standing } from "../identity/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant, only } from "../platform/database/rows.ts";
import { type Event, envelopeOf } from "../platform/envelope.ts";
import type { Id } from "../platform/id.ts";
import { lastSequence } from "../platform/last-sequence.ts";
import { Problem } from "../platform/problems.ts";
import { eventTable as table } from "./event.sql.ts";

/** The permission, without a limit to own objects, that events about these need. */
const permissionOf = {
  apiKey: "apikey:read",
  user: "user:read",
  invitation: "user:read",
  group: "group:read",
  webhook: "webhook:read",
  job: "job:read",
  onboarding: "onboarding:read",
} as const;

/** Subject types whose events a caller with these permissions may not read. */
const unreadable = (permissions: ReadonlyMap<string, string>): string[] =>
  Object.entries(permissionOf)
    .filter(([, permission]) => (permissions.get(permission) ?? permissions.get("*")) !== "any")
    .map(([subjectType]) => subjectType);

/** Those of the events that an actor with this standing may read. For the system; joins the caller's transaction. */
export async function readableBy(
  ctx: Ctx,
  actor: string,
  standing: Standing,
  events: readonly Event[],
): Promise<Set<Event>> {
  const { permissions } = standing;
  if (!permissions.has("event:read") && !permissions.has("*")) return new Set();
  const hiddenTypes = unreadable(permissions);
  const subjects = events.map(({ subject }) => subject.id);
  const hidden = await hiddenFrom(ctx, subjects, actor, standing);
  return new Set(events.filter(({ subject }) => !hiddenTypes.includes(subject.type) && !hidden.has(subject.id)));
}

export type EventPage = {
  data: Event[];
  nextCursor: string | null;
  hasMore: boolean;
  /** Up to here the log has been read, also past events that the page leaves out. The next page is `after` it. */
  lastSequence: number;
};

/**
 * Events after a sequence, in order; without `after`, from the oldest that is left. The page may be short or empty: other types,
 * and events of documents that the caller may not see, are left out.
 *
 * The sequence is assigned under a lock that its transaction holds until the commit. So whoever reads a sequence has all before
 * it, also those of transactions that began earlier and took longer.
 *
 * @throws Problem `events-expired`, `invalid-request` beyond the log
 */
export const listEvents = (
  ctx: Ctx,
  page: { after?: number | undefined; limit: number; types?: readonly string[] | undefined },
): Promise<EventPage> =>
  withTx(ctx, async (ctx) => {
    // Before the rows: an event that is committed in between is in the page, but never before its end and missing.
    const last = await readLastSequence(ctx);
    const after = page.after ?? (await horizonOf(ctx, 0, last));
    if (page.after !== undefined) {
      assertReached(after, last, "query:/after");
      await assertInLog(ctx, after, last);
    }
    const ofTypes = page.types ? inArray(table.type, [...page.types]) : undefined;
    const hiddenTypes = unreadable(ctx.permissions);
    const ofReadable = hiddenTypes.length > 0 ? notInArray(table.subjectType, hiddenTypes) : undefined;
    const condition = and(ofTenant(ctx, table), gt(table.sequence, after), ofTypes, ofReadable);
    const rows = await ctx.db
      .select()
      .from(table)
      .where(condition)
      .orderBy(asc(table.sequence))
      .limit(page.limit + 1);
    const hasMore = rows.length > page.limit;
    const seen = rows.slice(0, page.limit);
    const hidden = await hiddenOf(
      ctx,
      seen.map(({ subjectId }) => subjectId),
    );
    const data = seen.filter(({ subjectId }) => !hidden.has(subjectId)).map(envelopeOf);
    const lastSeen = seen.at(-1)?.sequence ?? after;
    const read = hasMore ? lastSeen : Math.max(last, lastSeen);
    return { data, nextCursor: hasMore ? String(read) : null, hasMore, lastSequence: read };
  });

/** The sequence of the tenant's last event, 0 before the first. */
export const readLastSequence = (ctx: Ctx): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db.execute<{ last: string }>(
      sql`select ${lastSequence(sql`${ctx.tenantId}::uuid`)} as last`,
    );
    return Number(only(rows).last);
  });

/** Whoever has read further than the log goes read another one, or this one before it was restored. @throws Problem `invalid-request` */
export const assertReached = (sequence: number, last: number, path: string): void => {
  if (sequence <= last) return;
  const errors = [{ path, message: `must be at most ${last}, the sequence of the last event` }];
  throw new Problem("invalid-request", undefined, { errors });
};

/** The log has no gaps, so a missing next event has expired. @throws Problem `events-expired` */
const assertInLog = async (ctx: Ctx, after: number, last: number): Promise<void> => {
  const horizon = await horizonOf(ctx, after, last);
  if (horizon > after)
    throw new Problem("events-expired", `The log has no event ${after + 1} any more.`, { after: horizon });
};

/** The sequence just before the first event after `after` that is left. Joins the caller's transaction. */
const horizonOf = async (ctx: Ctx, after: number, last: number): Promise<number> => {
  if (after >= last) return after;
  const [next] = await ctx.db
    .select({ sequence: table.sequence })
    .from(table)
    .where(and(ofTenant(ctx, table), gt(table.sequence, after)))
    .orderBy(asc(table.sequence))
    .limit(1);
  return next ? next.sequence - 1 : last;
};

/** Events after a sequence that are older than `until`, in order. For the system, as `findEvents`. */
export const listEventsUntil = (ctx: Ctx, page: { after: number; until: Date; limit: number }): Promise<Event[]> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db
      .select()
      .from(table)
      .where(and(ofTenant(ctx, table), gt(table.sequence, page.after)))
      .orderBy(asc(table.sequence))
      .limit(page.limit);
    // Ids, and so times of creation, are not in the order of sequences: the list ends before the first younger event.
    const end = rows.findIndex(({ createdAt }) => createdAt > page.until);
    return (end < 0 ? rows : rows.slice(0, end)).map(envelopeOf);
  });

/** By id. For the system: collections that hide documents are not considered. */
export const findEvents = (ctx: Ctx, ids: readonly Id<"event">[]): Promise<Map<Id<"event">, Event>> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db
      .select()
      .from(table)
      .where(and(ofTenant(ctx, table), inArray(table.id, [...ids])));
    return new Map(rows.map((row) => [row.id, envelopeOf(row)]));
  });

/** The first and the last sequence of events that occurred in this time; undefined when there are none. */
export const sequencesBetween = (
  ctx: Ctx,
  { since, until }: { since: Date; until: Date },
): Promise<{ first: number; last: number } | undefined> =>
  withTx(ctx, async (ctx) => {
    // An id contains the time: the primary key finds the range.
    const rows = await ctx.db.execute<{ first: string | null; last: string | null }>(sql`
      select min(sequence) as first, max(sequence) as last from app.events where tenant_id = ${ctx.tenantId}
        and id >= app.uuid_floor(${since.toISOString()}::timestamptz) and id < app.uuid_floor(${until.toISOString()}::timestamptz)`);
    const { first, last } = only(rows);
    return first === null || last === null ? undefined : { first: Number(first), last: Number(last) };
  });
