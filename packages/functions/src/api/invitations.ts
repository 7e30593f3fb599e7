import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { idSchema } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import { newRouter, secured } from "./app.ts";
import {
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

const Invitation = identity.Invitation.meta({ id: "Invitation" });
const params = z.object({ invitationId: pathId("invitation") });
const read = { permission: "invitation:read", scope: "home" } as const;
const write = { permission: "invitation:write", scope: "home" } as const;

const create = secured({
  method: "post",
  path: "/v1/invitations",
  operationId: "createInvitation",
  summary: "Invite a person by e-mail; the invitation is valid for seven days",
  description:
    "The mail has a token for `POST /v1/invitations/accept`. The role must not have permissions that the caller lacks.",
  access: write,
  replay: async (c, { subject }) => {
    const invitation = await identity.getInvitation(c.var.ctx, requireId("invitation", subject));
    return c.json({ invitation }, 201, { etag: etagOf(invitation) });
  },
  request: body(identity.NewInvitation.meta({ id: "NewInvitation" })),
  responses: {
    201: withETag(json("Invited", z.object({ invitation: Invitation }))),
    ...problems("invalid-request", "member-exists", "invitation-exists", "limit-reached"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/invitations",
  operationId: "listInvitations",
  summary: "Invitations of the tenant, newest first",
  access: read,
  request: { query: pageQuery("invitation").extend({ status: identity.Invitation.shape.status.optional() }) },
  responses: { 200: json("One page", pageSchema(Invitation)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/invitations/{invitationId}",
  operationId: "getInvitation",
  summary: "One invitation",
  access: read,
  request: { params },
  responses: { 200: withETag(json("The invitation", Invitation)), ...problems("not-found") },
});

const withdraw = secured({
  method: "delete",
  path: "/v1/invitations/{invitationId}",
  operationId: "withdrawInvitation",
  summary: "Withdraw an invitation that nobody has accepted; its token is void",
  access: write,
  request: { params },
  responses: { 204: { description: "Withdrawn" }, ...problems("not-found", "invitation-conflict") },
});

const accept = secured({
  method: "post",
  path: "/v1/invitations/accept",
  operationId: "acceptInvitation",
  summary: "Become a member of the tenant that has invited you, by the invitation's id or the token of the mail",
  description:
    "Needs your access token, and the invited address must be the one of your account. A repetition by the same person returns the membership. Send the token in the body only.",
  access: { scope: "identity" },
  request: body(identity.Acceptance.meta({ id: "Acceptance" })),
  responses: {
    200: json("The membership", z.object({ tenantId: idSchema("tenant"), user: identity.User.meta({ id: "User" }) })),
    ...problems(
      "invalid-request",
      "forbidden",
      "invitation-invalid",
      "invitation-for-another",
      "invitation-withdrawn",
      "invitation-expired",
      "invitation-used",
      "unavailable",
    ),
  },
});

const resend = secured({
  method: "post",
  path: "/v1/invitations/{invitationId}/resend",
  operationId: "resendInvitation",
  summary: "Send an invitation again, also an expired one, with a new token; the former token is void",
  access: write,
  replay: async (c) => {
    const id = requireId("invitation", c.req.param("invitationId") ?? "");
    const invitation = await identity.getInvitation(c.var.ctx, id);
    return c.json(invitation, 200, { etag: etagOf(invitation) });
  },
  request: { params },
  responses: {
    200: withETag(json("The invitation", Invitation)),
    ...problems("not-found", "invitation-conflict", "invitation-exists", "limit-reached"),
  },
});

export const invitationsRouter = newRouter()
  .openapi(create, async (c) => {
    const invitation = await identity.createInvitation(c.var.ctx, c.req.valid("json"));
    return c.json({ invitation }, 201, { etag: etagOf(invitation) });
  })
  .openapi(list, async (c) => {
    const { status, ...page } = c.req.valid("query");
    return c.json(await identity.listInvitations(c.var.ctx, pageOf<"invitation">(page), status), 200);
  })
  .openapi(get, async (c) => {
    const invitation = await identity.getInvitation(
      c.var.ctx,
      requireId("invitation", c.req.valid("param").invitationId),
    );
    return c.json(invitation, 200, { etag: etagOf(invitation) });
  })
  .openapi(withdraw, async (c) => {
    await identity.withdrawInvitation(c.var.ctx, requireId("invitation", c.req.valid("param").invitationId));
    return c.body(null, 204);
  })
  .openapi(accept, async (c) => {
    const { identity: person, requestId } = c.var;
    // The route's access requires it.
    if (!person) throw new Problem("unauthenticated");
    return c.json(await identity.acceptInvitation(person, c.req.valid("json"), requestId), 200);
  })
  .openapi(resend, async (c) => {
    const id = requireId("invitation", c.req.valid("param").invitationId);
    const invitation = await identity.resendInvitation(c.var.ctx, id);
    return c.json(invitation, 200, { etag: etagOf(invitation) });
  });
