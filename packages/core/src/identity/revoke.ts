import { and, isNull } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { ApiKeyRevoked } from "./api-key.events.ts";
import { apiKeyTable as table } from "./identity.sql.ts";
import { withdrawInvitationsOf } from "./withdraw.ts";

/** Revokes a key; idempotent. @throws Problem `not-found` */
export const revokeApiKey = (ctx: Ctx, id: Id<"apiKey">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const requested = ownedBy(ctx, table, id);
    const revoked = await ctx.db
      .update(table)
      .set({ revokedAt: now() })
      .where(and(requested, isNull(table.revokedAt)))
      .returning({ id: table.id });
    if (revoked.length === 0) {
      const [row] = await ctx.db.select({ id: table.id }).from(table).where(requested);
      if (!row) throw new Problem("not-found");
      return;
    }
    recordAudit(ctx, { action: "apikey.revoke", subject: id });
    publish(ctx, ApiKeyRevoked, id, {});
    await withdrawInvitationsOf(ctx, actorName({ type: "apiKey", id }));
  });

/**
 * Revokes the keys that a caller created, those that such keys created, and so on: whoever knows one key may know them all. Joins
 * the caller's transaction. Returns those that were valid; keys that `isKept` names stay.
 */
export async function revokeKeysOf(
  ctx: Ctx,
  creator: string,
  isKept: (key: { role: string; scopes: string[] | null }) => boolean = () => false,
): Promise<Id<"apiKey">[]> {
  const { id, createdBy, revokedAt, role, scopes } = table;
  const keys = await ctx.db.select({ id, createdBy, revokedAt, role, scopes }).from(table).where(ofTenant(ctx, table));
  const byCreator = Map.groupBy(keys, ({ createdBy }) => createdBy);
  const found = [...(byCreator.get(creator) ?? [])];
  // The list grows while it is read. A key has one creator, which is older than itself, so no key comes twice.
  for (const { id } of found) found.push(...(byCreator.get(actorName({ type: "apiKey", id })) ?? []));
  const valid = found.filter((key) => key.revokedAt === null && !isKept(key)).map(({ id }) => id);
  for (const id of valid) await revokeApiKey(ctx, id);
  return valid;
}
