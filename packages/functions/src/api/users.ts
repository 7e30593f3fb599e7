import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { forbidden } from "@resolve/core/platform/problems";
import type { Context } from "hono";
import { newRouter, secured } from "./app.ts";
import type { Env } from "./env.ts";
import {
  assertMatch,
  body,
  etagOf,
  json,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  withETag,
} from "./responses.ts";

const User = identity.User.meta({ id: "User" });
const params = z.object({ userId: pathId("user") });
const read = { permission: "user:read", scope: "home" } as const;
const write = { permission: "user:write", scope: "home" } as const;

const list = secured({
  method: "get",
  path: "/v1/users",
  operationId: "listUsers",
  summary: "Members of the tenant; removed ones only with `status=removed`",
  access: read,
  request: {
    query: pageQuery("user").extend({
      role: z.enum(identity.roleNames).optional(),
      status: z.enum(identity.memberStatuses).optional(),
    }),
  },
  responses: { 200: json("One page", pageSchema(User)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/users/{userId}",
  operationId: "getUser",
  summary: "One member",
  access: read,
  request: { params },
  responses: { 200: withETag(json("The member", User)), ...problems("not-found") },
});

const update = secured({
  method: "patch",
  path: "/v1/users/{userId}",
  operationId: "updateUser",
  summary: "Change a member's role or name, suspend the member (`status: suspended`) or resume the membership",
  description:
    "Takes effect within 30 seconds in every process. Nobody gives a role with permissions that the caller lacks, and one active administrator stays. `If-Match` refuses a change of another state.",
  access: write,
  request: { params, ...body(identity.UserChanges.meta({ id: "UserChanges" })) },
  responses: {
    200: withETag(json("The member", User)),
    ...problems("not-found", "invalid-request", "user-conflict", "last-administrator", "precondition-failed"),
  },
});

const remove = secured({
  method: "delete",
  path: "/v1/users/{userId}",
  operationId: "removeUser",
  summary: "Remove a member; documents stay, and the API keys that the member created are revoked",
  description:
    "`apiKeys=keep` leaves the keys: rotate them, because the person has seen their secrets. Memberships of other tenants stay as they are.",
  access: write,
  request: { params, query: z.strictObject({ apiKeys: z.enum(["revoke", "keep"]).default("revoke") }) },
  responses: {
    204: { description: "Removed" },
    ...problems("not-found", "invalid-request", "last-administrator", "precondition-failed"),
  },
});

/** The caller, where its grant reaches only itself: undefined for any member, null for a key, which is no member. */
const onlySelf = (c: Context<Env>, permission: "user:read" | "user:write") => {
  if (c.var.caller.permissions.get(permission) !== "self") return undefined;
  const { actor } = c.var.ctx;
  return actor.type === "user" ? actor.id : null;
};

/** @throws Problem `forbidden` when the grant reaches only the caller itself, who is another person */
const assertSelf = (c: Context<Env>, permission: "user:read" | "user:write", user: identity.User): void => {
  const self = onlySelf(c, permission);
  if (self !== undefined && self !== user.id) throw forbidden(permission);
};

export const usersRouter = newRouter()
  .openapi(list, async (c) => {
    const { role, status, ...page } = c.req.valid("query");
    const self = onlySelf(c, "user:read");
    return c.json(await identity.listUsers(c.var.ctx, pageOf<"user">(page), { role, status }, self), 200);
  })
  .openapi(get, async (c) => {
    const user = await identity.getUser(c.var.ctx, requireId("user", c.req.valid("param").userId));
    assertSelf(c, "user:read", user);
    return c.json(user, 200, { etag: etagOf(user) });
  })
  .openapi(update, async (c) => {
    const id = requireId("user", c.req.valid("param").userId);
    const changes = c.req.valid("json");
    const user = await identity.updateUser(c.var.ctx, id, changes, (current) => {
      assertSelf(c, "user:write", current);
      // Members name themselves; what they may do is an administrator's decision.
      if (onlySelf(c, "user:write") !== undefined && (changes.role ?? changes.status) !== undefined)
        throw forbidden("user:write", "Only an administrator changes role and status.");
      assertMatch(c, current);
    });
    return c.json(user, 200, { etag: etagOf(user) });
  })
  .openapi(remove, async (c) => {
    const id = requireId("user", c.req.valid("param").userId);
    const keepApiKeys = c.req.valid("query").apiKeys === "keep";
    await identity.removeUser(c.var.ctx, id, { keepApiKeys }, (current) => {
      assertSelf(c, "user:write", current);
      assertMatch(c, current);
    });
    return c.body(null, 204);
  });
