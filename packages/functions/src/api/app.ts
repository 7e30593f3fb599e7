import { type createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { type Permission, type Role, roleGrants } from "@resolve/core/identity";
import { pgError } from "@resolve/core/platform/database/pg-error";
import { forbidden, Problem, problemTypes } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { checkBody, refuseBody } from "./check-body.ts";
import type { Env } from "./env.ts";
import { bodyLimits, idempotency, type Replay } from "./middleware.ts";
import { faultsOf } from "./validation.ts";

/** What a route demands. `public` needs no credential; the other scopes say whose data it touches. */
export type Access = "public" | { permission: Permission; scope: "tenant" | "home" | "platform" };

/** Access by `METHOD path`, as the routes declare it; the tests call every one of them with every role. */
export const accessTable = new Map<string, Access>();

/** Routes that declare `isReading`, as `METHOD path`. */
export const readingRoutes = new Set<string>();

export const newRouter = () =>
  new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success)
        throw new Problem("invalid-request", undefined, {
          // The hook's type leaves out the input, which the validator passes too.
          errors: faultsOf(result.target, result.error.issues, (result as { data?: unknown }).data),
        });
    },
  });

type RouteConfig = Parameters<typeof createRoute>[0];

type Declared = {
  access: Access;
  /** Largest body in bytes, when the route takes more than the default of 1 MiB. */
  bodyBytesMax?: number;
  /** A POST that writes nothing: its responses are not stored under an `Idempotency-Key`. */
  isReading?: boolean;
  /** The response of a POST that succeeded, for a repetition of its `Idempotency-Key` when that response was lost. */
  replay?: Replay;
  /** A POST of several transactions that is run again when it died between them. */
  isRepeatable?: boolean;
};

/** A route with its access, which is checked before its input is. A route without access does not compile. */
export const secured = <const R extends RouteConfig>(route: R & Declared) => {
  const { access, bodyBytesMax, isReading = false, replay, isRepeatable = false, ...config } = route;
  const name = `${config.method.toUpperCase()} /api${config.path.replace(/\{(\w+)\}/g, ":$1")}`;
  accessTable.set(name, access);
  if (bodyBytesMax !== undefined) bodyLimits.set(name, bodyBytesMax);
  if (isReading) readingRoutes.add(name);
  const needs = access === "public" ? [] : [{ bearer: [] as string[] }];
  const repeats = isReading ? [] : [idempotency({ replay, isRepeatable })];
  const bodyCheck = config.request?.body ? checkBody : refuseBody;
  const middleware: MiddlewareHandler<Env>[] = [checkAccess(access), checkQuery(config), ...repeats, bodyCheck];
  // In the OpenAPI document, so that a client and the acceptance tests can read what a route demands.
  const described = access === "public" ? {} : { "x-access": access };
  const result = { ...config, ...described, security: needs, middleware };
  return Object.defineProperty(result, "getRoutingPath", {
    enumerable: false,
    value: () => config.path.replaceAll(/\/{(.+?)}/g, "/:$1"),
  }) as unknown as Omit<R, keyof Declared> & { middleware: MiddlewareHandler<Env>[]; getRoutingPath(): string };
};

const checkAccess = (access: Access): MiddlewareHandler<Env> =>
  async function checkAccess(c, next) {
    if (access === "public") return next();
    const { caller } = c.var;
    if (!caller) throw new Problem("unauthenticated");
    if (!caller.permissions.has(access.permission)) throw forbidden(access.permission);
    if (access.scope === "platform" && !caller.isPlatform) throw forbidden(access.permission);
    if (access.scope === "tenant" && caller.isPlatform && c.var.ctx.tenantId === caller.homeTenantId)
      throw new Problem("tenant-required");
    return next();
  };

/** Refuses parameters that the route does not have: a misspelt filter would list everything. */
const checkQuery = ({ request }: RouteConfig): MiddlewareHandler<Env> => {
  const known = request?.query && "shape" in request.query ? Object.keys(request.query.shape as object) : [];
  return async function checkQuery(c, next) {
    const unknown = [...new Set(new URL(c.req.url).searchParams.keys())].filter((name) => !known.includes(name));
    if (unknown.length === 0) return next();
    const errors = unknown.map((name) => ({ path: `query:/${name}`, message: "is not a known parameter" }));
    throw new Problem("invalid-request", undefined, { errors });
  };
};

/** Does the caller's grant reach only what the caller made? */
export const isLimitedToOwn = (c: Context<Env>, permission: Permission): boolean =>
  c.var.caller.permissions.get(permission) === "own";

/** @throws Problem `forbidden` when the grant does not reach a thing of this owner. */
export const assertOwn = (c: Context<Env>, permission: Permission, owner: string): void => {
  if (isLimitedToOwn(c, permission) && owner !== c.var.caller.actorName) throw forbidden(permission);
};

/**
 * The database is away, full, or has just ended our connection, or another transaction held the row for too long:
 * PostgreSQL's and PgBouncer's codes, then the client's. Nothing was changed, and a repetition can succeed.
 */
const awayCodes: ReadonlySet<string> = new Set([
  ...["57014", "57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08006", "08P01"],
  // lock_timeout, deadlock, serialization failure.
  ...["55P03", "40P01", "40001"],
  ...["ECONNREFUSED", "ECONNRESET", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED"],
]);

/** Hono itself throws HTTPException for malformed JSON: the caller's fault. */
const toProblem = (error: Error): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status < 500)
    return new Problem("invalid-json", undefined, {}, { cause: error });
  const { code } = pgError(error);
  // The database refused the text itself, of a query or a header.
  if (code === "22021" || code === "22P05" || error.message.includes("a NUL cannot be sent"))
    return new Problem("invalid-request", "The text holds a character that cannot be stored.");
  if (awayCodes.has(String(code)))
    return new Problem("unavailable", undefined, { retryAfterSeconds: 1 }, { cause: error });
  return new Problem("internal", undefined, {}, { cause: error });
};

export const onError: ErrorHandler<Env> = (error, c) => {
  const problem = toProblem(error);
  if (problem.status >= 500)
    logger.error("request failed", {
      requestId: c.var.requestId,
      path: c.req.path,
      ...describeError(problem.cause ?? problem),
    });
  return problemResponse(c, problem);
};

export const problemResponse = (c: Context<Env>, problem: Problem): Response => {
  const { title, hint } = problemTypes[problem.code];
  const { retryAfterSeconds, ...extensions } = problem.extensions;
  const body = {
    type: `${problemBase}/${problem.code}`,
    title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    hint,
    instance: c.req.path,
    requestId: c.var.requestId,
    ...extensions,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (typeof retryAfterSeconds === "number") headers["retry-after"] = String(retryAfterSeconds);
  if (problem.status === 401) headers["www-authenticate"] = "Bearer";
  if (Array.isArray(extensions["allow"])) headers["allow"] = extensions["allow"].join(", ");
  return c.newResponse(JSON.stringify(body), problem.status as 400, headers);
};

/** Pages of the problems; relative, so that the same document is right on every stage. */
const problemBase = "/api/docs/problems";

export const roles = Object.keys(roleGrants) as Role[];
