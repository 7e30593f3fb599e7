import { z } from "@hono/zod-openapi";
import * as documents from "@resolve/core/documents";
import { newRouter, secured } from "./app.ts";
import {
  body,
  etagOf,
  json,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  waitFor,
  waitQuery,
} from "./responses.ts";

const Document = documents.Document.meta({ id: "Document" });
const Created = z.object({ document: Document, upload: documents.Upload.optional() });
const params = z.object({ documentId: pathId("document") });
const read = { permission: "document:read", scope: "tenant" } as const;
const write = { permission: "document:write", scope: "tenant" } as const;

const create = secured({
  method: "post",
  path: "/v1/documents",
  operationId: "createDocument",
  summary: "Reserve a document for an upload, or create one from text",
  description:
    "With `sizeBytes`, the answer holds a presigned `upload`: send the bytes in one PUT with exactly its headers. With `text`, processing starts at once.",
  access: write,
  request: body(
    z.union([documents.NewUpload.meta({ id: "NewUpload" }), documents.NewText.meta({ id: "NewTextDocument" })]),
  ),
  responses: {
    201: json("Created", Created),
    ...problems("invalid-request", "document-too-large", "document-exists", "request-too-large"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/documents",
  operationId: "listDocuments",
  summary: "List documents, newest first",
  access: read,
  request: { query: pageQuery("document") },
  responses: { 200: json("One page", pageSchema(Document)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/documents/{documentId}",
  operationId: "getDocument",
  summary: "One document; `waitSeconds` returns as soon as it is ready or failed",
  access: read,
  request: { params, query: waitQuery },
  responses: { 200: json("The document", Document), ...problems("not-found", "invalid-request") },
});

const remove = secured({
  method: "delete",
  path: "/v1/documents/{documentId}",
  operationId: "deleteDocument",
  summary: "Take a document out of lists and search at once; it is purged at `purgeAt`",
  access: write,
  request: { params },
  responses: { 202: json("Deleting", Document), ...problems("not-found") },
});

const complete = secured({
  method: "post",
  path: "/v1/documents/{documentId}/complete",
  operationId: "completeUpload",
  summary: "Say that the bytes have been sent, instead of waiting for the bucket's event",
  access: write,
  request: { params },
  responses: { 200: json("The document", Document), ...problems("not-found", "upload-missing") },
});

const retry = secured({
  method: "post",
  path: "/v1/documents/{documentId}/retry",
  operationId: "retryDocument",
  summary: "Process a failed document again",
  access: write,
  request: { params },
  responses: { 200: json("Queued again", Document), ...problems("not-found", "document-conflict") },
});

const text = secured({
  method: "get",
  path: "/v1/documents/{documentId}/text",
  operationId: "getDocumentText",
  summary: "The exact text that chunk offsets refer to, in UTF-16 units",
  access: read,
  request: { params, query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }) },
  responses: { 200: json("The text", z.object({ text: z.string() })), ...problems("not-found") },
});

const chunks = secured({
  method: "get",
  path: "/v1/documents/{documentId}/chunks",
  operationId: "listChunks",
  summary: "Chunks of the serving version, in order of the text",
  access: read,
  request: {
    params,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(25),
      cursor: z.coerce.number().int().min(0).optional(),
    }),
  },
  responses: {
    200: json("One page", pageSchema(documents.ChunkView.meta({ id: "Chunk" }))),
    ...problems("not-found", "invalid-request"),
  },
});

const download = secured({
  method: "get",
  path: "/v1/documents/{documentId}/download",
  operationId: "downloadDocument",
  summary: "Redirect to the original as an attachment, good for 60 seconds",
  access: read,
  request: { params },
  responses: { 302: { description: "Where the original is" }, ...problems("not-found", "upload-missing") },
});

const settled = new Set(["ready", "failed", "deleting"]);

export const documentsRouter = newRouter()
  .openapi(create, async (c) => {
    const input = c.req.valid("json");
    if ("text" in input) return c.json(await documents.createFromText(c.var.ctx, input), 201);
    return c.json(await documents.reserve(c.var.ctx, input), 201);
  })
  .openapi(list, async (c) => c.json(await documents.list(c.var.ctx, pageOf<"document">(c.req.valid("query"))), 200))
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
  .openapi(remove, async (c) =>
    c.json(await documents.remove(c.var.ctx, requireId("document", c.req.valid("param").documentId)), 202),
  )
  .openapi(complete, async (c) =>
    c.json(await documents.complete(c.var.ctx, requireId("document", c.req.valid("param").documentId)), 200),
  )
  .openapi(retry, async (c) =>
    c.json(await documents.retry(c.var.ctx, requireId("document", c.req.valid("param").documentId)), 200),
  )
  .openapi(text, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    return c.json({ text: await documents.getText(c.var.ctx, id, c.req.valid("query").version) }, 200);
  })
  .openapi(chunks, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    return c.json(
      await documents.listChunks(c.var.ctx, requireId("document", c.req.valid("param").documentId), {
        limit,
        after: cursor,
      }),
      200,
    );
  })
  .openapi(download, async (c) =>
    c.redirect(await documents.downloadUrl(c.var.ctx, requireId("document", c.req.valid("param").documentId)), 302),
  );
