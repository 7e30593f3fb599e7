import { type createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { type Permission, type Role, roleGrants } from "@resolve/core/identity";
import { type Fault, Problem, problemTypes } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { checkBody } from "./check-body.ts";
import type { Env } from "./env.ts";
import { bodyLimits, idempotency } from "./middleware.ts";

/** What a route demands. `public` needs no credential; the other scopes say whose data it touches. */
export type Access = "public" | { permission: Permission; scope: "tenant" | "home" | "platform" };

/** Access by `METHOD path`, as the routes declare it; the tests call every one of them with every role. */
export const accessTable = new Map<string, Access>();

export const newRouter = () =>
  new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success)
        throw new Problem("invalid-request", undefined, { errors: faults(result.target, result.error.issues) });
    },
  });

type RouteConfig = Parameters<typeof createRoute>[0];

type Declared = {
  access: Access;
  /** Largest body in bytes, when the route takes more than the default of 1 MiB. */
  bodyBytesMax?: number;
  /** A POST that writes nothing: its responses are not stored under an `Idempotency-Key`. */
  isReading?: boolean;
};

/** A route with its access, which is checked before its input is. A route without access does not compile. */
export const secured = <const R extends RouteConfig>(route: R & Declared) => {
  const { access, bodyBytesMax, isReading = false, ...config } = route;
  const name = `${config.method.toUpperCase()} /api${config.path.replace(/\{(\w+)\}/g, ":$1")}`;
  accessTable.set(name, access);
  if (bodyBytesMax !== undefined) bodyLimits.set(name, bodyBytesMax);
  const needs = access === "public" ? [] : [{ bearer: [] as string[] }];
  const middleware: MiddlewareHandler<Env>[] = [checkAccess(access), ...(isReading ? [] : [idempotency]), checkBody];
  const result = { ...config, security: needs, middleware };
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

/** 403, with the blueprint's wording beside the problem's own members. */
export const forbidden = (permission: string): Problem =>
  new Problem("forbidden", undefined, { error: "Insufficient permissions", permission });

/** Does the caller's grant reach only what the caller made? */
export const isLimitedToOwn = (c: Context<Env>, permission: Permission): boolean =>
  c.var.caller.permissions.get(permission) === "own";

/** @throws Problem `forbidden` when the grant does not reach a thing of this owner. */
export const assertOwn = (c: Context<Env>, permission: Permission, owner: string): void => {
  if (isLimitedToOwn(c, permission) && owner !== c.var.caller.actorName) throw forbidden(permission);
};

const faults = (
  target: string,
  issues: readonly { path: PropertyKey[]; message: string; code?: string; keys?: string[] }[],
): Fault[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map((part) => `/${String(part)}`).join("");
    const where = target === "json" ? "" : `${target}:`;
    if (issue.code === "unrecognized_keys")
      return (issue.keys ?? []).map((key) => ({ path: `${where}${path}/${key}`, message: "is not a known field" }));
    return [{ path: `${where}${path || "/"}`, message: issue.message }];
  });

/** The database is away, full, or has just ended our connection: PostgreSQL's and PgBouncer's codes, then the client's. */
const awayCodes: ReadonlySet<string> = new Set([
  ...["57014", "57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08006", "08P01"],
  ...["ECONNREFUSED", "ECONNRESET", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED"],
]);

/** Hono itself throws HTTPException for malformed JSON: the caller's fault. */
const toProblem = (error: Error): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status < 500)
    return new Problem("invalid-json", undefined, {}, { cause: error });
  const code = (error.cause as { code?: string } | undefined)?.code ?? (error as { code?: string }).code;
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
