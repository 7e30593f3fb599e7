import { LRUCache } from "lru-cache";
import { now } from "../platform/clock.ts";
import { Problem } from "../platform/problems.ts";
import { userPool } from "../platform/services/user-pool.ts";
import type { Identity } from "./token.ts";

/** Roles that need a second factor where the accounts are the platform's own (F-23). */
const protectedRoles: ReadonlySet<string> = new Set(["admin", "tenant_admin"]);

const keptMs = 300_000;
const peopleMax = 10_000;

/** By subject, only people with a second factor, so that a new factor counts at once. */
const protectedPeople = new LRUCache<string, true>({
  max: peopleMax,
  ttl: keptMs,
  perf: { now: () => now().getTime() },
  fetchMethod: async (subject) => ((await userPool().factorsOf(subject)).length > 0 ? true : undefined),
});

/**
 * A tenant's own provider decides itself how its people sign in.
 *
 * @throws Problem `mfa-required`; `unavailable` when the pool does not respond
 */
export async function assertSecondFactor({ subject, tenantId }: Identity, role: string): Promise<void> {
  if (tenantId !== undefined || !protectedRoles.has(role)) return;
  const isProtected = await protectedPeople.fetch(subject).catch((cause) => {
    // Someone deleted the account after the token was issued.
    if (Object(cause).name === "UserNotFoundException") return false;
    throw new Problem("unavailable", undefined, { retryAfterSeconds: 1 }, { cause });
  });
  if (!isProtected) throw new Problem("mfa-required");
}
