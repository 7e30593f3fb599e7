import { countCost, countOutcome, sendCounts } from "@resolve/core/identity";
import type { Id } from "@resolve/core/platform/id";
import { figuresOf } from "@resolve/core/platform/ledger";
import type { RouteClass } from "@resolve/core/platform/metrics";
import { slowMs } from "@resolve/core/platform/objectives";
import { observed, type WideEvent } from "@resolve/core/platform/wide-event";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Env } from "./env.ts";

/**
 * Writes one line for each request and counts how it ended, for the metrics and the operator's view. The first middleware, so that
 * it includes all others.
 */
export const observe: MiddlewareHandler<Env> = async function observe(c, next) {
  const startedAt = performance.now();
  const { method } = c.req;
  // The pattern, because a path can contain whatever the caller wrote.
  const path = () => matchedRoutes(c).findLast((one) => one.method !== "ALL")?.path ?? "none";
  const isPrompt = (c.env?.event?.routeKey ?? promptRoute) === promptRoute;
  let event: WideEvent | undefined;
  await observed(
    "request",
    { traceparent: c.req.header("traceparent"), tracestate: c.req.header("tracestate") },
    (started) => {
      event = started;
      c.set("traceparent", started.trace.traceparent);
      return next();
    },
    () => ({
      requestId: c.var.requestId,
      method: methods.has(method) ? method : "other",
      path: path(),
      route: classOf(method, path(), isPrompt),
      status: `${Math.trunc(c.res.status / 100)}xx`,
      statusCode: c.res.status,
      problem: c.var.problemCode,
      // Undefined when the request is refused before its credential is known.
      tenantId: c.var.ctx?.tenantId,
      actor: c.var.caller?.actorName,
      xray: process.env["_X_AMZN_TRACE_ID"]?.slice("Root=".length, 40),
    }),
    Number(c.env?.lambdaContext?.memoryLimitInMB ?? 0),
  );
  if (classOf(method, path(), isPrompt) === "system") return;
  const slow = isPrompt && performance.now() - startedAt > slowMs;
  const tenantId = c.var.caller?.homeTenantId;
  countOutcome(tenantId, { failed: c.res.status >= 500, slow });
  const sendsCounts = c.var.sendsCounts ?? false;
  const figures = figuresOf(event!);
  // What sends the counts is a call of Redis, too.
  countCost(tenantId, { ...figures, cacheCalls: figures.cacheCalls + (sendsCounts ? 1 : 0) });
  if (c.env?.event) responding.set(c.env.event, { tenantId, sendsCounts });
};

/** Whose response the adapter is about to write, by event. */
const responding = new WeakMap<object, { tenantId: Id<"tenant"> | undefined; sendsCounts: boolean }>();

/** Counts the response, whose length only the adapter knows, and sends what was counted for a request that cannot wait for the next one. */
export const countResponse = async (event: object, responseBytes: number): Promise<void> => {
  const request = responding.get(event);
  if (!request) return;
  countCost(request.tenantId, { responseBytes });
  if (request.sendsCounts) await sendCounts();
};

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The route of API Gateway of all requests but those whose caller may wait (topology). */
const promptRoute = "ANY /api/{proxy+}";

const classOf = (method: string, path: string, isPrompt: boolean): RouteClass => {
  const isReading = method === "GET" || method === "HEAD";
  const [, resource] = /^\/api\/v1\/([\w-]+)/.exec(path) ?? [];
  if (resource === undefined) return "system";
  if (resource === "answers") return "answer";
  if (!isPrompt) return "wait";
  if (resource === "search") return "search";
  if (resource === "documents") return isReading ? "document-read" : "document-write";
  return isReading ? "read" : "write";
};
