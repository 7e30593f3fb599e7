import { and, eq, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ownedBy, withIds } from "../platform/database/rows.ts";
import { lostAfterSeconds, resend } from "./attempt.ts";
import { deliveryTable as table } from "./webhook.sql.ts";

const dispatchMax = 200;

/** Queues attempts that are due: those that waited too long for a queue, and those without a result. Returns how many. */
export async function dispatchDue(): Promise<number> {
  const due = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.webhook_deliveries where next_attempt_at <= app.now() order by next_attempt_at limit ${dispatchMax}`),
  );
  for (const { tenant_id: tenantId, id } of withIds(due, { tenant_id: "tenant", id: "delivery" })) {
    const ctx = systemCtx({ tenantId, job: "sweep" });
    await withTx(ctx, async (ctx) => {
      const lostAt = new Date(now().getTime() + lostAfterSeconds * 1000);
      const stillDue = and(
        ownedBy(ctx, table, id),
        eq(table.status, "pending"),
        sql`${table.nextAttemptAt} <= app.now()`,
      );
      const [delivery] = await ctx.db
        .update(table)
        .set({ nextAttemptAt: lostAt, updatedAt: now() })
        .where(stillDue)
        .returning();
      if (delivery) await resend(ctx, delivery, delivery.attempts + 1, 0);
    });
  }
  return due.length;
}
