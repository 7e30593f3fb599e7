import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createClient, uploadDocument } from "@resolve/sdk";
import { expect, test } from "vitest";
import { settled as settledOf } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Uploads, from the presigned URL to the search hit, and their refusals. */
/** A request below the address of the API, with options; a string body is sent as it is. */
const call = (
  method: string,
  path: string,
  { key = "", body, headers }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
) => system.caller(key)(method, path.replace("/v1", ""), body, headers);
const upload = async (key: string, bytes: Buffer, name: string, contentType: string) => {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { status, body } = await call("POST", "/v1/documents", {
    key,
    body: { name, contentType, sizeBytes: bytes.length, sha256 },
  });
  expect(status).toBe(201);
  return { id: body.document.id as string, upload: body.upload as { url: string; headers: Record<string, string> } };
};

const put = (target: { url: string; headers: Record<string, string> }, bytes: Buffer) =>
  fetch(target.url, { method: "PUT", headers: target.headers, body: new Uint8Array(bytes) });

const settled = (key: string, id: string) => settledOf(system.caller(key), id);

const html = (text: string) => Buffer.from(`<!doctype html><html><body><h1>Handbook</h1><p>${text}</p></body></html>`);

test("an uploaded document becomes a hit with its position in the text, and no other tenant sees it", async () => {
  const [mine, other] = [await system.newTenant(), await system.newTenant()];
  const bytes = html("The notice period for employees is three months to the end of a quarter.");
  const { id, upload: target } = await upload(mine.key, bytes, "handbook.html", "text/html");
  expect((await put(target, bytes)).status).toBe(200);
  const document = await settled(mine.key, id);
  expect(document).toMatchObject({ status: "ready", chunks: 1, contentType: "text/html", failure: null });
  expect(Object.keys(document.stageTimings).sort()).toEqual(["chunking", "embedding", "extracting", "indexing"]);

  const query = { query: "How long is the notice period?" };
  const { body } = await call("POST", "/v1/search", { key: mine.key, body: query });
  expect(body.data[0].document.id).toBe(id);
  const { charStart, charEnd, text } = body.data[0].chunk;
  const source = (await call("GET", `/v1/documents/${id}/text`, { key: mine.key })).body.text as string;
  expect(source.slice(charStart, charEnd)).toBe(text);
  expect(text).toContain("three months");

  expect((await call("POST", "/v1/search", { key: other.key, body: query })).body.data).toEqual([]);
  const foreign = await call("GET", `/v1/documents/${id}`, { key: other.key });
  const unknown = await call("GET", `/v1/documents/${unknownId("doc")}`, { key: other.key });
  expect(foreign.status).toBe(404);
  const comparable = ({ requestId: _, instance: __, ...rest }: Record<string, unknown>) => rest;
  expect(comparable(foreign.body)).toEqual(comparable(unknown.body));
});

test("an upload with other bytes, another length, address, expiry or header is refused and stores nothing", async () => {
  const { key } = await system.newTenant();
  const bytes = html("original");
  const { id, upload: target } = await upload(key, bytes, "a.html", "text/html");
  expect((await put(target, Buffer.concat([bytes, Buffer.from("x")]))).status).toBe(403);
  expect((await put(target, html("origina1"))).status).toBe(400);
  expect((await put({ ...target, url: target.url.replace(/doc_\w/, "doc_z") }, bytes)).status).toBe(403);
  expect(
    (await put({ ...target, url: target.url.replace("X-Amz-Expires=900", "X-Amz-Expires=90000") }, bytes)).status,
  ).toBe(403);
  expect((await put({ ...target, headers: { ...target.headers, "x-amz-acl": "public-read" } }, bytes)).status).toBe(
    403,
  );
  expect((await call("POST", `/v1/documents/${id}/complete`, { key })).body.code).toBe("upload-missing");
  expect((await put(target, bytes)).status).toBe(200);
  expect((await settled(key, id)).status).toBe("ready");
});

test("M11/T7 an upload URL without a checksum stores its bytes once: a second PUT is refused with 412, and so is one without the signed header", async () => {
  const { key } = await system.newTenant();
  const reserve = async (body: object) => (await call("POST", "/v1/documents", { key, body })).body;
  const bytes = Buffer.from("The first words.");
  const { document, upload: target } = await reserve({ name: "a.txt", sizeBytes: bytes.length });
  const { "if-none-match": condition, ...headers } = target.headers;
  expect(condition).toBe("*");
  expect((await put({ ...target, headers }, bytes)).status).toBe(403);
  expect((await put(target, bytes)).status).toBe(200);
  expect((await settled(key, document.id)).status).toBe("ready");
  const second = await put(target, Buffer.from("Other wording..."));
  expect([second.status, await second.text()]).toEqual([412, expect.stringContaining("PreconditionFailed")]);
  const { headers: download } = await call("GET", `/v1/documents/${document.id}/download`, { key });
  expect(await (await fetch(download.get("location")!)).text()).toBe("The first words.");
});

test("M11/T7 a new URL works after an upload that was cut off", async () => {
  const { key } = await system.newTenant();
  const bytes = Buffer.from("All of the words.");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const body = { name: "a.txt", sizeBytes: bytes.length, sha256, externalId: "cut-off" };
  const reserve = async () => (await call("POST", "/v1/documents", { key, body })).body;
  const { document, upload: target } = await reserve();
  const cut = request(target.url, { method: "PUT", headers: { ...target.headers, "content-length": bytes.length } });
  await new Promise<void>((done) => {
    cut.on("error", () => done());
    cut.write(bytes.subarray(0, 5), () => setTimeout(() => cut.destroy(new Error("cut off")), 100));
  });
  const again = await reserve();
  expect(again.document.id).toBe(document.id);
  expect((await put(again.upload, bytes)).status).toBe(200);
  expect((await settled(key, document.id)).status).toBe("ready");
});

test("M11/T7 the SDK completes an upload whose bytes an earlier request has stored", async () => {
  const { key } = await system.newTenant();
  const bytes = new TextEncoder().encode("Words that were sent twice.");
  const completed: string[] = [];
  const client = createClient({
    apiUrl: system.apiUrl,
    apiKey: key,
    fetch: async (request) => {
      if (request.url.endsWith("/complete")) completed.push(request.url);
      const response = await fetch(request);
      const { upload: target } = (await response.clone().json()) as { upload?: Parameters<typeof put>[0] };
      // The request whose response is lost.
      if (target) await put(target, Buffer.from(bytes));
      return response;
    },
  });
  const { id } = await uploadDocument(client, { name: "a.txt", contentType: "text/plain", bytes });
  expect(completed).toHaveLength(1);
  expect((await settled(key, id)).status).toBe("ready");
});

/** A PDF whose only page is an image. */
const scannedPdf = readFileSync(new URL("./scanned.pdf", import.meta.url));

test("files that cannot be read fail with a reason", async () => {
  const { key } = await system.newTenant();
  for (const [name, content, code] of [
    ["a.pdf", "%PDF-1.7 broken", "corrupt"],
    ["b.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "no-text"],
    ["c.txt", "   \n", "no-text"],
    ["scan.pdf", scannedPdf, "no-text"],
  ] as const) {
    const bytes = Buffer.from(content as string);
    const { id, upload: target } = await upload(key, bytes, name, "application/octet-stream");
    await put(target, bytes);
    const { status, failure } = await settled(key, id);
    expect(status).toBe("failed");
    expect(failure).toMatchObject({ code, retryable: false, hint: expect.any(String), message: expect.any(String) });
  }
});
