import { createHash } from "node:crypto";
import { hiddenOf } from "@resolve/core/documents";
import {
  type Done,
  releaseIdempotencyKey,
  type StoredResponse,
  storeResponse,
  takeIdempotencyKey,
} from "@resolve/core/identity";
import { type Ctx, withClaim, withTx } from "@resolve/core/platform/context";
import { relay } from "@resolve/core/platform/outbox";
import { Problem } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import { wideEvent } from "@resolve/core/platform/wide-event";
import { within } from "@resolve/core/platform/within";
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { type Env, headerOf } from "./env.ts";

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

const deadlineMarginMs = 500;

/**
 * Responds 503 shortly before the function's timeout, at which Lambda would end the process without a problem. What the request does
 * now may still end when the process is used again; it begins no transaction, and its `Idempotency-Key` stays locked meanwhile.
 */
export const deadline: MiddlewareHandler<Env> = async function deadline(c, next) {
  const context = c.env?.lambdaContext;
  if (!context) return next();
  await within(context.getRemainingTimeInMillis() - deadlineMarginMs, next(), () => {
    const event = wideEvent();
    if (event) event.isAbandoned = true;
    return new Problem("unavailable", "The request took too long.", { retryAfterSeconds: 1 });
  });
};

const relayRowsMax = 20;
/** Far above the usual time of a call, since one that is aborted may have been taken, and its row then comes twice. */
const relayWaitMs = 1_000;

/**
 * Sends the outbox rows of the request before the response, for at most a second. Then the calls are aborted, because Lambda freezes
 * the process after the response; the relay's schedule sends the rest.
 */
export const relayAfter: MiddlewareHandler<Env> = async function relayAfter(c, next) {
  await next();
  if (!c.var.ctx?.written.outbox) return;
  const signal = AbortSignal.timeout(relayWaitMs);
  await relay({ limit: relayRowsMax, signal }).catch((error) => logger.warn("relay failed", describeError(error)));
};

/** Statuses that are not stored, because a repeated request may get another response. */
const notStored = new Set([401, 403, 409, 429]);

/** Response headers that a replay must have too. */
const storedHeaders = ["content-type", "etag", "location"];

/** The response of a request that succeeded, made again from what it did. */
export type Replay = (c: Context<Env>, done: { action: string; subject: string }) => Promise<Response>;

type Repeats = {
  replay: Replay | undefined;
  /** A request that died is run again, also when it has committed something. */
  isRepeatable: boolean;
};

/**
 * `Idempotency-Key` on every POST route that does not declare `isReading`: the same caller, key and body get the same
 * response for 24 h. Runs after the route's access check, so that a stored response reaches only a caller who may still
 * make the request.
 *
 * The key is marked as done in the transaction that makes the change. When the response was lost after that, a repetition
 * does not run the handler again: it gets the route's `replay`, or `idempotency-result-lost`.
 */
export const idempotency = ({ replay, isRepeatable }: Repeats): MiddlewareHandler<Env> =>
  async function idempotency(c, next) {
    const key = headerOf(c, "idempotency-key");
    const { caller } = c.var;
    if (key === undefined || c.req.method !== "POST" || !caller) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new Problem("invalid-request", undefined, {
        errors: [{ path: "header:/idempotency-key", message: "must be 1 to 255 visible ASCII characters" }],
      });
    // The tenant an operator enters is part of the request. `path` is decoded, so each spelling of a path is one route.
    const route = `${c.req.method} ${c.req.path}${c.var.ctx === caller.home ? "" : ` ${c.var.ctx.tenantId}`}`;
    const fingerprint = createHash("sha256")
      .update(Buffer.from(await c.req.raw.clone().arrayBuffer()))
      .digest();
    const taken = await takeIdempotencyKey(caller.home, { route, key, fingerprint });
    if (!("claim" in taken)) {
      if ("response" in taken) await assertVisible(c.var.ctx, c.req.path, taken);
      c.res =
        "response" in taken
          ? new Response(taken.response.body, { status: taken.response.status, headers: taken.response.headers })
          : await replayed(c, taken.done, replay);
      c.res.headers.set("idempotency-replayed", "true");
      return;
    }
    const { claim } = taken;
    if (!isRepeatable) c.set("ctx", withClaim(c.var.ctx, claim));
    await next();
    const { status } = c.res;
    if (status >= 500 || notStored.has(status)) {
      await releaseIdempotencyKey(caller.home, claim);
      return;
    }
    const response: StoredResponse = {
      status,
      headers: Object.fromEntries([...c.res.headers].filter(([name, value]) => storedHeaders.includes(name) && value)),
      body: await c.res.clone().text(),
    };
    // The request has succeeded all the same.
    await storeResponse(caller.home, claim, response).catch((error) =>
      logger.error("a response was not stored for repetitions", describeError(error)),
    );
  };

/**
 * The documents and collections that a stored response is about may have been hidden from the caller since.
 *
 * @throws Problem `not-found`
 */
const assertVisible = async (ctx: Ctx, path: string, { response, done }: { response: StoredResponse; done: Done }) => {
  // A creation that changed nothing wrote no audit entry; its response names the document.
  const named =
    done.subject ?? (JSON.parse(response.body || "{}") as { document?: { id?: string } }).document?.id ?? "";
  const hidden = await withTx(ctx, (ctx) => hiddenOf(ctx, [named, ...path.split("/")]));
  if (hidden.size > 0) throw new Problem("not-found");
};

/** @throws Problem `idempotency-result-lost` when the route has no replay, or what was made is no longer there. */
const replayed = async (c: Context<Env>, { action, subject }: Done, replay?: Replay): Promise<Response> => {
  const lost = (cause?: unknown) => {
    const what = action === null || subject === null ? "" : ` It did \`${action}\` of ${subject}.`;
    const detail = `The first request with this key succeeded, but its response was lost.${what}`;
    return new Problem("idempotency-result-lost", detail, { action, subject }, { cause });
  };
  if (!replay) throw lost();
  return replay(c, { action: action ?? "", subject: subject ?? "" }).catch((error) => {
    throw error instanceof Problem && error.code === "not-found" ? lost(error) : error;
  });
};
