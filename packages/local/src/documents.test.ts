import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkUploads, purgeDocuments, sweepDocuments } from "@resolve/core/documents";
import { toUuid } from "@resolve/core/platform/id";
import { blobs } from "@resolve/core/platform/services/blob";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { scannedPdf, startTextract, type TextractDouble } from "../../core/src/testing/textract.ts";
import { type Call, startSystem, type TestSystem } from "./testing-system.ts";

/** The life of documents through the public door. */
let system: TestSystem;
let admin: Sql;
let site: Server;
let siteUrl: string;
let textract: TextractDouble;
let isSiteUp = true;

beforeAll(async () => {
  textract = await startTextract();
  system = await startSystem({ links: { Ocr: { provider: "textract", endpoint: textract.endpoint } } });
  ({ admin } = system);
  site = createServer((request, response) => {
    if (!isSiteUp) return response.writeHead(503).end();
    if (request.url === "/moved") return response.writeHead(302, { location: "/notes.md" }).end();
    if (request.url === "/inside") return response.writeHead(302, { location: "http://10.0.0.1/" }).end();
    if (request.url === "/notes.md")
      return response
        .writeHead(200, { "content-type": "text/markdown" })
        .end("# Notes\n\nThe lamp is serviced in May.");
    return response.writeHead(404).end("no");
  }).listen(0, "127.0.0.1");
  await new Promise((done) => site.once("listening", done));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await system?.close();
  site?.close();
  await textract?.close();
});

const newTenant = async (): Promise<Call & { tenantId: string }> => {
  const { call, id } = await system.newTenant();
  return Object.assign(call, { tenantId: id });
};
const settled = async (call: Call, id: string) => (await call("GET", `/documents/${id}?waitSeconds=20`)).body;
const make = async (call: Call, body: Record<string, unknown>) =>
  (await call("POST", "/documents", body)).body.document;
const found = async (call: Call, query: string) =>
  (await call("POST", "/search", { query, mode: "keyword" })).body.data.map(
    (hit: { chunk: { text: string } }) => hit.chunk.text,
  );
const eventTypes = async (call: Call, id: string) =>
  (await call("GET", "/events?limit=100")).body.data
    .filter((event: { subject: { id: string } }) => event.subject.id === id)
    .map((event: { type: string }) => event.type);
const uuid = (id: string) => toUuid(id as never);

describe("versions", () => {
  test("the old version is served until the new one is ready, and the events say what happened", async () => {
    const call = await newTenant();
    const { id } = await make(call, { name: "a.txt", text: "The old price is ten." });
    await settled(call, id);
    const bytes = Buffer.from("The new price is eleven.");
    const { status, body } = await call("POST", `/documents/${id}/versions`, { sizeBytes: bytes.length });
    expect([status, body.created]).toEqual([201, true]);
    expect(body.document).toMatchObject({ version: 2, liveVersion: 1, status: "awaiting_upload" });
    expect(await found(call, "price")).toEqual(["The old price is ten."]);

    await fetch(body.upload.url, { method: "PUT", headers: body.upload.headers, body: bytes });
    expect(await settled(call, id)).toMatchObject({ version: 2, liveVersion: 2, status: "ready", chunks: 1 });
    expect(await found(call, "price")).toEqual(["The new price is eleven."]);
    expect((await call("GET", `/documents/${id}/text?version=1`)).body.text).toBe("The old price is ten.");
    const { data } = (await call("GET", `/documents/${id}/versions?limit=1`)).body;
    expect(data).toMatchObject([{ version: 2, isLive: true, sizeBytes: bytes.length }]);
    const next = (await call("GET", `/documents/${id}/versions?limit=1&cursor=${data[0].id}`)).body;
    expect(next).toMatchObject({ data: [{ version: 1, isLive: false }], hasMore: false });
    expect(await eventTypes(call, id)).toEqual([
      "document.created",
      "document.ready",
      "document.replaced",
      "document.stored",
      "document.ready",
    ]);
  });

  test("a version that fails leaves the one before in search, and can be replaced", async () => {
    const call = await newTenant();
    const { id } = await make(call, { name: "a.txt", text: "Still serviced." });
    await settled(call, id);
    const bytes = Buffer.from("%PDF-1.7 nothing of the kind");
    const { upload } = (await call("POST", `/documents/${id}/versions`, { sizeBytes: bytes.length })).body;
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes });
    const failed = await settled(call, id);
    expect(failed).toMatchObject({
      version: 2,
      liveVersion: 1,
      status: "failed",
      failure: { code: "corrupt", retryable: false },
    });
    expect(failed.failure.hint).not.toBe("");
    expect(await found(call, "serviced")).toEqual(["Still serviced."]);
    await call("POST", `/documents/${id}/versions`, { text: "Repaired." });
    expect(await settled(call, id)).toMatchObject({ version: 3, liveVersion: 3, failure: null });
  });

  test("an externalId finds its document again: same bytes change nothing, others make a version", async () => {
    const call = await newTenant();
    const first = await call("POST", "/documents", { name: "a.txt", text: "One.", externalId: "crm-7" });
    expect(first.status).toBe(201);
    const { id } = first.body.document;
    await settled(call, id);
    const same = await call("POST", "/documents", {
      name: "b.txt",
      text: "One.",
      externalId: "crm-7",
      metadata: { x: 1 },
    });
    expect([same.status, same.body.created]).toEqual([200, false]);
    expect(same.body.document).toMatchObject({ id, version: 1, name: "b.txt", metadata: { x: 1 } });
    const other = await call("POST", "/documents", { name: "b.txt", text: "Two.", externalId: "crm-7" });
    expect(other.body.document).toMatchObject({ id, version: 2 });
    const racing = await Promise.all(
      Array.from({ length: 6 }, () =>
        call("POST", "/documents", { name: "c.txt", text: "Three.", externalId: "crm-8" }),
      ),
    );
    expect(new Set(racing.map(({ body }) => body.document.id)).size).toBe(1);
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect((await call("GET", "/documents?externalId=crm-8")).body.data).toHaveLength(1);
  });

  test("the same bytes under another id are named", async () => {
    const call = await newTenant();
    const first = await make(call, { name: "a.txt", text: "Twins." });
    expect((await make(call, { name: "b.txt", text: "Twins." })).duplicateOf).toBe(first.id);
    const stranger = await newTenant();
    expect((await make(stranger, { name: "b.txt", text: "Twins." })).duplicateOf).toBeNull();
  });
});

describe("addresses", () => {
  test("a page is fetched through a redirect, named by its path, and indexed", async () => {
    const call = await newTenant();
    const { id } = await make(call, { url: `${siteUrl}/moved` });
    const document = await settled(call, id);
    expect(document).toMatchObject({ name: "moved", status: "ready", contentType: "text/markdown" });
    expect(document.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(document.sizeBytes).toBeGreaterThan(0);
    expect(await found(call, "lamp")).toEqual([expect.stringContaining("May")]);
  });

  test("an address that refuses or leads inside says so; one that is down can be retried", async () => {
    const call = await newTenant();
    for (const path of ["/absent", "/inside"]) {
      const { id } = await make(call, { url: siteUrl + path });
      expect((await settled(call, id)).failure).toMatchObject({ code: "url-refused", retryable: false });
    }
    isSiteUp = false;
    const { id } = await make(call, { url: `${siteUrl}/notes.md` });
    expect((await settled(call, id)).failure).toMatchObject({ code: "url-unreachable", retryable: true });
    isSiteUp = true;
    expect((await call("POST", `/documents/${id}/retry`)).body.status).toBe("awaiting_upload");
    expect((await settled(call, id)).status).toBe("ready");
  });

  test.each(["http://10.0.0.1/a", "ftp://example.com/a", "not a url", "https://user:pw@example.com/"])(
    "%s is refused at once",
    async (url) => {
      const call = await newTenant();
      const { status, body } = await call("POST", "/documents", { url });
      expect([status, body.code]).toEqual([422, "url-not-allowed"]);
    },
  );
});

describe("an end and a way back", () => {
  test("what is cancelled can be retried, and a move that is not possible names those that are", async () => {
    const call = await newTenant();
    const bytes = Buffer.from("Some words.");
    const { document, upload } = (await call("POST", "/documents", { name: "a.txt", sizeBytes: bytes.length })).body;
    const cancelled = (await call("POST", `/documents/${document.id}/cancel`)).body;
    expect(cancelled).toMatchObject({ status: "failed", failure: { code: "cancelled", retryable: true } });
    const again = await call("POST", `/documents/${document.id}/cancel`);
    expect([again.status, again.body.state, again.body.allowed]).toEqual([
      409,
      "failed",
      ["awaiting_upload", "queued", "processing"],
    ]);
    expect((await call("POST", `/documents/${document.id}/retry`)).body.status).toBe("awaiting_upload");
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes });
    expect((await settled(call, document.id)).status).toBe("ready");
  });

  test("a deleted document leaves search at once, comes back whole, and is purged with its files when its time is over", async () => {
    const call = await newTenant();
    const { id } = await make(call, { name: "a.txt", text: "Fleeting words.", externalId: "e-1" });
    await settled(call, id);
    const gone = await call("DELETE", `/documents/${id}`);
    expect(gone.body.status).toBe("deleting");
    expect(await found(call, "fleeting")).toEqual([]);
    expect((await call("GET", "/documents")).body.data).toEqual([]);
    expect((await call("GET", "/documents?status=deleting")).body.data).toHaveLength(1);

    const back = await call("POST", `/documents/${id}/restore`);
    expect(back.body).toMatchObject({ status: "ready", purgeAt: null, chunks: 1, externalId: "e-1" });
    expect(await found(call, "fleeting")).toHaveLength(1);

    await call("DELETE", `/documents/${id}`);
    const thief = await make(call, { name: "b.txt", text: "Other words.", externalId: "e-1" });
    const taken = await call("POST", `/documents/${id}/restore`);
    expect([taken.status, taken.body.code]).toEqual([409, "document-exists"]);
    expect(thief.id).not.toBe(id);

    const key = `t/${call.tenantId}/${id}/1`;
    expect(await blobs.head(key)).toBeDefined();
    await admin`update app.documents set purge_at = now() - interval '1 second' where id = ${uuid(id)}`;
    expect((await call("POST", `/documents/${id}/restore`)).status).toBe(404);
    expect(await purgeDocuments()).toBe(1);
    expect(await blobs.head(key)).toBeUndefined();
    expect((await call("GET", `/documents/${id}`)).status).toBe(404);
    for (const table of ["document_versions", "document_texts", "chunks", "embeddings"])
      expect(await admin`select from ${admin(`app.${table}`)} where document_id = ${uuid(id)}`).toHaveLength(0);
    const [storage] = await admin`select bytes from app.storage where tenant_id = ${uuid(call.tenantId)}`;
    expect(Number(storage!["bytes"])).toBe("Other words.".length);
    expect((await eventTypes(call, id)).slice(-3)).toEqual([
      "document.restored",
      "document.deleted",
      "document.purged",
    ]);
    expect(await purgeDocuments()).toBe(0);
  });

  test("one call moves many, and each answers for itself", async () => {
    const call = await newTenant();
    const ids = [];
    for (const text of ["a", "b"]) ids.push((await make(call, { name: "x.txt", text })).id);
    for (const id of ids) await settled(call, id);
    const foreign = await make(await newTenant(), { name: "x.txt", text: "c" });
    const { body } = await call("POST", "/documents/bulk", { action: "delete", documentIds: [...ids, foreign.id] });
    expect(body.data.map((one: { status: string }) => one.status)).toEqual(["deleting", "deleting", null]);
    expect(body.data[2].problem.code).toBe("not-found");
    const back = await call("POST", "/documents/bulk", { action: "restore", documentIds: ids });
    expect(back.body.data.map((one: { status: string }) => one.status)).toEqual(["ready", "ready"]);
  });
});

test("an upload that never comes fails with a reason and gives its bytes back; one whose event was lost is taken up", async () => {
  const call = await newTenant();
  const lost = (await call("POST", "/documents", { name: "a.txt", sizeBytes: 5 })).body.document.id;
  const kept = (await call("POST", "/documents", { name: "b.txt", sizeBytes: 5 })).body.document.id;
  await admin`update app.document_versions set upload_expires_at = now() - interval '2 minutes' where document_id in (${uuid(lost)}, ${uuid(kept)})`;
  // Written past the bucket's notifications, as if the event had been lost on the way.
  await admin`update app.documents set status = 'failed' where id = ${uuid(kept)}`;
  await blobs.put(`t/${call.tenantId}/${kept}/1`, Buffer.from("words"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await admin`update app.documents set status = 'awaiting_upload' where id = ${uuid(kept)}`;
  await sweepDocuments({ waitingSeconds: 300 });
  expect((await settled(call, lost)).failure).toMatchObject({ code: "upload-expired" });
  expect((await settled(call, kept)).status).toBe("ready");
  const [storage] = await admin`select bytes from app.storage where tenant_id = ${uuid(call.tenantId)}`;
  expect(Number(storage!["bytes"])).toBe(5);
  expect((await call("POST", `/documents/${lost}/retry`)).body.code).toBe("upload-missing");
});

test("an upload whose event was lost is taken up two minutes later", async () => {
  const call = await newTenant();
  for (let n = 0; n < 3; n += 1) await call("POST", "/documents", { name: `${n}.txt`, sizeBytes: 5 });
  const { id } = (await call("POST", "/documents", { name: "kept.txt", sizeBytes: 5 })).body.document;
  // Written past the bucket's notifications, as if the event had been lost on the way.
  await admin`update app.documents set status = 'failed' where id = ${uuid(id)}`;
  await blobs.put(`t/${call.tenantId}/${id}/1`, Buffer.from("words"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await admin`update app.documents set status = 'awaiting_upload' where id = ${uuid(id)}`;
  expect(await checkUploads()).toBe(0);
  await admin`update app.document_versions set upload_checked_at = now() - interval '121 seconds' where tenant_id = ${uuid(call.tenantId)}`;
  expect(await checkUploads()).toBe(1);
  expect((await settled(call, id)).status).toBe("ready");
  // The others are still awaited, and were asked about once.
  expect(await checkUploads()).toBe(0);
  const [row] =
    await admin`select count(*)::int as waiting, min(v.upload_checked_at) > now() - interval '1 minute' as is_checked
    from app.documents d join app.document_versions v on v.document_id = d.id
    where d.tenant_id = ${uuid(call.tenantId)} and d.status = 'awaiting_upload'`;
  expect(row).toEqual({ waiting: 3, is_checked: true });
});

test("an object that was cut off while it was written is not taken for the upload", async () => {
  const call = await newTenant();
  const { id } = (await call("POST", "/documents", { name: "half.txt", sizeBytes: 10 })).body.document;
  await admin`update app.documents set status = 'failed' where id = ${uuid(id)}`;
  await blobs.put(`t/${call.tenantId}/${id}/1`, Buffer.from("half"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await admin`update app.documents set status = 'awaiting_upload' where id = ${uuid(id)}`;
  await checkUploads({ isAlone: true });
  expect((await call("GET", `/documents/${id}`)).body.status).toBe("awaiting_upload");
});

test("the text of a call is text, whatever it begins with", async () => {
  const call = await newTenant();
  const beginnings = [
    "BM",
    "PK\u0003\u0004",
    "MZ",
    "ID3",
    "GIF89a",
    "%PDF-1.7",
    "{\\rtf1",
    "<html>",
    "From: a\nDate: b\n\n",
    "RIFF",
    "\ufeffBOM",
  ];
  for (const [at, beginning] of beginnings.entries()) {
    const text = `${beginning} is how this note ${at} begins.`;
    const { id } = await make(call, { name: at % 2 ? "note" : "note.pdf", text });
    const document = await settled(call, id);
    expect([document.status, document.contentType], beginning).toEqual(["ready", "text/plain"]);
    const stored = (await call("GET", `/documents/${id}/text`)).body.text;
    expect(stored).toContain(`is how this note ${at} begins.`);
    expect(stored).toContain(beginning.replaceAll(/[^\n\x20-\x7e]/g, "").trim());
  }
  for (const name of ["n.json", "n.csv", "n.eml", "n.html"]) {
    const { id } = await make(call, { name, text: 'Dear all,\n\n{"a":1,"b":[2]} and then words.' });
    expect((await settled(call, id)).status, name).toBe("ready");
    expect((await call("GET", `/documents/${id}/text`)).body.text, name).toContain("and then words");
  }
  // The name still tells which kind of text it is, and later readings find the same.
  const { id } = await make(call, { name: "notes.md", text: "# BM\n\nMZ *words*" });
  expect((await settled(call, id)).contentType).toBe("text/markdown");
  expect((await call("POST", `/documents/${id}/versions`, { text: "GIF89a again" })).status).toBe(201);
  expect((await settled(call, id)).status).toBe("ready");
});

test("what does not fit into the tenant's storage is refused, and fits once there is room", async () => {
  const call = await newTenant();
  const first = await make(call, { name: "a.txt", text: "12345" });
  await admin`update app.storage set bytes_max = 12 where tenant_id = ${uuid(call.tenantId)}`;
  for (const body of [
    { name: "b.txt", text: "12345678" },
    { name: "b.txt", sizeBytes: 8 },
  ]) {
    const refused = await call("POST", "/documents", body);
    expect([refused.status, refused.body.code]).toEqual([409, "quota-exceeded"]);
  }
  const { id } = await make(call, { url: `${siteUrl}/notes.md` });
  expect((await settled(call, id)).failure).toMatchObject({ code: "quota-exceeded", retryable: true });
  expect((await call("POST", `/documents/${id}/retry`)).body.code).toBe("quota-exceeded");
  await admin`update app.storage set bytes_max = 1000 where tenant_id = ${uuid(call.tenantId)}`;
  expect((await call("POST", `/documents/${id}/retry`)).body.status).toBe("queued");
  expect((await settled(call, id)).status).toBe("ready");
  expect((await settled(call, first.id)).status).toBe("ready");
});

describe("scans", () => {
  const upload = async (call: Call, name: string, bytes: Buffer): Promise<string> => {
    const { document, upload } = (await call("POST", "/documents", { name, sizeBytes: bytes.length })).body;
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(bytes) });
    return document.id;
  };
  /** The document has been given back after so many claims. */
  const waiting = (id: string, attempts: number) =>
    vi.waitFor(
      async () => {
        const [row] =
          await admin`select attempts, lease_until from app.document_versions where document_id = ${uuid(id)}`;
        expect(row).toEqual({ attempts, lease_until: null });
      },
      { timeout: 10_000 },
    );

  test("their text is that of OCR, page by page", async () => {
    const call = await newTenant();
    textract.pages = [["The notice period", "is six weeks."], ["Signed in May."]];
    const id = await upload(call, "scan.pdf", scannedPdf);
    expect(await settled(call, id)).toMatchObject({ status: "ready", pages: 2, contentType: "application/pdf" });
    expect((await call("GET", `/documents/${id}/text`)).body.text).toBe(
      "The notice period\nis six weeks.\n\nSigned in May.",
    );
    expect(await found(call, "notice")).toEqual(["The notice period\nis six weeks."]);
    const { body } = textract.calls.find(({ operation }) => operation.startsWith("Start"))!;
    expect(body).toMatchObject({
      DocumentLocation: { S3Object: { Bucket: "documents", Name: `t/${call.tenantId}/${id}/1` } },
    });

    const picture = await upload(call, "a.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    expect(await settled(call, picture)).toMatchObject({ status: "ready", contentType: "image/png" });
  });

  test("a scan that OCR cannot read fails for its reason", async () => {
    const call = await newTenant();
    textract.status = "FAILED";
    const id = await upload(call, "scan.pdf", scannedPdf);
    expect((await settled(call, id)).failure).toMatchObject({ code: "no-text", retryable: false });
    textract.status = "SUCCEEDED";
  });

  test("one that waits for OCR is handed to the task, joins its job, and gives up in the end", async () => {
    const call = await newTenant();
    textract.tokens = [];
    textract.pages = [["Late words."]];
    textract.exception = "ProvisionedThroughputExceededException";
    const id = await upload(call, "scan.pdf", scannedPdf);
    await waiting(id, 1);
    expect((await call("GET", `/documents/${id}`)).body).toMatchObject({ status: "processing", failure: null });
    await admin`update app.document_versions set attempts = 4 where document_id = ${uuid(id)}`;
    await sweepDocuments({ waitingSeconds: 0 });
    expect((await settled(call, id)).failure).toMatchObject({ code: "ocr-unavailable", retryable: true });

    textract.exception = undefined;
    await call("POST", `/documents/${id}/retry`);
    expect((await settled(call, id)).status).toBe("ready");
    expect(textract.tokens).toHaveLength(1);
  });
});

test("a user changes what it made and nothing else", async () => {
  const call = await newTenant();
  const theirs = await make(call, { name: "a.txt", text: "The admin's.", externalId: "shared" });
  const user = system.caller((await call("POST", "/api-keys", { name: "u", role: "user" })).body.secret);
  const own = await make(user, { name: "b.txt", text: "The user's." });
  expect((await user("PATCH", `/documents/${own.id}`, { name: "c.txt" })).body.name).toBe("c.txt");
  const attempts: [string, string, unknown?][] = [
    ["PATCH", `/documents/${theirs.id}`, { name: "mine" }],
    ["DELETE", `/documents/${theirs.id}`],
    ["POST", `/documents/${theirs.id}/versions`, { text: "x" }],
    ["POST", `/documents/${theirs.id}/retry`],
    ["POST", `/documents/${theirs.id}/cancel`],
    ["POST", "/documents", { name: "x", text: "y", externalId: "shared" }],
  ];
  for (const [method, path, body] of attempts)
    expect((await user(method, path, body)).status, `${method} ${path}`).toBe(403);
  const bulk = await user("POST", "/documents/bulk", { action: "delete", documentIds: [theirs.id, own.id] });
  expect(bulk.body.data.map((one: { status: string }) => one.status)).toEqual([null, "deleting"]);
  expect((await user("GET", `/documents/${theirs.id}`)).status).toBe(200);
});

test("a change is refused when somebody else was faster", async () => {
  const call = await newTenant();
  const { id } = await make(call, { name: "a.txt", text: "Words." });
  await settled(call, id);
  const etag = (await call("GET", `/documents/${id}`)).headers.get("etag")!;
  const match = { "if-match": etag };
  expect((await call("PATCH", `/documents/${id}`, { metadata: { a: 1 }, externalId: "n" }, match)).body).toMatchObject({
    metadata: { a: 1 },
    externalId: "n",
  });
  expect((await call("PATCH", `/documents/${id}`, { name: "b" }, match)).status).toBe(412);
  await call("PATCH", `/documents/${id}`, { externalId: null });
  expect((await make(call, { name: "b", text: "Free.", externalId: "n" })).id).not.toBe(id);
});

test("a tenant with many files has five of them at work, the rest wait their turn, none is lost", async () => {
  const call = await newTenant();
  const ids: string[] = [];
  for (let n = 0; n < 14; n++) ids.push((await make(call, { name: `${n}.txt`, text: `File number ${n}.` })).id);
  for (const id of ids) expect((await settled(call, id)).status).toBe("ready");
  const [left] = await admin`select count(*)::int as n from app.document_versions
    where tenant_id = ${uuid(call.tenantId)} and dispatch is not null`;
  expect(left!["n"]).toBe(0);
});
