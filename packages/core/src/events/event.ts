import { and, asc, gt, inArray } from "drizzle-orm";
import { z } from "zod";
import { hiddenOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { idSchema } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { eventTable as table } from "./event.sql.ts";

/** One shape for the log, the EventBridge detail and the webhook body. */
export const Event = z.object({
  id: idSchema("event"),
  type: z.string(),
  version: z.int(),
  tenantId: idSchema("tenant"),
  /** Gap-free per tenant, from 1. */
  sequence: z.int(),
  occurredAt: z.iso.datetime(),
  actor: z.string(),
  subject: z.object({ type: z.string(), id: z.string() }),
  data: jsonObject,
  traceparent: z.string().nullable(),
});
export type Event = z.output<typeof Event>;

/**
 * Events after a sequence, in order. The next page is `after` the last sequence of this one, which may be short: events
 * of documents that the caller may not see are left out.
 */
export const listEvents = (ctx: Ctx, page: { after: number; limit: number; types?: string[] | undefined }) =>
  withTx(ctx, async (ctx) => {
    const ofTypes = page.types ? inArray(table.type, page.types) : undefined;
    const wanted = and(ofTenant(ctx, table), gt(table.sequence, page.after), ofTypes);
    const rows = await ctx.db
      .select()
      .from(table)
      .where(wanted)
      .orderBy(asc(table.sequence))
      .limit(page.limit + 1);
    const hasMore = rows.length > page.limit;
    const seen = rows.slice(0, page.limit);
    const hidden = await hiddenOf(
      ctx,
      seen.map(({ subjectId }) => subjectId),
    );
    const data = seen.filter(({ subjectId }) => !hidden.has(subjectId)).map((row) => shape(ctx, row));
    return { data, nextCursor: hasMore ? String(seen.at(-1)!.sequence) : null, hasMore };
  });

const shape = (ctx: Ctx, row: typeof table.$inferSelect): Event =>
  Event.parse({
    id: row.id,
    type: row.type,
    version: row.version,
    tenantId: ctx.tenantId,
    sequence: row.sequence,
    occurredAt: row.createdAt.toISOString(),
    actor: row.actor,
    subject: { type: row.subjectType, id: row.subjectId },
    data: row.data,
    traceparent: row.traceparent,
  });
