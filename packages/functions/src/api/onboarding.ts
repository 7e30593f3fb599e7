import { z } from "@hono/zod-openapi";
import { ApiKey, Tenant } from "@resolve/core/identity";
import * as onboarding from "@resolve/core/onboarding";
import { Webhook } from "@resolve/core/webhooks";
import { newRouter, secured } from "./app.ts";
import { textBodyBytesMax } from "./middleware.ts";
import { body, eventTypes, json, optionalBody, pathId, problems, requireId, waitFor, waitQuery } from "./responses.ts";

const NewTenant = onboarding.NewTenant.extend({
  webhook: onboarding.NewTenant.shape.webhook.unwrap().extend({ eventTypes }).optional(),
}).meta({ id: "NewTenant" });
const Run = onboarding.Run.meta({ id: "OnboardingRun" });
/** Secrets are shown once, in the response that created them. */
const firstKey = z.object({ id: ApiKey.shape.id, secret: z.string() }).optional();
const Created = z.object({
  tenant: Tenant.meta({ id: "Tenant" }),
  apiKey: firstKey,
  webhook: z.object({ id: Webhook.shape.id, secret: z.string() }).optional(),
  onboarding: Run,
});

const create = secured({
  method: "post",
  path: "/v1/tenants",
  operationId: "createTenant",
  summary: "Create a tenant and start its onboarding run; the API key is valid at once, and secrets are returned once",
  access: { permission: "tenant:create", scope: "platform" },
  bodyBytesMax: textBodyBytesMax,
  request: body(NewTenant),
  responses: {
    200: json("The externalId's tenant, as it is, without secrets", Created),
    201: json("Created", Created),
    ...problems("invalid-request", "tenant-exists", "url-not-allowed"),
  },
});

const params = z.object({ runId: pathId("onboarding") });

const get = secured({
  method: "get",
  path: "/v1/onboarding/{runId}",
  operationId: "getOnboarding",
  summary: "A run with its steps; with `waitSeconds` the response waits until the run has settled",
  access: { permission: "onboarding:read", scope: "tenant" },
  request: { params, query: waitQuery },
  responses: { 200: json("The run", Run), ...problems("not-found", "invalid-request") },
});

const retry = secured({
  method: "post",
  path: "/v1/onboarding/{runId}/retry",
  operationId: "retryOnboarding",
  summary:
    "Go on from the failed step, also with another `seedQuestion` or `seedAnswer`, with which a waiting run asks again too; an operator gets a new first key if no response has shown its secret",
  access: { permission: "onboarding:write", scope: "tenant" },
  replay: async (c) =>
    c.json(await onboarding.getRun(c.var.ctx, requireId("onboarding", c.req.param("runId") ?? "")), 200),
  request: { params, ...optionalBody(onboarding.RunRetry.meta({ id: "RunRetry" })) },
  responses: {
    200: json("Running again", Run.and(z.object({ apiKey: firstKey }))),
    ...problems("not-found", "onboarding-conflict", "invalid-request"),
  },
});

const current = secured({
  method: "get",
  path: "/v1/tenant/onboarding",
  operationId: "getTenantOnboarding",
  summary: "The newest run of the caller's tenant",
  access: { permission: "onboarding:read", scope: "tenant" },
  responses: { 200: json("The run", Run), ...problems("not-found") },
});

const find = secured({
  method: "get",
  path: "/v1/tenants/{tenantId}/onboarding",
  operationId: "findOnboarding",
  summary: "The newest run of a tenant, without names, quotes and ids of its documents",
  access: { permission: "onboarding:read", scope: "platform" },
  request: { params: z.object({ tenantId: pathId("tenant") }) },
  responses: { 200: json("The run", Run), ...problems("not-found") },
});

export const onboardingRouter = newRouter()
  .openapi(create, async (c) => {
    const { isNew, ...created } = await onboarding.onboard(c.var.ctx, c.req.valid("json"));
    return isNew ? c.json(created, 201) : c.json(created, 200);
  })
  .openapi(get, async (c) => {
    const id = requireId("onboarding", c.req.valid("param").runId);
    const { waitSeconds } = c.req.valid("query");
    const run = await waitFor(
      waitSeconds,
      () => onboarding.getRun(c.var.ctx, id),
      (run) => run.status !== "running",
    );
    return c.json(run, 200);
  })
  .openapi(retry, async (c) => {
    const id = requireId("onboarding", c.req.valid("param").runId);
    return c.json(await onboarding.retryRun(c.var.ctx, id, c.req.valid("json")), 200);
  })
  .openapi(current, async (c) => c.json(await onboarding.currentRun(c.var.ctx), 200))
  .openapi(find, async (c) =>
    c.json(await onboarding.findRun(c.var.ctx, requireId("tenant", c.req.valid("param").tenantId)), 200),
  );
