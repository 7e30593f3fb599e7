import { authenticate, expandRole, getTenantById, listedRole } from "@resolve/core/identity";
import { actorName, type Ctx, inTenant, recordAudit, tenantCtx, withTx } from "@resolve/core/platform/context";
import { newId, parseId } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** Sets the id of the request: the client's own when it is safe in a log, otherwise a new one. */
export const requestId: MiddlewareHandler<Env> = async function requestId(c, next) {
  const given = c.req.header("x-request-id");
  const id = given && /^[\w.:-]{1,128}$/.test(given) ? given : newId("request");
  c.set("requestId", id);
  await next();
  c.res.headers.set("x-request-id", id);
};

/** Authenticates the caller and creates the context. The routes check the permissions. */
export const authentication: MiddlewareHandler<Env> = async function authentication(c, next) {
  const header = c.req.header("authorization");
  if (header === undefined) return next();
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (!key) throw new Problem("unauthenticated");
  const credential = await authenticate(key);
  if (credential.tenantStatus === "suspended") throw new Problem("tenant-suspended");
  const permissions = expandRole(credential.role, credential.scopes);
  const actor = { type: "apiKey", id: credential.apiKeyId } as const;
  const traceparent = c.req.header("traceparent");
  const home = tenantCtx({
    tenantId: credential.tenantId,
    actor,
    role: listedRole(credential.role, permissions),
    login: "AppDatabase",
    permissions,
    expiresAt: credential.expiresAt,
    requestId: c.var.requestId,
    traceparent:
      traceparent && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent) ? traceparent : undefined,
  });
  c.set("caller", {
    homeTenantId: credential.tenantId,
    home,
    isPlatform: credential.isPlatform && credential.role === "admin",
    role: credential.role,
    permissions,
    actorName: actorName(actor),
  });
  c.set("ctx", await enterTenant(c, home));
  return next();
};

/** `X-Resolve-Tenant`: an operator enters a tenant with a reason, which is audited there. Others may only name their own tenant. */
const enterTenant = async (c: Context<Env>, home: Ctx): Promise<Ctx> => {
  const wanted = c.req.header("x-resolve-tenant");
  if (wanted === undefined || wanted === home.tenantId) return home;
  const tenantId = parseId("tenant", wanted);
  if (!c.var.caller.isPlatform || !tenantId) throw new Problem("not-found");
  const reason = c.req.header("x-resolve-reason")?.trim() ?? "";
  if (reason.length < 8 || reason.length > 200) throw new Problem("reason-required");
  await getTenantById(home, tenantId);
  const inside = inTenant(home, tenantId);
  await withTx(inside, async (ctx) =>
    recordAudit(ctx, {
      action: "platform.enter",
      subject: tenantId,
      detail: { reason, method: c.req.method, path: c.req.path },
    }),
  );
  return inside;
};
