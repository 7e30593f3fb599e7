import { z } from "@hono/zod-openapi";
import * as documents from "@resolve/core/documents";
import * as identity from "@resolve/core/identity";
import * as jobs from "@resolve/core/jobs";
import * as onboarding from "@resolve/core/onboarding";
import type { Ctx } from "@resolve/core/platform/context";
import { type Id, type IdKind, parseId } from "@resolve/core/platform/id";
import { forbidden, Problem } from "@resolve/core/platform/problems";
import * as webhooks from "@resolve/core/webhooks";
import type { Context } from "hono";
import { newRouter, secured } from "./app.ts";
import type { Env } from "./env.ts";
import { body, json, problems } from "./responses.ts";

const roles = secured({
  method: "get",
  path: "/v1/roles",
  operationId: "listRoles",
  summary: "The roles, and what each permission of them allows",
  access: { permission: "tenant:read", scope: "home" },
  responses: {
    200: json("The role table", z.object({ data: z.array(identity.RoleView.meta({ id: "Role" })) })),
    ...problems(),
  },
});

const explain = secured({
  method: "post",
  path: "/v1/authz/explain",
  operationId: "explainPermission",
  summary: "Whether the caller, a user or an API key may do something, and what decides it",
  description:
    "Everybody may ask about itself. Questions about a user need `user:read`, and about an API key `apikey:read`, for all of them. An object that the caller may not see responds as a missing one.",
  access: { permission: "tenant:read", scope: "home" },
  isReading: true,
  request: body(identity.Question.meta({ id: "PermissionQuestion" })),
  responses: {
    200: json("The decision", identity.Explanation.meta({ id: "PermissionExplanation" })),
    ...problems("invalid-request", "not-found"),
  },
});

type Load = (ctx: Ctx, id: string) => Promise<identity.Explained>;
/** Loads an object of this kind as the caller sees it. */
const of =
  <K extends IdKind>(kind: K, load: (ctx: Ctx, id: Id<K>) => Promise<Omit<identity.Explained, "id">>): Load =>
  async (ctx, text) => {
    const id = parseId(kind, text);
    if (!id) throw new Problem("not-found");
    return { id, ...(await load(ctx, id)) };
  };

/** An object without an owner and an access list. */
const plain = <K extends IdKind>(kind: K, get: (ctx: Ctx, id: Id<K>) => Promise<unknown>): Load =>
  of(kind, async (ctx, id) => {
    await get(ctx, id);
    return {};
  });

const document = of("document", async (ctx, id) => {
  const [owner, { collectionId }] = [await documents.ownerOf(ctx, id), await documents.get(ctx, id)];
  const list = collectionId ? await documents.accessListOf(ctx, collectionId) : { name: "", readers: [] };
  return { owner, list: { collectionId, ...list } };
});

/** What an object of a permission is, by the first part of the permission. */
const objects: Partial<Record<string, Load>> = {
  document,
  search: document,
  collection: of("collection", async (ctx, id) => ({
    list: { collectionId: id, ...(await documents.accessListOf(ctx, id)) },
  })),
  group: plain("group", identity.getGroup),
  job: of("job", async (ctx, id) => ({ owner: await jobs.ownerOf(ctx, id) })),
  webhook: plain("webhook", webhooks.getWebhook),
  onboarding: plain("onboarding", onboarding.getRun),
  apikey: plain("apiKey", identity.subjectOf),
  user: of("user", async (ctx, id) => {
    await identity.subjectOf(ctx, id);
    return { userId: id };
  }),
};

/** @throws Problem `forbidden`, `not-found` */
const subjectIn = async (
  c: Context<Env>,
  { userId, apiKeyId }: { userId?: Id<"user"> | undefined; apiKeyId?: Id<"apiKey"> | undefined },
): Promise<identity.Subject> => {
  const { caller, ctx } = c.var;
  const { actor } = ctx;
  const id = userId ?? apiKeyId;
  // A request has no system as its actor. An operator inside a tenant stays a key of its home.
  if (actor.type !== "system" && (id === undefined || id === actor.id))
    return identity.subjectOf(caller.home, actor.id);
  if (id === undefined) throw new Problem("not-found");
  const needed = userId ? "user:read" : "apikey:read";
  if (caller.permissions.get(needed) !== "any") throw forbidden(needed);
  return identity.subjectOf(ctx, id);
};

export const authzRouter = newRouter()
  .openapi(roles, (c) => c.json({ data: identity.listRoles() }, 200))
  .openapi(explain, async (c) => {
    const { permission, resourceId, ...whose } = c.req.valid("json");
    const subject = await subjectIn(c, whose);
    const load = objects[permission.split(":")[0] ?? ""];
    if (resourceId !== undefined && !load) {
      const errors = [{ path: "/resourceId", message: `is not possible: ${permission} is about no single object` }];
      throw new Problem("invalid-request", undefined, { errors });
    }
    const resource = resourceId === undefined ? undefined : await load?.(c.var.ctx, resourceId);
    return c.json(await identity.explain(c.var.ctx, permission, subject, resource), 200);
  });
