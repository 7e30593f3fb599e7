import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { getOverview, TenantOverview } from "@resolve/core/onboarding";
import { newRouter, secured } from "./app.ts";
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

const Tenant = identity.Tenant.meta({ id: "Tenant" });
const Limits = identity.Limits.meta({ id: "Limits" });
const params = z.object({ tenantId: pathId("tenant") });
const read = { permission: "tenant:list", scope: "platform" } as const;
const write = { permission: "tenant:create", scope: "platform" } as const;

const list = secured({
  method: "get",
  path: "/v1/tenants",
  operationId: "listTenants",
  summary: "All tenants, newest first",
  access: read,
  request: { query: pageQuery("tenant").extend({ status: identity.Tenant.shape.status.optional() }) },
  responses: { 200: json("One page", pageSchema(Tenant)), ...problems("invalid-request") },
});

const find = secured({
  method: "get",
  path: "/v1/tenants/{tenantId}",
  operationId: "findTenant",
  summary: "One tenant from outside: counts, the usage of the month, and how its work gets on",
  description: "The `ETag` is of the tenant itself, without the numbers, and is the same as after a `PATCH`.",
  access: read,
  request: { params },
  responses: {
    200: withETag(json("The tenant", TenantOverview.meta({ id: "TenantOverview" }))),
    ...problems("not-found"),
  },
});

const change = secured({
  method: "patch",
  path: "/v1/tenants/{tenantId}",
  operationId: "changeTenant",
  summary: "Change the name or the plan of a tenant, also of a suspended one",
  access: write,
  request: { params, ...body(identity.TenantPatch.pick({ name: true, plan: true }).meta({ id: "TenantChanges" })) },
  responses: {
    200: withETag(json("The tenant", Tenant)),
    ...problems("not-found", "invalid-request", "precondition-failed"),
  },
});

const suspend = secured({
  method: "post",
  path: "/v1/tenants/{tenantId}/suspend",
  operationId: "suspendTenant",
  summary: "Suspend a tenant: its requests are refused with the reason, and its work waits until it is resumed",
  description:
    "Takes effect within 30 seconds in every process. A repetition changes nothing; another reason replaces the former one.",
  access: write,
  isRepeatable: true,
  request: { params, ...body(identity.Suspension.meta({ id: "Suspension" })) },
  responses: {
    200: withETag(json("Suspended", Tenant)),
    ...problems("not-found", "invalid-request", "tenant-conflict"),
  },
});

const resume = secured({
  method: "post",
  path: "/v1/tenants/{tenantId}/resume",
  operationId: "resumeTenant",
  summary: "End the suspension of a tenant: what waited continues; a repetition changes nothing",
  access: write,
  isRepeatable: true,
  request: { params },
  responses: { 200: withETag(json("Resumed", Tenant)), ...problems("not-found", "tenant-conflict") },
});

const getLimits = secured({
  method: "get",
  path: "/v1/tenants/{tenantId}/limits",
  operationId: "getLimits",
  summary: "How much the tenant may have and use: the figures of its plan, and the operator's exceptions",
  access: read,
  request: { params },
  responses: { 200: json("The limits", Limits), ...problems("not-found") },
});

const setLimits = secured({
  method: "patch",
  path: "/v1/tenants/{tenantId}/limits",
  operationId: "setLimits",
  summary: "Make exceptions from the plan of a tenant, or end them with null; what it has beyond a lower limit stays",
  access: write,
  request: { params, ...body(identity.LimitChanges.meta({ id: "LimitChanges" })) },
  responses: { 200: json("The limits", Limits), ...problems("not-found", "invalid-request") },
});

const idOf = (c: { req: { valid(target: "param"): { tenantId: string } } }) =>
  requireId("tenant", c.req.valid("param").tenantId);

export const tenantsRouter = newRouter()
  .openapi(list, async (c) => {
    const { status, ...page } = c.req.valid("query");
    return c.json(await identity.listTenants(c.var.ctx, pageOf<"tenant">(page), status), 200);
  })
  .openapi(find, async (c) => {
    const { tenant, overview } = await getOverview(c.var.ctx, idOf(c));
    return c.json(overview, 200, { etag: etagOf(tenant) });
  })
  .openapi(change, async (c) => {
    const tenant = await identity.changeTenant(c.var.ctx, idOf(c), c.req.valid("json"), (current) =>
      assertMatch(c, current),
    );
    return c.json(tenant, 200, { etag: etagOf(tenant) });
  })
  .openapi(suspend, async (c) => {
    const tenant = await identity.suspendTenant(c.var.ctx, idOf(c), c.req.valid("json"));
    return c.json(tenant, 200, { etag: etagOf(tenant) });
  })
  .openapi(resume, async (c) => {
    const tenant = await identity.resumeTenant(c.var.ctx, idOf(c));
    return c.json(tenant, 200, { etag: etagOf(tenant) });
  })
  .openapi(getLimits, async (c) => c.json(await identity.getLimits(c.var.ctx, idOf(c)), 200))
  .openapi(setLimits, async (c) => c.json(await identity.setLimits(c.var.ctx, idOf(c), c.req.valid("json")), 200));
