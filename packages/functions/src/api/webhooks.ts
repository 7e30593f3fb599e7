import { z } from "@hono/zod-openapi";
import * as jobs from "@resolve/core/jobs";
import { idSchema } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import * as webhooks from "@resolve/core/webhooks";
import { newRouter, secured } from "./app.ts";
import { Job } from "./jobs.ts";
import type { Replay } from "./middleware.ts";
import {
  assertMatch,
  body,
  etagOf,
  eventTypes,
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

const NewWebhook = webhooks.NewWebhook.extend({ eventTypes }).meta({ id: "NewWebhook" });
const WebhookChanges = webhooks.WebhookChanges.extend({ eventTypes: eventTypes.unwrap().nullable().optional() }).meta({
  id: "WebhookChanges",
});
const Webhook = webhooks.Webhook.meta({ id: "Webhook" });
const Tested = webhooks.Webhook.extend({ deliveryId: idSchema("delivery") }).meta({ id: "TestedWebhook" });
const Metrics = webhooks.WebhookMetrics.meta({ id: "WebhookMetrics" });
const Delivery = webhooks.Delivery.meta({ id: "WebhookDelivery" });
const params = z.object({ webhookId: pathId("webhook") });
const deliveryParams = z.object({ deliveryId: pathId("delivery") });
const read = { permission: "webhook:read", scope: "tenant" } as const;
const write = { permission: "webhook:write", scope: "tenant" } as const;

/** The endpoint as it is now. */
const replay: Replay = async (c) =>
  c.json(await webhooks.getWebhook(c.var.ctx, requireId("webhook", c.req.param("webhookId") ?? "")), 200);

const create = secured({
  method: "post",
  path: "/v1/webhooks",
  operationId: "createWebhook",
  summary: "Register an address or an event bus of your own; the signing secret (Standard Webhooks) is shown once",
  access: write,
  request: body(NewWebhook),
  responses: {
    201: json("Created", z.object({ webhook: Webhook, secret: z.string() })),
    ...problems("invalid-request", "url-not-allowed", "role-in-use", "limit-reached"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/webhooks",
  operationId: "listWebhooks",
  summary: "Endpoints, newest first",
  access: read,
  request: { query: pageQuery("webhook") },
  responses: { 200: json("One page", pageSchema(Webhook)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/webhooks/{webhookId}",
  operationId: "getWebhook",
  summary: "One endpoint",
  access: read,
  request: { params },
  responses: { 200: withETag(json("The endpoint", Webhook)), ...problems("not-found") },
});

const update = secured({
  method: "patch",
  path: "/v1/webhooks/{webhookId}",
  operationId: "updateWebhook",
  summary:
    "Change the address, the event types (null: all), the filter, the limits or all headers; `If-Match` refuses when somebody else was faster",
  access: write,
  request: { params, ...body(WebhookChanges) },
  responses: {
    200: withETag(json("The endpoint", Webhook)),
    ...problems("not-found", "invalid-request", "url-not-allowed", "role-in-use", "precondition-failed"),
  },
});

const enable = secured({
  method: "post",
  path: "/v1/webhooks/{webhookId}/enable",
  operationId: "enableWebhook",
  summary: "Send to a disabled endpoint again, also the deliveries that were held",
  access: write,
  replay,
  request: { params },
  responses: { 200: json("The endpoint", Webhook), ...problems("not-found", "webhook-conflict") },
});

const disable = secured({
  method: "post",
  path: "/v1/webhooks/{webhookId}/disable",
  operationId: "disableWebhook",
  summary:
    "Stop sending; new deliveries are held until the endpoint is enabled. Up to 20 that are in the queue are still sent",
  access: write,
  replay,
  request: { params },
  responses: { 200: json("The endpoint", Webhook), ...problems("not-found", "webhook-conflict") },
});

const rotate = secured({
  method: "post",
  path: "/v1/webhooks/{webhookId}/rotate-secret",
  operationId: "rotateWebhookSecret",
  summary:
    "Replace the signing secret; for `overlapSeconds`, up to seven days, each request has two signatures, of the new and of the former secret",
  access: write,
  request: { params, ...optionalBody(webhooks.SecretRotation.meta({ id: "SecretRotation" })) },
  responses: {
    200: json("The new secret, shown once", z.object({ webhook: Webhook, secret: z.string() })),
    ...problems("not-found"),
  },
});

const remove = secured({
  method: "delete",
  path: "/v1/webhooks/{webhookId}",
  operationId: "deleteWebhook",
  summary: "Remove an endpoint and its deliveries",
  access: write,
  request: { params },
  responses: { 204: { description: "Removed" }, ...problems("not-found", "precondition-failed") },
});

const test = secured({
  method: "post",
  path: "/v1/webhooks/{webhookId}/test",
  operationId: "testWebhook",
  summary: "Send a signed `webhook.test` event to this endpoint",
  access: write,
  replay: async (c) => {
    const id = requireId("webhook", c.req.param("webhookId") ?? "");
    const tested = await webhooks.findTestDelivery(c.var.ctx, id);
    if (!tested) throw new Problem("not-found");
    return c.json({ ...(await webhooks.getWebhook(c.var.ctx, id)), deliveryId: tested.id }, 200);
  },
  request: { params },
  responses: { 200: json("The endpoint and its delivery", Tested), ...problems("not-found", "webhook-conflict") },
});

const metrics = secured({
  method: "get",
  path: "/v1/webhooks/{webhookId}/metrics",
  operationId: "getWebhookMetrics",
  summary: "Success and latency of the last 24 hours, the backlog, and whether the endpoint is failing",
  access: read,
  request: { params },
  responses: { 200: json("The metrics", Metrics), ...problems("not-found") },
});

/** A job that sends events again. */
const again = <const N extends "recover" | "replay", B extends z.ZodType>(name: N, summary: string, input: B) =>
  secured({
    method: "post",
    path: `/v1/webhooks/{webhookId}/${name}`,
    operationId: `${name}Webhook`,
    summary,
    access: write,
    replay: async (c, { subject }) => c.json({ job: await jobs.get(c.var.ctx, requireId("job", subject)) }, 202),
    request: { params, ...body(input) },
    responses: {
      202: json("Queued", z.object({ job: Job })),
      ...problems("not-found", "invalid-request", "webhook-conflict", "job-conflict", "limit-reached"),
    },
  });
const recover = again(
  "recover",
  "Send the events of a time again that the endpoint has not received, also those while it was disabled; a job with progress",
  webhooks.Recovery.meta({ id: "WebhookRecovery" }),
);
const replayEvents = again(
  "replay",
  "Send a range of the event log to the endpoint, also events that it has received; a job with progress",
  webhooks.EventReplay.meta({ id: "WebhookReplay" }),
);

const deliveries = secured({
  method: "get",
  path: "/v1/webhooks/{webhookId}/deliveries",
  operationId: "listDeliveries",
  summary: "Deliveries to an endpoint, newest first",
  access: read,
  request: {
    params,
    query: pageQuery("delivery").extend({ ...webhooks.DeliveryFilter, eventType: z.string().max(100).optional() }),
  },
  responses: { 200: json("One page", pageSchema(Delivery)), ...problems("not-found", "invalid-request") },
});

const delivery = secured({
  method: "get",
  path: "/v1/deliveries/{deliveryId}",
  operationId: "getDelivery",
  summary: "One delivery",
  access: read,
  request: { params: deliveryParams },
  responses: { 200: json("The delivery", Delivery), ...problems("not-found") },
});

const attempts = secured({
  method: "get",
  path: "/v1/deliveries/{deliveryId}/attempts",
  operationId: "listAttempts",
  summary: "Attempts of a delivery, first to last: status, cause, latency, and the first kilobyte of the response",
  access: read,
  request: { params: deliveryParams },
  responses: {
    200: json("The last hundred", z.object({ data: z.array(webhooks.Attempt.meta({ id: "WebhookAttempt" })) })),
    ...problems("not-found"),
  },
});

const retry = secured({
  method: "post",
  path: "/v1/deliveries/{deliveryId}/retry",
  operationId: "retryDelivery",
  summary: "Make the next attempt now, also after the last one; `webhook-id` stays the same",
  access: write,
  replay: async (c) =>
    c.json(await webhooks.getDelivery(c.var.ctx, requireId("delivery", c.req.param("deliveryId") ?? "")), 200),
  request: { params: deliveryParams },
  responses: { 200: json("The delivery", Delivery), ...problems("not-found", "delivery-conflict") },
});

export const webhooksRouter = newRouter()
  .openapi(create, async (c) => c.json(await webhooks.createWebhook(c.var.ctx, c.req.valid("json")), 201))
  .openapi(list, async (c) =>
    c.json(await webhooks.listWebhooks(c.var.ctx, pageOf<"webhook">(c.req.valid("query"))), 200),
  )
  .openapi(get, async (c) => {
    const webhook = await webhooks.getWebhook(c.var.ctx, requireId("webhook", c.req.valid("param").webhookId));
    return c.json(webhook, 200, { etag: etagOf(webhook) });
  })
  .openapi(update, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    const seen = (current: webhooks.Webhook) => assertMatch(c, current);
    const webhook = await webhooks.updateWebhook(c.var.ctx, id, c.req.valid("json"), seen);
    return c.json(webhook, 200, { etag: etagOf(webhook) });
  })
  .openapi(enable, async (c) =>
    c.json(await webhooks.enable(c.var.ctx, requireId("webhook", c.req.valid("param").webhookId)), 200),
  )
  .openapi(disable, async (c) =>
    c.json(await webhooks.disable(c.var.ctx, requireId("webhook", c.req.valid("param").webhookId)), 200),
  )
  .openapi(rotate, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    // Without a body there is no JSON to read.
    const rotation = webhooks.SecretRotation.parse(c.req.valid("json") ?? {});
    return c.json(await webhooks.rotateWebhookSecret(c.var.ctx, id, rotation), 200);
  })
  .openapi(remove, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    await webhooks.deleteWebhook(c.var.ctx, id, (current) => assertMatch(c, current));
    return c.body(null, 204);
  })
  .openapi(test, async (c) =>
    c.json(await webhooks.testWebhook(c.var.ctx, requireId("webhook", c.req.valid("param").webhookId)), 200),
  )
  .openapi(deliveries, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    const { status, eventType, ...page } = c.req.valid("query");
    const filter = { status, eventType };
    return c.json(await webhooks.listDeliveries(c.var.ctx, id, pageOf<"delivery">(page), filter), 200);
  })
  .openapi(metrics, async (c) =>
    c.json(await webhooks.getWebhookMetrics(c.var.ctx, requireId("webhook", c.req.valid("param").webhookId)), 200),
  )
  .openapi(recover, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    return c.json({ job: await webhooks.recoverWebhook(c.var.ctx, id, c.req.valid("json")) }, 202);
  })
  .openapi(replayEvents, async (c) => {
    const id = requireId("webhook", c.req.valid("param").webhookId);
    return c.json({ job: await webhooks.replayToWebhook(c.var.ctx, id, c.req.valid("json")) }, 202);
  })
  .openapi(retry, async (c) =>
    c.json(await webhooks.retryDelivery(c.var.ctx, requireId("delivery", c.req.valid("param").deliveryId)), 200),
  )
  .openapi(delivery, async (c) =>
    c.json(await webhooks.getDelivery(c.var.ctx, requireId("delivery", c.req.valid("param").deliveryId)), 200),
  )
  .openapi(attempts, async (c) =>
    c.json(
      { data: await webhooks.listAttempts(c.var.ctx, requireId("delivery", c.req.valid("param").deliveryId)) },
      200,
    ),
  );
