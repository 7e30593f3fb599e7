import { z } from "@hono/zod-openapi";
import * as usage from "@resolve/core/usage";
import { newRouter, secured } from "./app.ts";
import { json, pageOf, pageQuery, pageSchema, problems } from "./responses.ts";

const Usage = usage.Usage.meta({ id: "Usage" });

const getUsage = secured({
  method: "get",
  path: "/v1/tenant/usage",
  operationId: "getUsage",
  summary: "What the caller's tenant has used in a month, beside its limits; with `day` also by hour",
  access: { permission: "usage:read", scope: "tenant" },
  request: { query: usage.UsageQuery },
  responses: {
    200: json("The usage; requests, searches and answers of the last minute may be missing", Usage),
    ...problems("invalid-request"),
  },
});

const listUsage = secured({
  method: "get",
  path: "/v1/platform/usage",
  operationId: "listUsage",
  summary: "What each tenant has used in a month, newest tenant first",
  access: { permission: "tenant:list", scope: "platform" },
  request: { query: z.strictObject({ ...pageQuery("tenant").shape, month: usage.UsageQuery.shape.month }) },
  responses: {
    200: json("One page", pageSchema(usage.TenantUsage.meta({ id: "TenantUsage" }))),
    ...problems("invalid-request"),
  },
});

const listCosts = secured({
  method: "get",
  path: "/v1/platform/cost",
  operationId: "listCosts",
  summary:
    "What each tenant has cost in a month or on a day, in USD by service, newest tenant first; with `day` also by hour",
  access: { permission: "tenant:list", scope: "platform" },
  request: { query: z.strictObject({ ...pageQuery("tenant").shape, ...usage.CostQuery.shape }) },
  responses: {
    200: json(
      "One page; list prices, and estimates where an amount is not measured",
      pageSchema(usage.TenantCost.meta({ id: "TenantCost" })),
    ),
    ...problems("invalid-request"),
  },
});

export const usageRouter = newRouter()
  .openapi(getUsage, async (c) => c.json(await usage.getUsage(c.var.ctx, c.req.valid("query")), 200))
  .openapi(listUsage, async (c) => {
    const { month, ...page } = c.req.valid("query");
    return c.json(await usage.listUsage(c.var.ctx, { ...pageOf<"tenant">(page), month }), 200);
  })
  .openapi(listCosts, async (c) => {
    const { month, day, ...page } = c.req.valid("query");
    return c.json(await usage.listCosts(c.var.ctx, { ...pageOf<"tenant">(page), month, day }), 200);
  });
