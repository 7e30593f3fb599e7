import { z } from "@hono/zod-openapi";
import * as documents from "@resolve/core/documents";
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

const Collection = documents.Collection.meta({ id: "Collection" });
const params = z.object({ collectionId: pathId("collection") });
const read = { permission: "collection:read", scope: "tenant" } as const;
const write = { permission: "collection:write", scope: "tenant" } as const;

const create = secured({
  method: "post",
  path: "/v1/collections",
  operationId: "createCollection",
  summary: "Create a collection; its `access` names who may see it and its documents",
  description:
    "`access` names roles, API keys, users and groups. For any other caller the responses are those of a collection and documents that do not exist. Without `access` everybody of the tenant sees them; the tenant's administrators always do.",
  access: write,
  replay: async (c, { subject }) => {
    const collection = await documents.getCollection(c.var.ctx, requireId("collection", subject));
    return c.json({ collection }, 201, { etag: etagOf(collection) });
  },
  request: body(documents.NewCollection.meta({ id: "NewCollection" })),
  responses: {
    201: withETag(json("Created", z.object({ collection: Collection }))),
    ...problems("invalid-request", "collection-exists", "limit-reached"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/collections",
  operationId: "listCollections",
  summary: "Collections that the caller may see, newest first",
  access: read,
  request: { query: pageQuery("collection") },
  responses: { 200: json("One page", pageSchema(Collection)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/collections/{collectionId}",
  operationId: "getCollection",
  summary: "One collection",
  access: read,
  request: { params },
  responses: { 200: withETag(json("The collection", Collection)), ...problems("not-found") },
});

const update = secured({
  method: "patch",
  path: "/v1/collections/{collectionId}",
  operationId: "updateCollection",
  summary: "Change the name, or replace `access`; `If-Match` refuses a change of another state",
  access: write,
  request: { params, ...body(documents.CollectionChanges.meta({ id: "CollectionChanges" })) },
  responses: {
    200: withETag(json("The collection", Collection)),
    ...problems("not-found", "invalid-request", "collection-exists", "precondition-failed"),
  },
});

const remove = secured({
  method: "delete",
  path: "/v1/collections/{collectionId}",
  operationId: "deleteCollection",
  summary: "Delete a collection without documents",
  access: write,
  request: { params },
  responses: {
    204: { description: "Removed" },
    ...problems("not-found", "collection-not-empty", "precondition-failed"),
  },
});

export const collectionsRouter = newRouter()
  .openapi(create, async (c) => {
    const collection = await documents.createCollection(c.var.ctx, c.req.valid("json"));
    return c.json({ collection }, 201, { etag: etagOf(collection) });
  })
  .openapi(list, async (c) =>
    c.json(await documents.listCollections(c.var.ctx, pageOf<"collection">(c.req.valid("query"))), 200),
  )
  .openapi(get, async (c) => {
    const id = requireId("collection", c.req.valid("param").collectionId);
    const collection = await documents.getCollection(c.var.ctx, id);
    return c.json(collection, 200, { etag: etagOf(collection) });
  })
  .openapi(update, async (c) => {
    const id = requireId("collection", c.req.valid("param").collectionId);
    const seen = (current: documents.Collection) => assertMatch(c, current);
    const collection = await documents.updateCollection(c.var.ctx, id, c.req.valid("json"), seen);
    return c.json(collection, 200, { etag: etagOf(collection) });
  })
  .openapi(remove, async (c) => {
    const id = requireId("collection", c.req.valid("param").collectionId);
    await documents.deleteCollection(c.var.ctx, id, (current) => assertMatch(c, current));
    return c.body(null, 204);
  });
