import { z } from "@hono/zod-openapi";
import * as parked from "@resolve/core/platform/parked-work";
import { newRouter, secured } from "./app.ts";
import { body, json, pageLimit, pageSchema, problems } from "./responses.ts";

const ParkedWork = parked.ParkedWork.meta({ id: "ParkedWork" });
const access = { permission: "work:release", scope: "platform" } as const;

const list = secured({
  method: "get",
  path: "/v1/platform/parked-work",
  operationId: "listParkedWork",
  summary: "Work of all tenants that failed so often that it waits for an operator",
  access,
  request: {
    query: z.strictObject({
      limit: pageLimit,
      cursor: z.string().max(200).optional(),
    }),
  },
  responses: { 200: json("One page", pageSchema(ParkedWork)), ...problems("invalid-request") },
});

const release = secured({
  method: "post",
  path: "/v1/platform/parked-work/release",
  operationId: "releaseParkedWork",
  summary: "Have parked work tried again; ids that are not parked are ignored",
  access,
  request: body(parked.ParkedWorkRelease.meta({ id: "ParkedWorkRelease" })),
  responses: { 200: json("How many were released", z.object({ released: z.int() })), ...problems("invalid-request") },
});

export const parkedWorkRouter = newRouter()
  .openapi(list, async (c) => c.json(await parked.listParkedWork(c.var.ctx, c.req.valid("query")), 200))
  .openapi(release, async (c) => c.json(await parked.releaseParkedWork(c.var.ctx, c.req.valid("json").ids), 200));
