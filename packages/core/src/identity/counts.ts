import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import { countedMax } from "../platform/page.ts";

type Counts = { members: number; suspendedMembers: number; invitations: number; apiKeys: number };

/** Active and suspended members, pending invitations and valid keys, each at most `countedMax`. Joins the caller's transaction. */
export const countPeople = async (ctx: Ctx): Promise<Counts> => {
  const count = (rows: ReturnType<typeof sql>) =>
    sql`(select count(*)::int from (select from ${rows} limit ${countedMax}) counted)`;
  const own = sql`tenant_id = ${ctx.tenantId}`;
  return only(
    await ctx.db.execute<Counts>(sql`select
      ${count(sql`app.memberships where ${own} and status = 'active'`)} as members,
      ${count(sql`app.memberships where ${own} and status = 'suspended'`)} as "suspendedMembers",
      ${count(sql`app.invitations where ${own} and status = 'pending' and expires_at > app.now()`)} as invitations,
      ${count(sql`app.api_keys where ${own} and revoked_at is null and (expires_at is null or expires_at > app.now())`)} as "apiKeys"`),
  );
};
