import { z } from "@hono/zod-openapi";
import * as documents from "@resolve/core/documents";
import { newRouter, secured } from "./app.ts";
import {
  intBetween,
  json,
  pageLimit,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
} from "./responses.ts";

const params = z.object({ documentId: pathId("document") });
const read = { permission: "document:read", scope: "tenant" } as const;
const versionQuery = z.strictObject({ version: intBetween(1).optional() });

const versions = secured({
  method: "get",
  path: "/v1/documents/{documentId}/versions",
  operationId: "listDocumentVersions",
  summary: "List a document's versions, newest first",
  access: read,
  request: { params, query: pageQuery("version") },
  responses: {
    200: json("One page", pageSchema(documents.DocumentVersion.meta({ id: "DocumentVersion" }))),
    ...problems("not-found", "invalid-request"),
  },
});

const text = secured({
  method: "get",
  path: "/v1/documents/{documentId}/text",
  operationId: "getDocumentText",
  summary: "The exact text that chunk offsets refer to, in UTF-16 units",
  access: read,
  request: { params, query: versionQuery },
  responses: {
    200: json("The text", z.object({ text: z.string() })),
    302: { description: "Where the same JSON is, for 60 seconds, when it is larger than a response of 6 MB" },
    ...problems("not-found"),
  },
});

const chunks = secured({
  method: "get",
  path: "/v1/documents/{documentId}/chunks",
  operationId: "listChunks",
  summary: "Chunks of the live version, in the order of the text",
  access: read,
  request: {
    params,
    query: z.strictObject({ limit: pageLimit, cursor: intBetween(0).optional() }),
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
  summary: "Redirect to the original as an attachment, valid for 60 seconds; by default of the newest version",
  access: read,
  request: { params, query: versionQuery },
  responses: { 302: { description: "Where the original is" }, ...problems("not-found", "upload-missing") },
});

/** Lambda returns at most 6 MB (its quota is 6,291,556 bytes), of JSON in which the body is a string; the rest is for headers. */
const responseBytesMax = 6_291_556 - 16_384;
const fitsResponse = (body: string): boolean =>
  body.length <= responseBytesMax && Buffer.byteLength(JSON.stringify(body)) <= responseBytesMax;

/** What a document holds: its versions, its text, its chunks and its original. */
export const documentContentsRouter = newRouter()
  .openapi(versions, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    return c.json(await documents.listVersions(c.var.ctx, id, pageOf<"version">(c.req.valid("query"))), 200);
  })
  .openapi(text, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    const { text, ...place } = await documents.readText(c.var.ctx, id, c.req.valid("query").version);
    const body = JSON.stringify({ text });
    if (fitsResponse(body)) return c.json({ text }, 200);
    return c.redirect(await documents.textUrl(c.var.ctx, id, { ...place, body }), 302);
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
  .openapi(download, async (c) => {
    const id = requireId("document", c.req.valid("param").documentId);
    return c.redirect(await documents.downloadUrl(c.var.ctx, id, c.req.valid("query").version), 302);
  });
