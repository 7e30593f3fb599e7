import { createHash } from "node:crypto";
import {
  type Admission,
  admit,
  assertNotUsedUp,
  type Bucket,
  count,
  limitsOf,
  type MonthlyMeter,
} from "@resolve/core/identity";
import { Problem } from "@resolve/core/platform/problems";
import type { Context, MiddlewareHandler } from "hono";
import type { Caller, Env } from "./env.ts";

/** A person with a valid token who is a member of no tenant. */
const stranger = { perSecond: 10, size: 20 };

const bucketsOf = ({ allowance, homeTenantId, actorName }: Caller): Bucket[] => {
  const { requestsPerSecond, requestBurst, callerRequestsPerSecond } = limitsOf(allowance);
  const size = Math.max(1, Math.round((requestBurst * callerRequestsPerSecond) / requestsPerSecond));
  return [
    { name: homeTenantId, perSecond: requestsPerSecond, size: requestBurst },
    { name: `${homeTenantId}/${actorName}`, perSecond: callerRequestsPerSecond, size },
  ];
};

/**
 * Requests of a key or person, and of all of its tenant. Runs after the authentication, since both are known then, and before
 * everything that costs more. The firewall limits requests without a credential by their address (stacks/waf.ts).
 */
export const rateLimit: MiddlewareHandler<Env> = async function rateLimit(c, next) {
  const { caller, identity } = c.var;
  const buckets = caller
    ? bucketsOf(caller)
    : identity && [{ ...stranger, name: `${identity.issuer}/${identity.subject}` }];
  if (!buckets) return next();
  const admission = await admit(buckets);
  if (!admission.isAdmitted) {
    if (refused.size >= refusedMax) refused.clear();
    refused.set(credentialOf(c), { ...admission, until: Date.now() + admission.retryAfterMs });
    return refuse(c, admission);
  }
  const headers = headersOf(admission);
  if (caller) count(caller.homeTenantId, "requests");
  await next();
  // A stored response is another object, without these headers.
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
};

/** Credentials whose bucket was empty a moment ago, by their hash, until the next request would be admitted. */
const refused = new Map<string, Admission & { until: number }>();
const refusedMax = 10_000;

/** Refuses a credential again without asking the database and Redis: a tenant beyond its limit costs the others little. */
export const refusedBefore: MiddlewareHandler<Env> = async function refusedBefore(c, next) {
  const admission = refused.size > 0 ? refused.get(credentialOf(c)) : undefined;
  const retryAfterMs = (admission?.until ?? 0) - Date.now();
  if (!admission || retryAfterMs <= 0) return next();
  return refuse(c, { ...admission, retryAfterMs });
};

const credentialOf = (c: Context<Env>): string =>
  createHash("sha256")
    .update(`${c.req.header("authorization")} ${c.req.header("x-resolve-tenant")}`)
    .digest("base64");

const refuse = (c: Context<Env>, admission: Admission): never => {
  for (const [name, value] of Object.entries(headersOf(admission))) c.header(name, value);
  const retryAfterSeconds = Math.max(1, Math.ceil(admission.retryAfterMs / 1000));
  throw new Problem("rate-limited", `More than ${admission.limit} requests came at once.`, { retryAfterSeconds });
};

const headersOf = ({ limit, remaining, resetSeconds }: Admission): Record<string, string> => ({
  "ratelimit-limit": String(limit),
  "ratelimit-remaining": String(remaining),
  "ratelimit-reset": String(resetSeconds),
});

const countedHere = ["searches", "answers"] as const;

/** Of a route that uses up monthly limits: refuses what is not left, and counts a search or an answer that has succeeded. */
export const usageLimit = (wanted: readonly MonthlyMeter[]): MiddlewareHandler<Env> =>
  async function usageLimit(c, next) {
    assertNotUsedUp(c.var.caller.allowance, wanted);
    await next();
    const counted = countedHere.filter((meter) => wanted.includes(meter));
    if (counted.length === 0 || !c.res.ok) return;
    for (const meter of counted) count(c.var.ctx.tenantId, meter);
    c.set("sendsCounts", true);
  };
