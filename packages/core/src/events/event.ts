import { and, asc, gt, inArray, notInArray } from "drizzle-orm";
import { hiddenOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Event, envelopeOf } from "../platform/envelope.ts";
import type { Id } from "../platform/id.ts";
import { eventTable as table } from "./event.sql.ts";

/** The permission, without a limit to own objects, that events about these need. Members are the administrators' business, as keys are. */
const permissionOf = {
  apiKey: "apikey:read",
  user: "apikey:read",
  webhook: "webhook:read",
  job: "job:read",
  onboarding: "onboarding:read",
} as const;

/** Subject types whose events the caller may not read. */
const unreadable = ({ permissions }: Ctx): string[] =>
  Object.entries(permissionOf)
    .filter(([, permission]) => (permissions.get(permission) ?? permissions.get("*")) !== "any")
    .map(([subjectType]) => subjectType);

/**
 * Events after a sequence, in order. The next page is `after` the last sequence of this one, which may be short: events
 * of documents that the caller may not see are left out.
 */
export const listEvents = (ctx: Ctx, page: { after: number; limit: number; types?: string[] | undefined }) =>
  withTx(ctx, async (ctx) => {
    const ofTypes = page.types ? inArray(table.type, page.types) : undefined;
    const hiddenTypes = unreadable(ctx);
    const ofReadable = hiddenTypes.length > 0 ? notInArray(table.subjectType, hiddenTypes) : undefined;
    const condition = and(ofTenant(ctx, table), gt(table.sequence, page.after), ofTypes, ofReadable);
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
    // With more rows than the limit, which is at least 1, the page has a last row.
    return { data, nextCursor: hasMore ? String(seen.at(-1)!.sequence) : null, hasMore };
  });

/** Events after a sequence that are older than `until`, in order. For the system, as `findEvent`. */
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

/** For the system: collections that hide documents are not considered. */
export const findEvent = (ctx: Ctx, id: Id<"event">): Promise<Event | undefined> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    return row && envelopeOf(row);
  });
