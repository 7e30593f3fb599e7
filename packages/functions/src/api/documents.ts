import { z } from "@hono/zod-openapi";
import * as documents from "@resolve/core/documents";
import type { Id } from "@resolve/core/platform/id";
import type { ProblemCode } from "@resolve/core/platform/problems";
import type { Context } from "hono";
import { assertOwn, isLimitedToOwn, newRouter, secured } from "./app.ts";
import type { Env } from "./env.ts";
import { type Replay, textBodyBytesMax } from "./middleware.ts";
import {
  assertMatch,
  body,
  etagOf,
  intBetween,
  json,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  waitFor,
  waitQuery,
  withETag,
} from "./responses.ts";

const Document = documents.Document.meta({ id: "Document" });
const params = z.object({ documentId: pathId("document") });
const read = { permission: "document:read", scope: "tenant" } as const;
const write = { permission: "document:write", scope: "tenant" } as const;

const creation = z.object({ document: Document, upload: documents.Upload.optional(), created: z.boolean() });
const newDocument = z.union([
  documents.NewUpload.meta({ id: "NewUpload" }),
  documents.NewText.meta({ id: "NewTextDocument" }),
  documents.NewUrl.meta({ id: "NewUrlDocument" }),
]);
const newVersion = z.union([
  documents.NewUploadVersion.meta({ id: "NewUploadVersion" }),
  documents.NewTextVersion.meta({ id: "NewTextVersion" }),
  documents.NewUrlVersion.meta({ id: "NewUrlVersion" }),
]);
/** The document as it is now; an upload that is still awaited gets a new URL. */
const replayCreation: Replay = async (c, { subject, action }) => {
  const made = await documents.creationOf(c.var.ctx, requireId("document", subject));
  return action === "document.update" ? c.json({ ...made, created: false }, 200) : c.json(made, 201);
};
const replayAction: Replay = async (c) =>
  c.json(await documents.get(c.var.ctx, requireId("document", c.req.param("documentId") ?? "")), 200);

const made = json("Created", creation);
const unchanged = json("These very bytes are there already", creation);
const refusals = [
  "usage-limit-reached",
  "invalid-request",
  "document-too-large",
  "quota-exceeded",
  "url-not-allowed",
  "request-too-large",
] as const;

const create = secured({
  uses: ["documents", "pages"],
  method: "post",
  path: "/v1/documents",
  operationId: "createDocument",
  summary: "Create a document from an upload, a text or an address",
  description:
    "With `sizeBytes`, the response has a presigned `upload`: send the bytes in one PUT with exactly its headers. Storage accepts them once, and responds 412 to a second PUT. With `text` or `url`, processing starts at once. An `externalId` that a document has gives that document a new version, or responds 200 when its bytes are the same. A `collectionId` puts it into a collection that the caller sees.",
  access: write,
  bodyBytesMax: textBodyBytesMax,
  replay: replayCreation,
  request: body(newDocument),
  responses: { 201: made, 200: unchanged, ...problems("not-found", "document-exists", ...refusals) },
});

const createVersion = secured({
  uses: ["documents", "pages"],
  method: "post",
  path: "/v1/documents/{documentId}/versions",
  operationId: "createDocumentVersion",
  summary: "Give a document new bytes; search serves the old ones until the new ones are ready",
  access: write,
  bodyBytesMax: textBodyBytesMax,
  replay: replayCreation,
  request: { params, ...body(newVersion) },
  responses: {
    201: made,
    200: unchanged,
    ...problems("not-found", "document-conflict", "document-exists", ...refusals),
  },
});

const bulk = secured({
  method: "post",
  path: "/v1/documents/bulk",
  operationId: "bulkDocuments",
  summary: "Cancel, retry, delete or restore up to 100 documents; each answers for itself",
  access: write,
  // Each document has its own result.
  isRepeatable: true,
  request: body(documents.BulkAction),
  responses: {
    200: json("What became of each, in the order given", z.object({ data: z.array(documents.BulkResult) })),
    ...problems("invalid-request"),
  },
});

const update = secured({
  method: "patch",
  path: "/v1/documents/{documentId}",
  operationId: "updateDocument",
  summary:
    "Change name, metadata, externalId, collection, or how it is read; `If-Match` refuses when somebody else was faster",
  access: write,
  request: { params, ...body(documents.DocumentChanges) },
  responses: {
    200: withETag(json("The document", Document)),
    ...problems("not-found", "invalid-request", "document-exists", "precondition-failed"),
  },
});

const filter = {
  ...documents.DocumentFilter,
  readerVersionBelow: z.union([z.literal("current"), intBetween(1, 1_000_000)]).optional(),
};

const list = secured({
  method: "get",
  path: "/v1/documents",
  operationId: "listDocuments",
  summary: "List documents, newest first",
  access: read,
  request: { query: pageQuery("document").extend(filter) },
  responses: { 200: json("One page", pageSchema(Document)), ...problems("invalid-request") },
});

const count = secured({
  method: "get",
  path: "/v1/documents/count",
  operationId: "countDocuments",
  summary: "How many documents the list has on all its pages",
  access: read,
  request: { query: z.strictObject(filter) },
  responses: { 200: json("The number", z.object({ count: z.int() })), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/documents/{documentId}",
  operationId: "getDocument",
  summary: "One document; `waitSeconds` returns as soon as it is ready or failed",
  access: read,
  request: { params, query: waitQuery },
  responses: { 200: withETag(json("The document", Document)), ...problems("not-found", "invalid-request") },
});

const remove = secured({
  method: "delete",
  path: "/v1/documents/{documentId}",
  operationId: "deleteDocument",
  summary: "Take a document out of lists and search at once; it is purged at `purgeAt`",
  description:
    "Until `purgeAt` it can be restored. The purge deletes its texts, chunks, embeddings and every stored version of its originals. Backups of the database keep them for up to 90 days more; the event log and the audit log keep the name.",
  access: write,
  request: { params },
  responses: { 202: json("Deleting", Document), ...problems("not-found", "precondition-failed") },
});

const complete = secured({
  method: "post",
  path: "/v1/documents/{documentId}/complete",
  operationId: "completeUpload",
  summary: "Say that the bytes have been sent, instead of waiting for the bucket's event",
  access: write,
  replay: replayAction,
  request: { params },
  responses: { 200: json("The document", Document), ...problems("not-found", "upload-missing") },
});

/** A move of a document's state by its own path. */
const action = <const P extends string>(name: P, operationId: string, summary: string, ...codes: ProblemCode[]) =>
  secured({
    method: "post",
    path: `/v1/documents/{documentId}/${name}`,
    operationId,
    summary,
    access: write,
    replay: replayAction,
    request: { params },
    responses: { 200: json("The document", Document), ...problems("not-found", "document-conflict", ...codes) },
  });
const retry = action("retry", "retryDocument", "Process a failed document again", "upload-missing", "quota-exceeded");
const cancel = action("cancel", "cancelDocument", "Stop what is under way; the document fails with code `cancelled`");
const restore = action(
  "restore",
  "restoreDocument",
  "Bring a deleted document back before it is purged",
  "document-exists",
  "collection-deleted",
  "quota-exceeded",
);

const settled = new Set(["ready", "failed", "deleting"]);

/** The document of the path, once the caller may change it: with an `own` grant, only what the caller made. */
const writable = async (c: Context<Env>, id: string): Promise<Id<"document">> => {
  const documentId = requireId("document", id);
  if (isLimitedToOwn(c, "document:write"))
    assertOwn(c, "document:write", await documents.ownerOf(c.var.ctx, documentId));
  return documentId;
};
const mayReplace = (c: Context<Env>) => (owner: string) => assertOwn(c, "document:write", owner);

export const documentsRouter = newRouter()
  .openapi(create, async (c) => {
    const made = await documents.create(c.var.ctx, c.req.valid("json"), mayReplace(c));
    return made.created ? c.json(made, 201) : c.json(made, 200);
  })
  .openapi(bulk, async (c) => {
    const touch = async (id: string) => void (await writable(c, id));
    return c.json({ data: await documents.bulk(c.var.ctx, c.req.valid("json"), touch) }, 200);
  })
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    return c.json(await documents.list(c.var.ctx, pageOf<"document">({ limit, cursor }), filter), 200);
  })
  .openapi(count, async (c) => c.json({ count: await documents.count(c.var.ctx, c.req.valid("query")) }, 200))
  .openapi(get, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    const { waitSeconds } = c.req.valid("query");
    const document = await waitFor(
      waitSeconds,
      () => documents.get(c.var.ctx, id),
      (document) => settled.has(document.status),
    );
    return c.json(document, 200, { etag: etagOf(document) });
  })
  .openapi(update, async (c) => {
    const id = await writable(c, c.req.valid("param").documentId);
    const seen = (current: documents.Document) => assertMatch(c, current);
    const document = await documents.update(c.var.ctx, id, c.req.valid("json"), seen);
    return c.json(document, 200, { etag: etagOf(document) });
  })
  .openapi(remove, async (c) => {
    const id = await writable(c, c.req.valid("param").documentId);
    return c.json(await documents.remove(c.var.ctx, id, (current) => assertMatch(c, current)), 202);
  })
  .openapi(createVersion, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    const made = await documents.createVersion(c.var.ctx, id, c.req.valid("json"), mayReplace(c));
    return made.created ? c.json(made, 201) : c.json(made, 200);
  })
  .openapi(complete, async (c) =>
    c.json(await documents.complete(c.var.ctx, await writable(c, c.req.valid("param").documentId)), 200),
  )
  .openapi(retry, async (c) =>
    c.json(await documents.retry(c.var.ctx, await writable(c, c.req.valid("param").documentId)), 200),
  )
  .openapi(cancel, async (c) =>
    c.json(await documents.cancel(c.var.ctx, await writable(c, c.req.valid("param").documentId)), 200),
  )
  .openapi(restore, async (c) =>
    c.json(await documents.restore(c.var.ctx, await writable(c, c.req.valid("param").documentId)), 200),
  );
