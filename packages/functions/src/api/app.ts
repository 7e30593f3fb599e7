import { type createRoute, OpenAPIHono } from "@hono/zod-openapi";
import {
  includes,
  type MonthlyMeter,
  type Permission,
  type Role,
  roleGrants,
  suspensionProblem,
} from "@resolve/core/identity";
import type { Ctx } from "@resolve/core/platform/context";
import { pgError } from "@resolve/core/platform/database/pg-error";
import { forbidden, Problem, problemTypes } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { checkBody, refuseBody } from "./check-body.ts";
import type { Env } from "./env.ts";
import { bodyLimits, idempotency, type Replay } from "./middleware.ts";
import { usageLimit } from "./rate-limit.ts";
import { schemaFaults } from "./validation.ts";

/**
 * The access of a route. `public` needs no credential; the scopes name whose data the route uses. `identity` needs the token of
 * a person, and a membership only for its permission.
 */
export type Access =
  | "public"
  | { scope: "identity"; permission?: Permission }
  | { permission: Permission; scope: "tenant" | "home" | "platform" };

/** The declared access by `METHOD path`; a test calls every route with every role. */
export const accessTable = new Map<string, Access>();

/** Routes that declare `isReading`, as `METHOD path`. */
export const readingRoutes = new Set<string>();

export const newRouter = () =>
  new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success)
        throw new Problem("invalid-request", undefined, {
          // The validator also passes the input, which the hook's type lacks.
          errors: schemaFaults(result.target, result.error.issues, (result as { data?: unknown }).data),
        });
    },
  });

type RouteConfig = Parameters<typeof createRoute>[0];

type Declared = {
  access: Access;
  /** The largest body in bytes, when it is more than the default of 1 MiB. */
  bodyBytesMax?: number;
  /** A POST that writes nothing: its responses are not stored under an `Idempotency-Key`. */
  isReading?: boolean;
  /** The response of a POST that succeeded, for a repetition of its `Idempotency-Key` when that response was lost. */
  replay?: Replay;
  /** The monthly limits that the route uses up. */
  uses?: readonly MonthlyMeter[];
  /** A POST of several transactions that is run again when it died between them. */
  isRepeatable?: boolean;
  /** The route responds in a suspended tenant too. */
  worksWhileSuspended?: boolean;
};

/** A route with its access, which is checked before its input. A route without access does not compile. */
export const secured = <const R extends RouteConfig>(route: R & Declared) => {
  const {
    access,
    bodyBytesMax,
    isReading = false,
    replay,
    isRepeatable = false,
    uses = [],
    worksWhileSuspended = false,
    ...config
  } = route;
  const name = `${config.method.toUpperCase()} /api${config.path.replace(/\{(\w+)\}/g, ":$1")}`;
  accessTable.set(name, access);
  if (bodyBytesMax !== undefined) bodyLimits.set(name, bodyBytesMax);
  if (isReading) readingRoutes.add(name);
  const needs: Record<string, string[]>[] = access === "public" ? [] : [{ bearer: [] }];
  const isRepeatedByKey = !isReading && (access === "public" || access.scope !== "identity");
  const repeats = !isRepeatedByKey ? [] : [idempotency({ replay, isRepeatable })];
  const bodyCheck = config.request?.body ? checkBody : refuseBody;
  const middleware: MiddlewareHandler<Env>[] = [
    checkAccess(access, worksWhileSuspended),
    ...(uses.length > 0 ? [usageLimit(uses)] : []),
    checkQuery(config),
    ...repeats,
    bodyCheck,
  ];
  // Part of the OpenAPI document, so that clients and acceptance tests can read the access of a route.
  const described = access === "public" ? {} : { "x-access": access };
  const result = { ...config, ...described, security: needs, middleware };
  // The cast adds the two members that are set here, and removes those that `config` lacks.
  return Object.defineProperty(result, "getRoutingPath", {
    enumerable: false,
    value: () => config.path.replaceAll(/\/{(.+?)}/g, "/:$1"),
  }) as unknown as Omit<R, keyof Declared> & { middleware: MiddlewareHandler<Env>[]; getRoutingPath(): string };
};

const checkAccess = (access: Access, worksWhileSuspended: boolean): MiddlewareHandler<Env> =>
  async function checkAccess(c, next) {
    if (access === "public") return next();
    const { caller, identity, refusal } = c.var;
    if (!caller && !identity) throw new Problem("unauthenticated");
    if (access.scope === "identity" && !identity)
      throw forbidden(access.permission, "API keys cannot do this. Use the access token of a person.");
    if (access.permission === undefined) return next();
    if (!caller) throw refusal;
    if (caller.isSuspended && !worksWhileSuspended) throw await suspensionProblem(caller.home);
    if (!caller.permissions.has(access.permission)) throw forbidden(access.permission);
    if (access.scope === "platform" && !caller.isPlatform) throw forbidden(access.permission);
    if (access.scope === "tenant" && caller.isPlatform && c.var.ctx.tenantId === caller.homeTenantId)
      throw new Problem("tenant-required");
    return next();
  };

/** Refuses parameters that the route does not have, because a misspelt filter would list everything. */
const checkQuery = ({ request }: RouteConfig): MiddlewareHandler<Env> => {
  // The shape of a zod object is an object.
  const known = request?.query && "shape" in request.query ? Object.keys(request.query.shape as object) : [];
  return async function checkQuery(c, next) {
    const unknown = [...new Set(new URL(c.req.url).searchParams.keys())].filter((name) => !known.includes(name));
    if (unknown.length === 0) return next();
    const errors = unknown.map((name) => ({ path: `query:/${name}`, message: "is not a known parameter" }));
    throw new Problem("invalid-request", undefined, { errors });
  };
};

/** Is the caller's grant limited to objects that the caller created? */
export const isLimitedToOwn = (c: Context<Env>, permission: Permission): boolean =>
  c.var.caller.permissions.get(permission) === "own";

/** @throws Problem `forbidden` when the grant does not include objects of this owner */
export const assertOwn = (c: Context<Env>, permission: Permission, owner: string): void => {
  const { permissions, actorName } = c.var.caller;
  if (!includes(permissions.get(permission), actorName, { owner })) throw forbidden(permission);
};

/**
 * Codes of PostgreSQL, PgBouncer and the client: the database is unavailable, has too many connections, has closed the
 * connection, or another transaction kept a lock for too long. Nothing was changed, and a repeated request can succeed.
 */
const unavailableCodes: ReadonlySet<string> = new Set([
  ...["57014", "57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08006", "08P01"],
  // lock_timeout, deadlock, serialization failure.
  ...["55P03", "40P01", "40001"],
  ...["ECONNREFUSED", "ECONNRESET", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED"],
]);

/** Hono throws an HTTPException for malformed JSON, which is an error of the caller. `isLimited`: the key has `collections`. */
const toProblem = (error: Error, isLimited: boolean): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status < 500)
    return new Problem("invalid-json", undefined, {}, { cause: error });
  const { code } = pgError(error);
  // PostgreSQL cannot store a character of the text.
  if (code === "22021" || code === "22P05" || error.message.includes("a NUL cannot be sent"))
    return new Problem("invalid-request", "The text contains a character that cannot be stored.");
  // Row-level security lets a limited key write into its collections only.
  if (code === "42501" && isLimited)
    return forbidden("document:write", "The key is limited to collections, and this is outside of them.");
  if (unavailableCodes.has(String(code)))
    return new Problem("unavailable", undefined, { retryAfterSeconds: 1 }, { cause: error });
  return new Problem("internal", undefined, {}, { cause: error });
};

export const onError: ErrorHandler<Env> = (error, c) => {
  // Undefined when the request is refused before its credential is known.
  const ctx: Ctx | undefined = c.var.ctx;
  const problem = toProblem(error, Boolean(ctx?.collections));
  if (problem.status >= 500)
    logger.error("request failed", {
      requestId: c.var.requestId,
      ...describeError(problem.cause ?? problem),
    });
  return problemResponse(c, problem);
};

export const problemResponse = (c: Context<Env>, problem: Problem): Response => {
  const { title, hint } = problemTypes[problem.code];
  c.set("problemCode", problem.code);
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
  // Hono's type wants one literal status; every status of a problem may have a body.
  return c.newResponse(JSON.stringify(body), problem.status as 400, headers);
};

/** The pages of the problems. The path is relative, so that it is the same on every stage. */
const problemBase = "/api/docs/problems";

/** A literal object has exactly the keys of its type. */
export const roles = Object.keys(roleGrants) as Role[];
