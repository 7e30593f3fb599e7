import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { type Id, newUuid, toId, toUuid } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { Allowance } from "./plan.ts";
import type { Identity } from "./token.ts";

/** What a person is in one tenant. */
export type Membership = {
  tenantId: Id<"tenant">;
  tenantName: string;
  tenantStatus: string;
  isPlatform: boolean;
  role: string;
  status: string;
  name: string | null;
  allowance: Allowance;
};

/** The user whom a token belongs to, with all memberships, or only the one of the token's own provider. */
export type Person = { userId: Id<"user">; email: string; memberships: readonly Membership[] };

/** A change of a membership takes effect in every process within 30 s: this, and the time of one request. */
const keptMs = 20_000;
const peopleMax = 10_000;

type Found = Person & { sessionsValidAfter: Date | null };

/** Only people who exist, so that an accepted invitation counts at once. */
const people = new LRUCache<string, Found, Identity>({
  max: peopleMax,
  ttl: keptMs,
  perf: { now: () => now().getTime() },
  fetchMethod: (_key, _stale, { context }) => readPerson(context),
  // `forgetPeople` must not fail the requests that read a person at this moment; what they read is not kept.
  ignoreFetchAbort: true,
});

/**
 * The person of a verified token; undefined when no user has this account. Up to 20 s old.
 *
 * @throws Problem `unauthenticated` when the person has signed out since
 */
export async function findPerson(identity: Identity): Promise<Person | undefined> {
  const key = JSON.stringify([identity.tenantId, identity.issuer, identity.subject]);
  const person = await people.fetch(key, { context: identity });
  if (person?.sessionsValidAfter && identity.authTime < person.sessionsValidAfter) throw new Problem("unauthenticated");
  return person;
}

/** Has the memberships read again in this process. Call it after a change of them; other processes follow within 30 s. */
export const forgetPeople = (): void => people.clear();

/**
 * Gives the account of a verified token to the user with this e-mail address, who is created if there is none. The caller has
 * checked that the person may use the address: only an invitation proves it, never a claim of the token (docs/decisions).
 * Joins the caller's transaction. Returns undefined when the address or the account belongs to another person.
 */
export async function linkIdentity(ctx: Ctx, identity: Identity, email: string): Promise<Id<"user"> | undefined> {
  const { issuer, subject, tenantId } = identity;
  const [row] = await ctx.db.execute<{ id: string | null }>(
    sql`select app.link_identity(${newUuid()}, ${email}, ${issuer}, ${subject}, ${tenantId ? toUuid(tenantId) : null}) as id`,
  );
  return row?.id ? toId("user", row.id) : undefined;
}

const readPerson = async ({ issuer, subject, tenantId }: Identity): Promise<Found | undefined> => {
  type Row = {
    user_id: string;
    email: string;
    sessions_valid_after: string | null;
    tenant_id: string | null;
    tenant_name: string;
    tenant_status: string;
    is_platform: boolean;
    role: string;
    status: string;
    name: string | null;
    allowance: unknown;
  };
  const provider = tenantId ? `${literal(toUuid(tenantId))}::uuid` : "null";
  // Without parameters it takes one round trip.
  const query = `select * from app.memberships_of(${literal(issuer)}, ${literal(subject)}, ${provider})`;
  const rows = await lookup("AppDatabase", (sql) => sql.unsafe<Row[]>(query));
  const [first] = rows;
  if (!first) return undefined;
  return {
    userId: toId("user", first.user_id),
    email: first.email,
    sessionsValidAfter: first.sessions_valid_after === null ? null : new Date(first.sessions_valid_after),
    memberships: rows.flatMap((row) =>
      row.tenant_id === null || ["offboarding", "deleted"].includes(row.tenant_status)
        ? []
        : {
            tenantId: toId("tenant", row.tenant_id),
            tenantName: row.tenant_name,
            tenantStatus: row.tenant_status,
            isPlatform: row.is_platform,
            role: row.role,
            status: row.status,
            name: row.name,
            allowance: Allowance.parse(row.allowance),
          },
    ),
  };
};
