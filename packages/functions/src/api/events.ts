import { z } from "@hono/zod-openapi";
import * as events from "@resolve/core/events";
import { jsonObject } from "@resolve/core/platform/json";
import { Problem } from "@resolve/core/platform/problems";
import { eventCatalogue } from "../event-catalogue.ts";
import { newRouter, secured } from "./app.ts";
import { intBetween, json, pageLimit, pageSchema, problems } from "./responses.ts";

const access = { permission: "event:read", scope: "home" } as const;

/** Events are counted with a `bigint`. */
const sequence = intBetween(0, Number.MAX_SAFE_INTEGER);

const list = secured({
  method: "get",
  path: "/v1/events",
  operationId: "listEvents",
  summary: "The tenant's events in order, after a sequence",
  access,
  request: {
    query: z.strictObject({
      after: sequence.default(0),
      limit: pageLimit,
      cursor: sequence.optional(),
      types: z.string().optional().meta({ description: "Types, separated by commas" }),
    }),
  },
  responses: { 200: json("One page", pageSchema(events.Event.meta({ id: "Event" }))), ...problems("invalid-request") },
});

const EventTypeView = z.object({
  type: z.string(),
  version: z.int(),
  summary: z.string(),
  subjectType: z.string(),
  schema: jsonObject,
  sample: jsonObject,
});

const types = secured({
  method: "get",
  path: "/v1/event-types",
  operationId: "listEventTypes",
  summary: "Every type of event, with the JSON Schema of its data and a sample",
  access,
  responses: { 200: json("The catalogue", z.object({ data: z.array(EventTypeView) })), ...problems() },
});

const type = secured({
  method: "get",
  path: "/v1/event-types/{type}",
  operationId: "getEventType",
  summary: "One type of event",
  access,
  request: { params: z.object({ type: z.string() }) },
  responses: { 200: json("The type", EventTypeView), ...problems("not-found") },
});

const view = (event: NonNullable<ReturnType<typeof eventCatalogue.get>>) =>
  EventTypeView.parse({
    type: event.type,
    version: event.version,
    summary: event.summary,
    subjectType: event.subjectType,
    schema: z.toJSONSchema(event.schema),
    sample: event.sample,
  });

export const eventsRouter = newRouter()
  .openapi(list, async (c) => {
    const { after, cursor, limit, types } = c.req.valid("query");
    const wanted = types?.split(",").map((type) => type.trim());
    const unknown = wanted?.filter((type) => !eventCatalogue.has(type)) ?? [];
    if (unknown.length > 0)
      throw new Problem("invalid-request", undefined, {
        errors: unknown.map((type) => ({ path: "query:/types", message: `"${type}" is not an event type` })),
      });
    return c.json(await events.listEvents(c.var.ctx, { after: cursor ?? after, limit, types: wanted }), 200);
  })
  .openapi(types, (c) => c.json({ data: [...eventCatalogue.values()].map(view) }, 200))
  .openapi(type, (c) => {
    const event = eventCatalogue.get(c.req.valid("param").type);
    if (!event) throw new Problem("not-found");
    return c.json(view(event), 200);
  });
