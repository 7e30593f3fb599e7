import { sql } from "drizzle-orm";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { forgetPeople } from "./caller.ts";
import type { Identity } from "./token.ts";

/** Refuses all tokens of earlier sign-ins of this account, in every process within 30 s. The tenant's audit log records it. */
export async function signOut(ctx: Ctx, userId: Id<"user">, { issuer, subject, tenantId }: Identity): Promise<void> {
  await withTx(ctx, async (ctx) => {
    await ctx.db.execute(sql`select app.sign_out(${issuer}, ${subject}, ${tenantId ? toUuid(tenantId) : null})`);
    recordAudit(ctx, { action: "member.sign_out", subject: userId });
  });
  forgetPeople();
}
