import { createHash } from "node:crypto";
import { dropIdempotencyKey, type StoredResponse, storeResponse, takeIdempotencyKey } from "@resolve/core/identity";
import { relay } from "@resolve/core/platform/outbox";
import { Problem } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Env } from "./env.ts";

const defaultBodyBytesMax = 1024 ** 2;
/** The limit of routes that accept a document's text: a million characters of up to 4 bytes, and the JSON around them. */
export const textBodyBytesMax = 6 * 1024 ** 2;

/** Body limits by `METHOD path`, of the routes that declare one with `secured`. */
export const bodyLimits = new Map<string, number>();

/** Refuses a body that is too large or not JSON, before authentication and before the body is parsed. */
export const bodyGuard: MiddlewareHandler<Env> = async function bodyGuard(c, next) {
  if (["GET", "HEAD", "OPTIONS"].includes(c.req.method)) return next();
  const declared = matchedRoutes(c).map(({ method, path }) => bodyLimits.get(`${method} ${path}`) ?? 0);
  const limitBytes = Math.max(defaultBodyBytesMax, ...declared);
  // Measure the body, which API Gateway passes as a whole, instead of trusting a header.
  const bytes = (await c.req.raw.clone().arrayBuffer()).byteLength;
  if (bytes > limitBytes) throw new Problem("request-too-large", undefined, { limitBytes });
  if (bytes > 0 && !/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    throw new Problem("unsupported-media-type");
  return next();
};

const relayRowsMax = 20;
const relayWaitMs = 150;

/** Sends the outbox rows of the request before the response, for at most 150 ms. The relay's schedule sends the rest. */
export const relayAfter: MiddlewareHandler<Env> = async function relayAfter(c, next) {
  await next();
  if (!c.var.ctx?.written.outbox) return;
  const sending = relay({ limit: relayRowsMax }).catch((error) => logger.warn("relay failed", describeError(error)));
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, relayWaitMs);
  });
  await Promise.race([sending, timeout]);
  clearTimeout(timer);
};

/** Statuses that are not stored, because a repeated request may get another response. */
const notStored = new Set([401, 403, 409, 429]);

/** Response headers that a replay must have too. */
const storedHeaders = ["content-type", "etag", "location"];

/**
 * `Idempotency-Key` on every POST route that does not declare `isReading`: the same caller, key and body get the same
 * response for 24 h. Runs after the route's access check, so that a stored response reaches only a caller who may still
 * make the request.
 */
export const idempotency: MiddlewareHandler<Env> = async function idempotency(c, next) {
  const key = c.req.header("idempotency-key");
  const { caller } = c.var;
  if (key === undefined || c.req.method !== "POST" || !caller) return next();
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Problem("invalid-request", undefined, {
      errors: [{ path: "header:/idempotency-key", message: "must be 1 to 255 visible ASCII characters" }],
    });
  // The tenant that an operator enters is part of the request.
  const route = `${c.req.method} ${c.req.path}${c.var.ctx === caller.home ? "" : ` ${c.var.ctx.tenantId}`}`;
  const fingerprint = createHash("sha256")
    .update(Buffer.from(await c.req.raw.clone().arrayBuffer()))
    .digest();
  const stored = await takeIdempotencyKey(caller.home, { route, key, fingerprint });
  if (stored) {
    c.res = new Response(stored.body, {
      status: stored.status,
      headers: { ...stored.headers, "idempotency-replayed": "true" },
    });
    return;
  }
  await next();
  const { status } = c.res;
  if (status >= 500 || notStored.has(status)) {
    await dropIdempotencyKey(caller.home, { route, key });
    return;
  }
  const response: StoredResponse = {
    status,
    headers: Object.fromEntries([...c.res.headers].filter(([name, value]) => storedHeaders.includes(name) && value)),
    body: await c.res.clone().text(),
  };
  await storeResponse(caller.home, { route, key }, response);
};
