import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { forbidden } from "@resolve/core/platform/problems";
import { newRouter, secured } from "./app.ts";
import {
  assertMatch,
  body,
  etagOf,
  json,
  optionalBody,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  withETag,
} from "./responses.ts";

const Tenant = identity.Tenant.meta({ id: "Tenant" });
const ApiKey = identity.ApiKey.meta({ id: "ApiKey" });

const Limits = identity.Limits.meta({ id: "Limits" });

const getOwnLimits = secured({
  method: "get",
  path: "/v1/tenant/limits",
  operationId: "getOwnLimits",
  summary: "How much the caller's tenant may have and use: the figures of its plan, and the operator's exceptions",
  access: { permission: "tenant:read", scope: "tenant" },
  responses: { 200: json("The limits", Limits), ...problems() },
});

const getTenant = secured({
  method: "get",
  path: "/v1/tenant",
  operationId: "getTenant",
  summary: "The caller's tenant; a suspended one too, with the reason",
  access: { permission: "tenant:read", scope: "home" },
  worksWhileSuspended: true,
  responses: { 200: withETag(json("The tenant", Tenant)), ...problems() },
});

const updateTenant = secured({
  method: "patch",
  path: "/v1/tenant",
  operationId: "updateTenant",
  summary:
    "Change the name of the tenant, how its files are read, or how much support its answers need (`answering`); the plan is changed by the platform operator only",
  access: { permission: "tenant:write", scope: "tenant" },
  request: body(identity.TenantPatch.meta({ id: "TenantPatch" })),
  responses: { 200: withETag(json("The tenant", Tenant)), ...problems("invalid-request", "precondition-failed") },
});

const createKey = secured({
  method: "post",
  path: "/v1/api-keys",
  operationId: "createApiKey",
  summary: "Create an API key; the secret is shown once",
  access: { permission: "apikey:write", scope: "home" },
  request: body(identity.NewApiKey.meta({ id: "NewApiKey" })),
  responses: {
    201: json("Created", z.object({ apiKey: ApiKey, secret: z.string() })),
    ...problems("invalid-request", "limit-reached"),
  },
});

const listKeys = secured({
  method: "get",
  path: "/v1/api-keys",
  operationId: "listApiKeys",
  summary: "API keys of the tenant, newest first",
  access: { permission: "apikey:read", scope: "home" },
  request: { query: pageQuery("apiKey") },
  responses: { 200: json("One page", pageSchema(ApiKey)), ...problems("invalid-request") },
});

const apiKeyParams = z.object({ apiKeyId: pathId("apiKey") });

const updateKey = secured({
  method: "patch",
  path: "/v1/api-keys/{apiKeyId}",
  operationId: "updateApiKey",
  summary: "Rename an API key, take permissions away, or change from where it may be used",
  access: { permission: "apikey:write", scope: "home" },
  request: { params: apiKeyParams, ...body(identity.ApiKeyChanges.meta({ id: "ApiKeyChanges" })) },
  responses: { 200: json("The key", ApiKey), ...problems("not-found", "invalid-request", "apikey-conflict") },
});

const rotateKey = secured({
  method: "post",
  path: "/v1/api-keys/{apiKeyId}/rotate",
  operationId: "rotateApiKey",
  summary: "Give an API key a new secret, which is shown once; the former one stays valid for `overlapSeconds`",
  access: { permission: "apikey:write", scope: "home" },
  request: { params: apiKeyParams, ...optionalBody(identity.ApiKeyRotation.meta({ id: "ApiKeyRotation" })) },
  responses: {
    200: json("Rotated", z.object({ apiKey: ApiKey, secret: z.string() })),
    ...problems("not-found", "invalid-request", "apikey-conflict"),
  },
});

const revokeKey = secured({
  method: "delete",
  path: "/v1/api-keys/{apiKeyId}",
  operationId: "revokeApiKey",
  summary: "Revoke an API key at once",
  access: { permission: "apikey:write", scope: "home" },
  request: { params: apiKeyParams },
  responses: { 204: { description: "Revoked" }, ...problems("not-found") },
});

export const identityRouter = newRouter()
  .openapi(getOwnLimits, async (c) => c.json(await identity.getOwnLimits(c.var.ctx), 200))
  .openapi(getTenant, async (c) => {
    const tenant = await identity.getTenant(c.var.ctx);
    return c.json(tenant, 200, { etag: etagOf(tenant) });
  })
  .openapi(updateTenant, async (c) => {
    const patch = c.req.valid("json");
    // The plan follows from a contract, so only a caller who may create tenants with a plan may change it.
    if (patch.plan !== undefined && !c.var.caller.permissions.has("tenant:create")) throw forbidden("tenant:create");
    const tenant = await identity.updateTenant(c.var.ctx, patch, (current) => assertMatch(c, current));
    return c.json(tenant, 200, { etag: etagOf(tenant) });
  })
  .openapi(createKey, async (c) => c.json(await identity.createApiKey(c.var.ctx, c.req.valid("json")), 201))
  .openapi(listKeys, async (c) =>
    c.json(await identity.listApiKeys(c.var.ctx, pageOf<"apiKey">(c.req.valid("query"))), 200),
  )
  .openapi(updateKey, async (c) => {
    const id = requireId("apiKey", c.req.valid("param").apiKeyId);
    return c.json(await identity.updateApiKey(c.var.ctx, id, c.req.valid("json")), 200);
  })
  .openapi(rotateKey, async (c) => {
    const id = requireId("apiKey", c.req.valid("param").apiKeyId);
    // Without a body nothing was validated, and the default holds.
    const rotation = identity.ApiKeyRotation.parse(c.req.valid("json") ?? {});
    return c.json(await identity.rotateApiKey(c.var.ctx, id, rotation), 200);
  })
  .openapi(revokeKey, async (c) => {
    await identity.revokeApiKey(c.var.ctx, requireId("apiKey", c.req.valid("param").apiKeyId));
    return c.body(null, 204);
  });
