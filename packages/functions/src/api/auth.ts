import {
  assertSecondFactor,
  authenticate,
  expandRole,
  findPerson,
  getTenantById,
  listedRole,
  type Membership,
  noteUse,
  type Person,
  verifyToken,
} from "@resolve/core/identity";
import {
  type Actor,
  actorName,
  type Ctx,
  inTenant,
  recordAudit,
  tenantCtx,
  withTx,
} from "@resolve/core/platform/context";
import { type Id, newId, parseId } from "@resolve/core/platform/id";
import { forbidden, Problem } from "@resolve/core/platform/problems";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";
import { clientAddress } from "./origin.ts";

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
  const credential = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (!credential) throw new Problem("unauthenticated");
  if (credential.startsWith("rsk_")) await actWithKey(c, credential);
  else await actWithToken(c, credential);
  return next();
};

const actWithKey = async (c: Context<Env>, key: string): Promise<void> => {
  const credential = await authenticate(key, clientAddress(c));
  await act(c, { ...credential, actor: { type: "apiKey", id: credential.apiKeyId } });
  // The request succeeds all the same.
  await noteUse(c.var.caller.home, credential).catch((error) =>
    logger.warn("a use was not noted", describeError(error)),
  );
};

/**
 * A token says who the person is. The membership decides tenant and role. Without one for the request, routes that need no
 * tenant still respond.
 */
const actWithToken = async (c: Context<Env>, token: string): Promise<void> => {
  const identity = await verifyToken(token);
  const person = await findPerson(identity);
  c.set("identity", identity);
  if (person) c.set("person", person);
  try {
    const { userId, membership } = chooseMembership(person, c.req.header("x-resolve-tenant"));
    await assertSecondFactor(identity, membership.role);
    await act(c, { ...membership, ...ofUser(userId) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    c.set("refusal", error);
  }
};

/** An operator who names a tenant without being its member acts from the platform. @throws Problem */
const chooseMembership = (person: Person | undefined, wanted: string | undefined) => {
  const active = person?.memberships.filter(({ status }) => status === "active") ?? [];
  const [first, second] = active;
  if (person?.memberships.some(({ status }) => status === "suspended") && !first)
    throw forbidden(undefined, "Your membership is suspended. Ask an administrator of the tenant to resume it.");
  if (!person || !first)
    throw forbidden(undefined, "You are a member of no tenant. Accept an invitation, or ask for one.");
  const named = active.find(({ tenantId }) => tenantId === wanted) ?? active.find(isOperator);
  if (wanted !== undefined) {
    if (!named) throw new Problem("not-found");
    return { userId: person.userId, membership: named };
  }
  if (second) throw new Problem("tenant-required");
  return { userId: person.userId, membership: first };
};

const isOperator = ({ isPlatform, role }: Pick<Membership, "isPlatform" | "role">) => isPlatform && role === "admin";

type Credential = Pick<Membership, "tenantId" | "tenantStatus" | "isPlatform" | "role" | "allowance"> & {
  actor: Actor;
  userId?: Id<"user">;
  scopes: string[] | null;
  collections: Id<"collection">[] | null;
  expiresAt: Date | null;
};

/** Sets the caller and the context. @throws Problem when the credential cannot act in the tenant of the request */
const act = async (c: Context<Env>, credential: Credential): Promise<void> => {
  const { tenantId, role, actor, userId, allowance } = credential;
  const { home, permissions } = contextOf(c, credential);
  const isPlatform = isOperator(credential);
  const ctx = await enterTenant(c, home, isPlatform);
  c.set("ctx", ctx);
  c.set("caller", {
    homeTenantId: tenantId,
    home,
    isPlatform,
    isSuspended: credential.tenantStatus === "suspended",
    role,
    permissions,
    actorName: actorName(actor),
    allowance,
    ...(userId && { userId }),
  });
};

const contextOf = (c: Context<Env>, { tenantId, role, scopes, actor, expiresAt, collections }: Credential) => {
  const permissions = expandRole(role, scopes);
  const home = tenantCtx({
    tenantId,
    actor,
    role: listedRole(role, permissions, collections !== null),
    login: "AppDatabase",
    permissions,
    expiresAt,
    collections,
    requestId: c.var.requestId,
    traceparent: c.var.traceparent,
  });
  return { home, permissions };
};

/**
 * The context of the person's tenant: the one of the request, or the first. For what concerns the person and not a tenant.
 *
 * @throws Problem when the person is a member of none
 */
export const homeOf = (c: Context<Env>, { userId, memberships }: Person): Ctx => {
  if (c.var.caller) return c.var.caller.home;
  const membership = memberships.find(({ status }) => status !== "removed");
  if (!membership) throw c.var.refusal;
  return contextIn(c, userId, membership);
};

/** The context of the person in the tenant of this membership. */
export const contextIn = (c: Context<Env>, userId: Id<"user">, membership: Membership): Ctx =>
  contextOf(c, { ...membership, ...ofUser(userId) }).home;

/** A person's authority is the membership, so the expiry of the token limits nothing that the person creates. */
const ofUser = (userId: Id<"user">) =>
  ({ actor: { type: "user", id: userId }, userId, scopes: null, expiresAt: null, collections: null }) as const;

/** `X-Resolve-Tenant`: an operator enters a tenant with a reason, which is audited there. Others may only name their own tenant. */
const enterTenant = async (c: Context<Env>, home: Ctx, isPlatform: boolean): Promise<Ctx> => {
  const wanted = c.req.header("x-resolve-tenant");
  if (wanted === undefined || wanted === home.tenantId) return home;
  const tenantId = parseId("tenant", wanted);
  if (!isPlatform || !tenantId) throw new Problem("not-found");
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
