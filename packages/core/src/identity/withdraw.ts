import { and, eq } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { invitationTable as table } from "./identity.sql.ts";

/** Void what a person or key has sent: it would give others a role that its creator no longer may give. */
export const withdrawInvitationsOf = async (ctx: Ctx, creator: string): Promise<void> => {
  const rows = await ctx.db
    .update(table)
    .set({ status: "withdrawn", updatedAt: now() })
    .where(and(ofTenant(ctx, table), eq(table.createdBy, creator), eq(table.status, "pending")))
    .returning({ id: table.id });
  for (const { id } of rows)
    recordAudit(ctx, { action: "invitation.withdraw", subject: id, detail: { because: creator } });
};
