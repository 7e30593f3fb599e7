import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, settled } from "./client.ts";
import { system } from "./system.ts";

/** Documents from their creation to their deletion. */
const newTenant = async (): Promise<Call> => (await system.newTenant()).call;
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

describe("versions", () => {
  test("search uses the old version until the new one is ready, and the events list each step", async () => {
    const call = await newTenant();
    const { id } = await make(call, { name: "a.txt", text: "The old price is ten." });
    await settled(call, id);
    const bytes = Buffer.from("The new price is eleven.");
    const { status, body } = await call("POST", `/documents/${id}/versions`, { sizeBytes: bytes.length });
    expect([status, body.created]).toEqual([201, true]);
    expect(body.document).toMatchObject({ version: 2, liveVersion: 1, status: "awaiting_upload" });
    expect(body.document.stageTimings).toEqual({});
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

  test("a version that fails leaves the previous one in search, and can be replaced", async () => {
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

  test("a request with a known externalId changes its document: the same bytes keep the version, other bytes add one", async () => {
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

  test("the chunks of a document are listed page by page, in the order of the text", async () => {
    const call = await newTenant();
    const { id } = await make(call, {
      name: "long.txt",
      text: "The lease ends in May, and the rent rises.\n\n".repeat(200),
    });
    const { chunks } = await settled(call, id);
    expect(chunks).toBeGreaterThan(2);
    const ordinals: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { data: { ordinal: number }[]; nextCursor: string | null; hasMore: boolean } = (
        await call("GET", `/documents/${id}/chunks?limit=2${cursor && `&cursor=${cursor}`}`)
      ).body;
      ordinals.push(...page.data.map(({ ordinal }) => ordinal));
      expect(page.hasMore).toBe(ordinals.length < chunks);
      cursor = page.nextCursor;
    }
    expect(ordinals).toEqual(Array.from({ length: chunks }, (_, n) => n));
  });

  test("a document with the same bytes as another one names it in duplicateOf", async () => {
    const call = await newTenant();
    const first = await make(call, { name: "a.txt", text: "Twins." });
    expect((await make(call, { name: "b.txt", text: "Twins." })).duplicateOf).toBe(first.id);
    const stranger = await newTenant();
    expect((await make(stranger, { name: "b.txt", text: "Twins." })).duplicateOf).toBeNull();
  });
});

// Only a system on this machine can fetch from a server of this process.
describe.skipIf(!system.isLocal)("addresses", () => {
  let site: Server;
  let siteUrl: string;
  /** What the site responds to every request; null while it is up. */
  let outage: number | null = null;
  beforeAll(async () => {
    site = createServer((request, response) => {
      if (outage) return response.writeHead(outage).end();
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
  afterAll(() => site?.close());

  test("a page is fetched through a redirect, gets its name from the path, and is indexed", async () => {
    const call = await newTenant();
    const { id } = await make(call, { url: `${siteUrl}/moved` });
    const document = await settled(call, id);
    expect(document).toMatchObject({ name: "moved", status: "ready", contentType: "text/markdown" });
    expect(document.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(document.sizeBytes).toBeGreaterThan(0);
    expect(await found(call, "lamp")).toEqual([expect.stringContaining("May")]);
  });

  test("a URL whose server refuses, or redirects to a private network, fails with that reason; a URL whose server is down can be retried", async () => {
    const call = await newTenant();
    for (const path of ["/absent", "/inside"]) {
      const { id } = await make(call, { url: siteUrl + path });
      expect((await settled(call, id)).failure).toMatchObject({ code: "url-refused", retryable: false });
    }
    let id = "";
    for (outage of [503, 429, 408]) {
      id = (await make(call, { url: `${siteUrl}/notes.md` })).id;
      expect((await settled(call, id)).failure).toMatchObject({ code: "url-unreachable", retryable: true });
    }
    outage = null;
    expect((await call("POST", `/documents/${id}/retry`)).body.status).toBe("awaiting_upload");
    expect((await settled(call, id)).status).toBe("ready");
  });

  test.each(["http://10.0.0.1/a", "ftp://example.com/a", "not a url", "https://user:pw@example.com/"])(
    "the address %s is refused at once",
    async (url) => {
      const call = await newTenant();
      const { status, body } = await call("POST", "/documents", { url });
      expect([status, body.code]).toEqual([422, "url-not-allowed"]);
    },
  );
});

describe("cancelling and deleting", () => {
  test("a cancelled document can be retried, and a refused change names the allowed states", async () => {
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

  test("a deleted document leaves search at once and is restored completely, unless another document has its externalId by then", async () => {
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
  });

  test("one request changes many documents and reports each result", async () => {
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

test("text in a request stays text, whatever file signature it begins with", async () => {
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
  // The name still decides the kind of text, and a later reading has the same result.
  const { id } = await make(call, { name: "notes.md", text: "# BM\n\nMZ *words*" });
  expect((await settled(call, id)).contentType).toBe("text/markdown");
  expect((await call("POST", `/documents/${id}/versions`, { text: "GIF89a again" })).status).toBe(201);
  expect((await settled(call, id)).status).toBe("ready");
});

test("a user changes only the documents that it created", async () => {
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

test("a change with an outdated ETag is refused", async () => {
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
