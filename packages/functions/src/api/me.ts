import { z } from "@hono/zod-openapi";
import {
  findPerson,
  getTenant,
  type Identity,
  listMyInvitations,
  MyInvitation,
  type Person,
  signOut,
  Tenant,
  UserChanges,
  updateUser,
} from "@resolve/core/identity";
import { idSchema } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import type { Context } from "hono";
import { newRouter, secured } from "./app.ts";
import { contextIn, homeOf } from "./auth.ts";
import type { Env } from "./env.ts";
import { body, json, pageOf, pageQuery, pageSchema, problems } from "./responses.ts";

const Me = z
  .object({
    id: idSchema("user"),
    email: z.string(),
    memberships: z.array(
      z.object({
        tenantId: idSchema("tenant"),
        tenantName: z.string(),
        tenantStatus: z.string(),
        /** Why the operator has suspended the tenant, and since when, for its active members. */
        tenantSuspension: Tenant.shape.suspension,
        role: z.string(),
        status: z.string(),
        /** As this tenant names the person. */
        name: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Me" });

const getMe = secured({
  method: "get",
  path: "/v1/users/me",
  operationId: "getMe",
  summary: "The person of the access token, with all memberships; needs no tenant",
  access: { scope: "identity" },
  responses: { 200: json("The person", Me), ...problems("not-found") },
});

const patchMe = secured({
  method: "patch",
  path: "/v1/users/me",
  operationId: "updateMe",
  summary: "Change how the tenant of the request names you",
  access: { permission: "user:write", scope: "identity" },
  request: body(UserChanges.pick({ name: true }).required().meta({ id: "MyChanges" })),
  responses: { 200: json("The person", Me), ...problems("not-found", "invalid-request", "tenant-required") },
});

const signMeOut = secured({
  method: "post",
  path: "/v1/users/me/sign-out",
  operationId: "signOut",
  summary: "End all sessions: the access tokens of earlier sign-ins are refused within 30 seconds",
  access: { scope: "identity" },
  responses: { 204: { description: "Signed out" }, ...problems("not-found") },
});

const myInvitations = secured({
  method: "get",
  path: "/v1/users/me/invitations",
  operationId: "listMyInvitations",
  summary: "Open invitations of the address of your account, in all tenants; needs no membership",
  access: { scope: "identity" },
  request: { query: pageQuery("invitation") },
  responses: {
    200: json("One page", pageSchema(MyInvitation.meta({ id: "MyInvitation" }))),
    ...problems("invalid-request", "unavailable"),
  },
});

export const meRouter = newRouter()
  .openapi(myInvitations, async (c) => {
    const page = pageOf<"invitation">(c.req.valid("query"));
    return c.json(await listMyInvitations(signedIn(c.var.identity), page), 200);
  })
  .openapi(getMe, async (c) => c.json(await shape(c, found(c.var.person)), 200))
  .openapi(patchMe, async (c) => {
    const { userId } = found(c.var.person);
    await updateUser(c.var.caller.home, userId, c.req.valid("json"), () => {});
    return c.json(await shape(c, found(await findPerson(signedIn(c.var.identity)))), 200);
  })
  .openapi(signMeOut, async (c) => {
    const person = found(c.var.person);
    await signOut(homeOf(c, person), person.userId, signedIn(c.var.identity));
    return c.body(null, 204);
  });

/** @throws Problem `not-found` */
const found = (person: Person | undefined): Person => {
  if (!person) throw new Problem("not-found", "No user has this account. Accept an invitation first.");
  return person;
};

/** The scope `identity` has checked it. */
const signedIn = (identity: Identity | undefined): Identity => identity!;

/** A person who was removed learns nothing about the tenant any more. */
const shape = async (c: Context<Env>, { userId: id, email, memberships }: Person): Promise<z.output<typeof Me>> => ({
  id,
  email,
  memberships: await Promise.all(
    memberships
      .filter(({ status }) => status !== "removed")
      .map(async (membership) => {
        const { isPlatform: _, allowance: __, ...shown } = membership;
        const isToldWhy = shown.tenantStatus === "suspended" && shown.status === "active";
        const tenantSuspension = isToldWhy ? (await getTenant(contextIn(c, id, membership))).suspension : null;
        return { ...shown, tenantSuspension };
      }),
  ),
});
