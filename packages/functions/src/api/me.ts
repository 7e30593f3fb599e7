import { z } from "@hono/zod-openapi";
import { idSchema } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import { newRouter, secured } from "./app.ts";
import { json, problems } from "./responses.ts";

const Me = z
  .object({
    id: idSchema("user"),
    email: z.string(),
    memberships: z.array(
      z.object({
        tenantId: idSchema("tenant"),
        tenantName: z.string(),
        tenantStatus: z.string(),
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

export const meRouter = newRouter().openapi(getMe, (c) => {
  const { person } = c.var;
  if (!person) throw new Problem("not-found", "No user has this account. Accept an invitation first.");
  const { userId: id, email } = person;
  // A person who was removed learns nothing about the tenant any more.
  const memberships = person.memberships
    .filter(({ status }) => status !== "removed")
    .map(({ isPlatform: _, ...membership }) => membership);
  return c.json({ id, email, memberships }, 200);
});
