import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { Problem } from "@resolve/core/platform/problems";
import { newRouter, secured } from "./app.ts";
import {
  assertMatch,
  body,
  etagOf,
  json,
  pageLimit,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  withETag,
} from "./responses.ts";

const Group = identity.Group.meta({ id: "Group" });
const params = z.object({ groupId: pathId("group") });
const read = { permission: "group:read", scope: "tenant" } as const;
const write = { permission: "group:write", scope: "tenant" } as const;

const memberIdIn = (text: string): identity.MemberId => {
  const id = identity.parseMemberId(text);
  if (!id) throw new Problem("not-found");
  return id;
};
const memberId = z
  .string()
  .refine((text) => identity.parseMemberId(text) !== undefined, "must be the id of a user or of an API key")
  .transform(memberIdIn)
  .meta({ type: "string", description: "The id of a user or of an API key" });

const create = secured({
  method: "post",
  path: "/v1/groups",
  operationId: "createGroup",
  summary: "Create a group of users and API keys, which access lists of collections can name",
  access: write,
  replay: async (c, { subject }) => {
    const group = await identity.getGroup(c.var.ctx, requireId("group", subject));
    return c.json({ group }, 201, { etag: etagOf(group) });
  },
  request: body(identity.NewGroup.meta({ id: "NewGroup" })),
  responses: {
    201: withETag(json("Created", z.object({ group: Group }))),
    ...problems("invalid-request", "group-exists", "limit-reached"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/groups",
  operationId: "listGroups",
  summary: "Groups, newest first; with `memberId` those of a user or of an API key",
  access: read,
  request: { query: pageQuery("group").extend({ memberId: memberId.optional() }) },
  responses: { 200: json("One page", pageSchema(Group)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/groups/{groupId}",
  operationId: "getGroup",
  summary: "One group",
  access: read,
  request: { params },
  responses: { 200: withETag(json("The group", Group)), ...problems("not-found") },
});

const update = secured({
  method: "patch",
  path: "/v1/groups/{groupId}",
  operationId: "updateGroup",
  summary: "Change the name; `If-Match` refuses a change of another state",
  access: write,
  request: { params, ...body(identity.GroupChanges.meta({ id: "GroupChanges" })) },
  responses: {
    200: withETag(json("The group", Group)),
    ...problems("not-found", "invalid-request", "group-exists", "precondition-failed"),
  },
});

const remove = secured({
  method: "delete",
  path: "/v1/groups/{groupId}",
  operationId: "deleteGroup",
  summary: "Delete a group; access lists no longer name it, and one that named nobody else allows only administrators",
  access: write,
  request: { params },
  responses: { 204: { description: "Removed" }, ...problems("not-found", "precondition-failed") },
});

const members = secured({
  method: "get",
  path: "/v1/groups/{groupId}/members",
  operationId: "listGroupMembers",
  summary: "The users and API keys of a group",
  access: read,
  request: { params, query: z.strictObject({ limit: pageLimit, cursor: memberId.optional() }) },
  responses: {
    200: json("One page", pageSchema(identity.GroupMember.meta({ id: "GroupMember" }))),
    ...problems("not-found", "invalid-request"),
  },
});

const add = secured({
  method: "post",
  path: "/v1/groups/{groupId}/members",
  operationId: "addGroupMembers",
  summary: "Add users and API keys; their next request has what the group may see",
  access: write,
  replay: async (c) =>
    c.json(await identity.getGroup(c.var.ctx, requireId("group", c.req.param("groupId") ?? "")), 200),
  request: { params, ...body(identity.GroupMembers.meta({ id: "GroupMembers" })) },
  responses: { 200: json("The group", Group), ...problems("not-found", "invalid-request", "limit-reached") },
});

const take = secured({
  method: "delete",
  path: "/v1/groups/{groupId}/members/{memberId}",
  operationId: "removeGroupMember",
  summary: "Take a user or an API key out of a group; its next request is without what the group may see",
  access: write,
  request: {
    params: params.extend({ memberId: z.string().meta({ description: "The id of a user or of an API key" }) }),
  },
  responses: { 204: { description: "Removed" }, ...problems("not-found") },
});

export const groupsRouter = newRouter()
  .openapi(create, async (c) => {
    const group = await identity.createGroup(c.var.ctx, c.req.valid("json"));
    return c.json({ group }, 201, { etag: etagOf(group) });
  })
  .openapi(list, async (c) => {
    const { memberId, ...page } = c.req.valid("query");
    return c.json(await identity.listGroups(c.var.ctx, pageOf<"group">(page), { memberId }), 200);
  })
  .openapi(get, async (c) => {
    const group = await identity.getGroup(c.var.ctx, requireId("group", c.req.valid("param").groupId));
    return c.json(group, 200, { etag: etagOf(group) });
  })
  .openapi(update, async (c) => {
    const id = requireId("group", c.req.valid("param").groupId);
    const seen = (current: identity.Group) => assertMatch(c, current);
    const group = await identity.updateGroup(c.var.ctx, id, c.req.valid("json"), seen);
    return c.json(group, 200, { etag: etagOf(group) });
  })
  .openapi(remove, async (c) => {
    const id = requireId("group", c.req.valid("param").groupId);
    await identity.deleteGroup(c.var.ctx, id, (current) => assertMatch(c, current));
    return c.body(null, 204);
  })
  .openapi(members, async (c) => {
    const id = requireId("group", c.req.valid("param").groupId);
    return c.json(await identity.listGroupMembers(c.var.ctx, id, c.req.valid("query")), 200);
  })
  .openapi(add, async (c) => {
    const id = requireId("group", c.req.valid("param").groupId);
    return c.json(await identity.addGroupMembers(c.var.ctx, id, c.req.valid("json")), 200);
  })
  .openapi(take, async (c) => {
    const { groupId, memberId } = c.req.valid("param");
    await identity.removeGroupMember(c.var.ctx, requireId("group", groupId), memberIdIn(memberId));
    return c.body(null, 204);
  });
