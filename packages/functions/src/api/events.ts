import { z } from "@hono/zod-openapi";
import * as events from "@resolve/core/events";
import { jsonObject } from "@resolve/core/platform/json";
import { Problem } from "@resolve/core/platform/problems";
import { eventCatalogue } from "../event-catalogue.ts";
import { dataSchemaOf } from "../event-schemas.ts";
import { newRouter, secured } from "./app.ts";
import { body, intBetween, json, pageLimit, pageSchema, problems, waitFor, waitQuery } from "./responses.ts";

const access = { permission: "event:read", scope: "home" } as const;

/** Events are counted with a `bigint`. */
const sequence = intBetween(0, Number.MAX_SAFE_INTEGER);

const Cursor = events.EventCursor.meta({ id: "EventCursor" });
const write = { permission: "event:write", scope: "home" } as const;

const list = secured({
  method: "get",
  path: "/v1/events",
  operationId: "listEvents",
  summary: "The tenant's events in order, after a sequence; with `waitSeconds` the response waits for the first one",
  access,
  request: {
    query: z.strictObject({
      after: sequence.optional().meta({ description: "By default from the oldest event that is left" }),
      limit: pageLimit,
      cursor: sequence.optional(),
      cursorName: events.CursorName.optional().meta({ description: "Reads after the position of this event cursor" }),
      types: z.string().optional().meta({ description: "Types, separated by commas" }),
      ...waitQuery.shape,
    }),
  },
  responses: {
    200: json("One page", pageSchema(events.Event.meta({ id: "Event" })).extend({ lastSequence: z.int() })),
    ...problems("invalid-request", "events-expired", "not-found"),
  },
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

const path = "/v1/event-cursors/{cursorName}";
const request = { params: z.object({ cursorName: z.string() }) };

const cursors = secured({
  method: "get",
  path: "/v1/event-cursors",
  operationId: "listEventCursors",
  summary: "The positions of the tenant's consumers in the event log, by name",
  access,
  responses: { 200: json("At most a hundred", z.object({ data: z.array(Cursor) })), ...problems() },
});

const cursor = secured({
  method: "get",
  path,
  operationId: "getEventCursor",
  summary: "The position of one consumer in the event log",
  access,
  request,
  responses: { 200: json("The cursor", Cursor), ...problems("not-found") },
});

const set = secured({
  method: "put",
  path,
  operationId: "setEventCursor",
  summary: "Create an event cursor, or set it forward or back",
  access: write,
  request: { ...request, ...body(events.CursorPosition) },
  responses: { 200: json("The cursor", Cursor), ...problems("invalid-request", "limit-reached") },
});

const commit = secured({
  method: "post",
  path: `${path}/commit`,
  operationId: "commitEventCursor",
  summary:
    "Every event up to this sequence has been handled; the cursor is created when it is missing, and never moves back",
  access: write,
  replay: async (c) => c.json(await events.getCursor(c.var.ctx, c.req.param("cursorName") ?? ""), 200),
  request: { ...request, ...body(events.CursorCommit) },
  responses: {
    200: json("The cursor", Cursor),
    ...problems("invalid-request", "event-cursor-conflict", "limit-reached"),
  },
});

const remove = secured({
  method: "delete",
  path,
  operationId: "deleteEventCursor",
  summary: "Remove an event cursor",
  access: write,
  request,
  responses: { 204: { description: "Removed" }, ...problems("not-found") },
});

/** A name that no cursor can have. @throws Problem `invalid-request` */
const validName = (name: string): string => {
  const parsed = events.CursorName.safeParse(name);
  if (parsed.success) return name;
  const errors = parsed.error.issues.map(({ message }) => ({ path: "path:/cursorName", message }));
  throw new Problem("invalid-request", undefined, { errors });
};

const view = (event: NonNullable<ReturnType<typeof eventCatalogue.get>>) =>
  EventTypeView.parse({
    type: event.type,
    version: event.version,
    summary: event.summary,
    subjectType: event.subjectType,
    schema: dataSchemaOf(event),
    sample: event.sample,
  });

/** @throws Problem `invalid-request` for a type that does not exist: it would match nothing */
const parseTypes = (text: string | undefined): string[] | undefined => {
  const wanted = text?.split(",").map((type) => type.trim());
  const unknown = wanted?.filter((type) => !eventCatalogue.has(type)) ?? [];
  if (unknown.length === 0) return wanted;
  const errors = unknown.map((type) => ({ path: "query:/types", message: `"${type}" is not an event type` }));
  throw new Problem("invalid-request", undefined, { errors });
};

export const eventsRouter = newRouter()
  .openapi(list, async (c) => {
    const { after: given, cursor, cursorName, limit, types, waitSeconds } = c.req.valid("query");
    const wanted = parseTypes(types);
    if (cursorName !== undefined && given !== undefined) {
      const errors = [{ path: "query:/after", message: "must not be given together with cursorName" }];
      throw new Problem("invalid-request", undefined, { errors });
    }
    const stored = cursorName === undefined ? undefined : await events.getCursor(c.var.ctx, cursorName);
    const after = cursor ?? given ?? stored?.sequence;
    let page = await events.listEvents(c.var.ctx, { after, limit, types: wanted });
    // Looks for a new sequence first, which reads one row; each look is a transaction of its own.
    const look = async () => {
      if (page.data.length > 0 || (await events.readLastSequence(c.var.ctx)) <= page.lastSequence) return;
      page = await events.listEvents(c.var.ctx, { after: page.lastSequence, limit, types: wanted });
    };
    if (waitSeconds > 0) await waitFor(waitSeconds, look, () => page.data.length > 0);
    return c.json(page, 200);
  })
  .openapi(cursors, async (c) => c.json({ data: await events.listCursors(c.var.ctx) }, 200))
  .openapi(cursor, async (c) => c.json(await events.getCursor(c.var.ctx, c.req.valid("param").cursorName), 200))
  .openapi(set, async (c) =>
    c.json(await events.setCursor(c.var.ctx, validName(c.req.valid("param").cursorName), c.req.valid("json")), 200),
  )
  .openapi(commit, async (c) =>
    c.json(await events.commitCursor(c.var.ctx, validName(c.req.valid("param").cursorName), c.req.valid("json")), 200),
  )
  .openapi(remove, async (c) => {
    await events.deleteCursor(c.var.ctx, c.req.valid("param").cursorName);
    return c.body(null, 204);
  })
  .openapi(types, (c) => c.json({ data: [...eventCatalogue.values()].map(view) }, 200))
  .openapi(type, (c) => {
    const event = eventCatalogue.get(c.req.valid("param").type);
    if (!event) throw new Problem("not-found");
    return c.json(view(event), 200);
  });
