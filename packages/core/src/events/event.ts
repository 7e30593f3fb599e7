import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { hiddenOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Event, envelopeOf } from "../platform/envelope.ts";
import type { Id } from "../platform/id.ts";
import { eventTable as table } from "./event.sql.ts";

/**
 * Events after a sequence, in order. The next page is `after` the last sequence of this one, which may be short: events
 * of documents that the caller may not see are left out.
 */
export const listEvents = (ctx: Ctx, page: { after: number; limit: number; types?: string[] | undefined }) =>
  withTx(ctx, async (ctx) => {
    const ofTypes = page.types ? inArray(table.type, page.types) : undefined;
    const condition = and(ofTenant(ctx, table), gt(table.sequence, page.after), ofTypes);
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

/** For the system: collections that hide documents are not considered. */
export const findEvent = (ctx: Ctx, id: Id<"event">): Promise<Event | undefined> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    return row && envelopeOf(row);
  });

/** True when an event of this type about this subject was published. For the system, as `findEvent`. */
export const hasEvent = (ctx: Ctx, { type, subjectId }: { type: string; subjectId: string }): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const condition = and(ofTenant(ctx, table), eq(table.type, type), eq(table.subjectId, subjectId));
    const rows = await ctx.db.select({ id: table.id }).from(table).where(condition).limit(1);
    return rows.length > 0;
  });
