import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, inTenant, recordAudit, withTx } from "../platform/context.ts";
import { type Changes, type Row, updateRows } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { forgetPeople } from "./caller.ts";
import { tenantTable as table } from "./identity.sql.ts";
import { getTenant, type Tenant } from "./tenant.ts";

export const Suspension = z.strictObject({
  /** The tenant reads it. */
  reason: z.string().trim().normalize("NFC").min(1).max(500),
});

export const TenantSuspended = defineEvent({
  type: "tenant.suspended",
  version: 1,
  summary:
    "The operator has suspended the tenant, or has changed the reason. Its requests are refused and its work waits until it is resumed.",
  subjectType: "tenant",
  schema: z.object({ reason: z.string() }),
  sample: { reason: "The invoice of October is not paid." },
});
export const TenantResumed = defineEvent({
  type: "tenant.resumed",
  version: 1,
  summary: "The tenant is no longer suspended, and the work that waited continues.",
  subjectType: "tenant",
  schema: z.object({}),
  sample: {},
});

/**
 * Suspends a tenant, for the operator: its requests are refused within 30 s in every process, and its work waits. With the same reason
 * a repetition changes nothing; another reason replaces the former one.
 *
 * @throws Problem `not-found`, also for the platform's own tenant; `tenant-conflict`
 */
export const suspendTenant = (ctx: Ctx, id: Id<"tenant">, { reason }: z.output<typeof Suspension>): Promise<Tenant> =>
  change(ctx, id, async (ctx, row) => {
    if (row.status === "suspended" && row.suspensionReason === reason) return;
    const isFirst = row.status !== "suspended";
    await write(ctx, {
      suspensionReason: reason,
      ...(isFirst && { status: "suspended", suspendedFrom: row.status, suspendedAt: sql`app.now()` }),
    });
    recordAudit(ctx, { action: "tenant.suspend", subject: id, detail: { reason } });
    publish(ctx, TenantSuspended, id, { reason });
  });

/**
 * Ends the suspension of a tenant, for the operator; a repetition changes nothing.
 *
 * @throws Problem `not-found`, also for the platform's own tenant; `tenant-conflict`
 */
export const resumeTenant = (ctx: Ctx, id: Id<"tenant">): Promise<Tenant> =>
  change(ctx, id, async (ctx, row) => {
    if (row.status !== "suspended") return;
    await write(ctx, {
      status: sql`${table.suspendedFrom}`,
      suspensionReason: null,
      suspendedAt: null,
      suspendedFrom: null,
      resumedAt: sql`app.now()`,
    });
    recordAudit(ctx, {
      action: "tenant.resume",
      subject: id,
      detail: { since: row.suspendedAt, reason: row.suspensionReason },
    });
    publish(ctx, TenantResumed, id, {});
  });

/** The refusal of a request in a suspended tenant, with the reason. `home` is of the caller. */
export const suspensionProblem = async (home: Ctx): Promise<Problem> => {
  const { suspension } = await getTenant(home);
  return new Problem("tenant-suspended", suspension ? `The tenant is suspended: ${suspension.reason}` : undefined, {
    reason: suspension?.reason ?? null,
    since: suspension?.since ?? null,
  });
};

const change = async (
  ctx: Ctx,
  id: Id<"tenant">,
  work: (ctx: Ctx, row: Row<typeof table>) => Promise<void>,
): Promise<Tenant> => {
  const tenant = await withTx(inTenant(ctx, id), async (ctx) => {
    const own = and(eq(table.id, id), eq(table.isPlatform, false));
    // Rows that refer to the tenant can still be written meanwhile, so a tenant that is busy can be suspended.
    const [row] = await ctx.db.select().from(table).where(own).for("no key update");
    if (!row) throw new Problem("not-found");
    if (!["onboarding", "active", "suspended"].includes(row.status))
      throw new Problem("tenant-conflict", `The tenant is ${row.status}.`, {
        state: row.status,
        allowed: ["onboarding", "active", "suspended"],
      });
    await work(ctx, row);
    return getTenant(ctx);
  });
  forgetPeople();
  return tenant;
};

const write = (ctx: Ctx, changes: Changes<typeof table>): Promise<unknown> => {
  const changed = { ...changes, updatedAt: sql`app.now()` };
  return updateRows(ctx.db, table, changed, eq(table.id, ctx.tenantId));
};
