import * as usage from "@resolve/core/usage";
import { newRouter, secured } from "./app.ts";
import { json, problems } from "./responses.ts";

const access = { permission: "partition:read", scope: "platform" } as const;

const getHealth = secured({
  method: "get",
  path: "/v1/platform/health",
  operationId: "getHealth",
  summary:
    "The state of the system now: its parts and why they fail, what waits, and the requests of the last hour by minute",
  access,
  responses: { 200: json("The state", usage.Health.meta({ id: "Health" })) },
});

const getSlo = secured({
  method: "get",
  path: "/v1/platform/slo",
  operationId: "getSlo",
  summary:
    "The objectives of this month with what is left of their error budgets, and requests by hour; of all tenants or of one",
  access,
  request: { query: usage.SloQuery },
  responses: {
    200: json("The objectives", usage.Slo.meta({ id: "Slo" })),
    ...problems("invalid-request", "not-found"),
  },
});

export const serviceRouter = newRouter()
  .openapi(getHealth, async (c) => c.json(await usage.getHealth(c.var.ctx), 200))
  .openapi(getSlo, async (c) => c.json(await usage.getSlo(c.var.ctx, c.req.valid("query")), 200));
