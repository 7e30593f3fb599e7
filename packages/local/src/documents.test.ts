import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { checkUploads, purgeDocuments, sweepDocuments } from "@resolve/core/documents";
import { toUuid } from "@resolve/core/platform/id";
import { resource } from "@resolve/core/platform/resources";
import { blobs } from "@resolve/core/platform/services/blob";
import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { addDocument, type Call, settled } from "../../acceptance/src/client.ts";
import { barOf, mixedPdf } from "../../core/src/testing/scans.ts";
import { scannedPdf, startTextract, type TextractDouble } from "../../core/src/testing/textract.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Tests of documents that need the database, another clock or a double of OCR. */
let system: TestSystem;
let admin: Sql;
let site: Server;
let siteUrl: string;
let textract: TextractDouble;

beforeAll(async () => {
  textract = await startTextract();
  system = await startSystem({ links: { Ocr: { provider: "textract", endpoint: textract.endpoint } } });
  ({ admin } = system);
  site = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/markdown" }).end("# Notes\n\nThe lamp is serviced in May."),
  ).listen(0, "127.0.0.1");
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

const operations = () => textract.calls.map(({ operation }) => operation);

// The embedded database runs one transaction at a time.
test.runIf(process.env["TEST_DATABASE_URL"])(
  "M4: a write that another transaction keeps from its row responds 503, and changes nothing",
  async () => {
    const call = await newTenant();
    const { id } = await make(call, { name: "a.txt", text: "Few words." });
    await settled(call, id);
    await admin.begin(async (tx) => {
      await tx`select from app.documents where id = ${uuid(id)} for update`;
      for (const [method, body] of [["DELETE"], ["PATCH", { name: "b.txt" }]] as const) {
        const { status, headers, body: problem } = await call(method, `/documents/${id}`, body);
        expect([status, problem.code, headers.get("retry-after")]).toEqual([503, "unavailable", "1"]);
      }
    });
    expect((await call("GET", `/documents/${id}`)).body).toMatchObject({ name: "a.txt", status: "ready" });
  },
);

test("a text that is too large for a response of a function is read from storage, and purged with its document", async () => {
  const call = await newTenant();
  const { id } = await make(call, { name: "Größe.txt", text: "Few words." });
  await settled(call, id);
  const replaceText = (text: string) =>
    admin`update app.document_texts set text = ${text} where document_id = ${uuid(id)}`;
  await replaceText("x".repeat(6_200_000));
  expect((await call("GET", `/documents/${id}/text`)).status).toBe(200);
  // Each quote is four bytes in the function's response, and two in the body.
  for (const text of ['"'.repeat(1_600_000), "ä".repeat(3_500_000)]) {
    await replaceText(text);
    const { status, headers } = await call("GET", `/documents/${id}/text`);
    expect(status).toBe(302);
    const stored = await fetch(headers.get("location")!);
    expect(stored.headers.get("content-type")).toBe("application/json");
    expect(((await stored.json()) as { text: string }).text === text).toBe(true);
  }
  const key = `text/t/${call.tenantId}/${id}/1.json`;
  expect(await blobs.head(key)).toBeDefined();
  await call("DELETE", `/documents/${id}`);
  await admin`update app.documents set purge_at = now() - interval '1 second' where id = ${uuid(id)}`;
  await purgeDocuments();
  expect(await blobs.head(key)).toBeUndefined();
});

test("a deleted document is purged with its files when its retention has ended", async () => {
  const call = await newTenant();
  const { id } = await make(call, { name: "a.txt", text: "Fleeting words.", externalId: "e-1" });
  await settled(call, id);
  await call("DELETE", `/documents/${id}`);
  await call("POST", `/documents/${id}/restore`);
  await call("DELETE", `/documents/${id}`);
  await make(call, { name: "b.txt", text: "Other words.", externalId: "e-1" });

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
  expect((await eventTypes(call, id)).slice(-3)).toEqual(["document.restored", "document.deleted", "document.purged"]);
  expect(await purgeDocuments()).toBe(0);
});

/** All versions and delete markers of a tenant's originals. */
const storedVersions = async (tenantId: string) => {
  const { region, endpoint, accessKeyId = "", secretAccessKey = "" } = resource("Documents");
  const s3 = new S3Client({
    region,
    endpoint: endpoint!,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: "documents", Prefix: `t/${tenantId}/` }));
  s3.destroy();
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key }) => Key!.split("/").slice(2).join("/"));
};

test("M10 a purge deletes every version of the originals; while storage refuses, the document stays and the purge is repeated", async () => {
  const call = await newTenant();
  const { id } = await make(call, { name: "a.txt", text: "Fleeting words." });
  const other = await make(call, { name: "b.txt", text: "Lasting words." });
  for (const document of [id, other.id]) await settled(call, document);
  await call("POST", `/documents/${id}/versions`, { text: "Newer words." });
  await settled(call, id);
  const folder = `t/${call.tenantId}/${id}/` as const;
  // More versions than one page of the double.
  for (let n = 0; n < 12; n += 1) await blobs.put(`${folder}1`, Buffer.from(`${n}`), "text/plain");
  expect(await storedVersions(call.tenantId)).toHaveLength(10);
  await call("DELETE", `/documents/${id}`);
  await admin`update app.documents set purge_at = now() - interval '1 second' where id = ${uuid(id)}`;

  const refusal = vi
    .spyOn(blobs, "purge")
    .mockRejectedValueOnce(new Error("1 versions were not deleted: AccessDenied"));
  expect(await purgeDocuments()).toBe(0);
  refusal.mockRestore();
  expect((await call("GET", `/documents/${id}`)).body.status).toBe("deleting");
  await admin`update app.sweep_errors set due_at = now() where id = ${uuid(id)}`;
  expect(await purgeDocuments()).toBe(1);
  expect((await call("GET", `/documents/${id}`)).status).toBe(404);
  expect(await storedVersions(call.tenantId)).toEqual([`${other.id}/1`]);
  expect((await call("GET", "/events?limit=100")).body.data.at(-1)).toMatchObject({
    type: "document.purged",
    data: { versions: 2 },
  });
});

/** The upload has not arrived, as far as the database knows. */
const forgetArrival = async (id: string) => {
  await admin`update app.document_versions set stored_at = null where document_id = ${uuid(id)}`;
  await admin`update app.documents set status = 'awaiting_upload' where id = ${uuid(id)}`;
};

test("a missing upload fails with a reason and releases its reserved bytes; an upload whose event was lost is processed", async () => {
  const call = await newTenant();
  const lost = (await call("POST", "/documents", { name: "a.txt", sizeBytes: 5 })).body.document.id;
  const kept = (await call("POST", "/documents", { name: "b.txt", sizeBytes: 5 })).body.document.id;
  await admin`update app.document_versions set upload_expires_at = now() - interval '2 minutes' where document_id in (${uuid(lost)}, ${uuid(kept)})`;
  // The status keeps the event of this write from being processed, as if it had been lost.
  await admin`update app.documents set status = 'failed' where id = ${uuid(kept)}`;
  await blobs.put(`t/${call.tenantId}/${kept}/1`, Buffer.from("words"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await forgetArrival(kept);
  await sweepDocuments({ waitingSeconds: 300 });
  expect((await settled(call, lost)).failure).toMatchObject({ code: "upload-expired" });
  expect((await settled(call, kept)).status).toBe("ready");
  const [storage] = await admin`select bytes from app.storage where tenant_id = ${uuid(call.tenantId)}`;
  expect(Number(storage!["bytes"])).toBe(5);
  expect((await call("POST", `/documents/${lost}/retry`)).body.code).toBe("upload-missing");
});

test("an upload whose event was lost is processed two minutes later", async () => {
  const call = await newTenant();
  for (let n = 0; n < 3; n += 1) await call("POST", "/documents", { name: `${n}.txt`, sizeBytes: 5 });
  const { id } = (await call("POST", "/documents", { name: "kept.txt", sizeBytes: 5 })).body.document;
  // The status keeps the event of this write from being processed, as if it had been lost.
  await admin`update app.documents set status = 'failed' where id = ${uuid(id)}`;
  await blobs.put(`t/${call.tenantId}/${id}/1`, Buffer.from("words"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await forgetArrival(id);
  await checkUploads();
  expect((await call("GET", `/documents/${id}`)).body.status).toBe("awaiting_upload");
  await admin`update app.document_versions set upload_checked_at = now() - interval '121 seconds' where tenant_id = ${uuid(call.tenantId)}`;
  // The runtime's own sweep may run first, so only the document is checked.
  await checkUploads();
  expect((await settled(call, id)).status).toBe("ready");
  // The others still wait for their bytes, and storage was checked for them.
  const [row] =
    await admin`select count(*)::int as waiting, min(v.upload_checked_at) > now() - interval '1 minute' as is_checked
    from app.documents d join app.document_versions v on v.document_id = d.id
    where d.tenant_id = ${uuid(call.tenantId)} and d.status = 'awaiting_upload'`;
  expect(row).toEqual({ waiting: 3, is_checked: true });
});

test("an object that is shorter than declared is not taken for the upload", async () => {
  const call = await newTenant();
  const { id } = (await call("POST", "/documents", { name: "half.txt", sizeBytes: 10 })).body.document;
  await admin`update app.documents set status = 'failed' where id = ${uuid(id)}`;
  await blobs.put(`t/${call.tenantId}/${id}/1`, Buffer.from("half"), "text/plain");
  await new Promise((done) => setTimeout(done, 300));
  await forgetArrival(id);
  await checkUploads({ isAlone: true });
  expect((await call("GET", `/documents/${id}`)).body.status).toBe("awaiting_upload");
  await admin`update app.document_versions set upload_expires_at = now() - interval '2 minutes' where document_id = ${uuid(id)}`;
  await sweepDocuments({ waitingSeconds: 300 });
  expect((await settled(call, id)).failure).toMatchObject({ code: "upload-expired" });
});

test("a document above the storage quota is refused, and accepted once the quota is raised", async () => {
  const call = await newTenant();
  const first = await make(call, { name: "a.txt", text: "12345" });
  await admin`insert into app.tenant_limits values (${uuid(call.tenantId)}, 'storageBytes', 12)`;
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
  await admin`update app.tenant_limits set maximum = 1000 where tenant_id = ${uuid(call.tenantId)}`;
  expect((await call("POST", `/documents/${id}/retry`)).body.status).toBe("queued");
  expect((await settled(call, id)).status).toBe("ready");
  expect((await settled(call, first.id)).status).toBe("ready");
});

describe("scans", () => {
  afterEach(() => void Object.assign(textract, { exception: undefined, linesOf: undefined, status: "SUCCEEDED" }));
  const upload = async (call: Call, name: string, bytes: Buffer): Promise<string> => {
    const { document, upload } = (await call("POST", "/documents", { name, sizeBytes: bytes.length })).body;
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(bytes) });
    return document.id;
  };
  /** Waits until the document's lease was released after this many claims. */
  const waiting = (id: string, attempts: number) =>
    vi.waitFor(
      async () => {
        const [row] =
          await admin`select attempts, lease_until from app.document_versions where document_id = ${uuid(id)}`;
        expect(row).toEqual({ attempts, lease_until: null });
      },
      { timeout: 90_000 },
    );

  test("get their text from OCR, page by page", async () => {
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

  test("between pages of text are drawn and read one by one, and the version says where the text of each page comes from", async () => {
    const call = await newTenant();
    textract.calls = [];
    textract.linesOf = (picture) =>
      ({ 50: ["The berth fee", "is due in October."], 80: ["Stamp 7 of the harbour"], 110: [] })[barOf(picture)] ?? [
        "a picture that no page shows",
      ];
    const pages = ["Rules of the quay.", 50, "No dogs.", { bar: 80, stamp: "7" }, 110, undefined];
    const id = await upload(call, "mixed.pdf", mixedPdf(pages));
    expect(await settled(call, id)).toMatchObject({ status: "ready", pages: 6, warnings: [] });
    expect((await call("GET", `/documents/${id}/text`)).body.text).toBe(
      "Rules of the quay.\n\nThe berth fee\nis due in October.\n\nNo dogs.\n\nStamp 7 of the harbour",
    );
    const hits = (await call("POST", "/search", { query: "berth fee", mode: "keyword" })).body.data;
    expect(hits.map((hit: { chunk: { page: number } }) => hit.chunk.page)).toEqual([2]);
    const [version] = (await call("GET", `/documents/${id}/versions`)).body.data;
    const text = { hasText: true, isScan: false, readByOcr: false };
    const scan = { hasText: false, isScan: true, readByOcr: true };
    expect(version.pages).toEqual([
      { from: 1, to: 1, ...text },
      { from: 2, to: 2, ...scan },
      { from: 3, to: 3, ...text },
      { from: 4, to: 4, ...scan, hasText: true },
      { from: 5, to: 5, ...scan },
      { from: 6, to: 6, hasText: false, isScan: false, readByOcr: false },
    ]);
    expect(operations()).toEqual(Array(3).fill("DetectDocumentText"));

    // A reindex pays for no page again.
    const { id: job } = (await call("POST", "/jobs", { type: "reindex" })).body.job;
    await expect
      .poll(async () => (await call("GET", `/jobs/${job}`)).body.status, { timeout: 60_000 })
      .toBe("completed");
    expect(operations()).toHaveLength(3);
    expect(await found(call, "berth fee")).toHaveLength(1);
  });

  test("that were read before a worker died are not read again, and those that OCR refuses are reported", async () => {
    const call = await newTenant();
    const read: number[] = [];
    textract.linesOf = (picture) => {
      const bar = barOf(picture);
      read.push(bar);
      if (read.length === 4) textract.exception = "AccessDeniedException";
      return [`Bar of ${bar} points`];
    };
    const bars = [20, 40, 60, 80, 100, 120];
    const id = await upload(call, "many.pdf", mixedPdf(["Bars:", ...bars]));
    // The function gives the document to the task, which fails as well.
    await waiting(id, 1);
    textract.exception = undefined;
    await sweepDocuments({ waitingSeconds: 0 });
    expect(await settled(call, id)).toMatchObject({ status: "ready", warnings: [] });
    expect(read.toSorted((a, b) => a - b)).toEqual(bars);
    for (const bar of bars) expect(await found(call, `"Bar of ${bar} points"`)).toHaveLength(1);

    textract.exception = "BadDocumentException";
    const refused = await upload(call, "refused.pdf", mixedPdf(["Rules.", 50]));
    expect(await settled(call, refused)).toMatchObject({
      status: "ready",
      warnings: [{ code: "pages-without-text", count: 1, places: ["page 2"] }],
    });
  });

  test("that are too many for the function are read by the task", async () => {
    const call = await newTenant();
    textract.linesOf = (picture) => [`Bar of ${barOf(picture)} points`];
    const id = await upload(
      call,
      "long.pdf",
      mixedPdf(["Bars:", ...Array.from({ length: 21 }, (_, at) => 5 * (at + 1))]),
    );
    expect(await settled(call, id)).toMatchObject({ status: "ready", warnings: [], pages: 22 });
    const [version] = await admin`select worker from app.document_versions where document_id = ${uuid(id)}`;
    expect(version).toMatchObject({ worker: "task" });
    expect(await found(call, '"Bar of 105 points"')).toHaveLength(1);
  });

  test("that OCR cannot read fail with a reason", async () => {
    const call = await newTenant();
    textract.status = "FAILED";
    const id = await upload(call, "scan.pdf", scannedPdf);
    expect((await settled(call, id)).failure).toMatchObject({ code: "no-text", retryable: false });
    textract.status = "SUCCEEDED";
  });

  test("stop at the month's limit: a mixed file keeps its text, a scan fails with a reason, and nothing is paid twice", async () => {
    const call = await newTenant();
    const used = async () =>
      (
        await admin`select amount::int as pages from app.usage_months
      where tenant_id = ${uuid(call.tenantId)} and meter = 'ocrPages'`
      )[0]?.["pages"];
    const limitTo = (
      pages: number,
    ) => admin`insert into app.tenant_limits values (${uuid(call.tenantId)}, 'ocrPagesPerMonth', ${pages})
      on conflict (tenant_id, limited) do update set maximum = excluded.maximum`;
    textract.linesOf = (picture) => [`Bar of ${barOf(picture)} points`];
    await limitTo(1);
    const mixed = await upload(call, "mixed.pdf", mixedPdf(["Rules of the quay.", 50, 80]));
    expect(await settled(call, mixed)).toMatchObject({ status: "ready", warnings: [{ code: "pages-without-text" }] });
    expect(await used()).toBe(1);
    textract.pages = [["The notice period"], ["is six weeks."]];
    const scan = await upload(call, "scan.pdf", scannedPdf);
    expect((await settled(call, scan)).failure).toMatchObject({ code: "ocr-limit-reached", retryable: true });

    await limitTo(100);
    await call("POST", `/documents/${scan}/retry`);
    expect((await settled(call, scan)).status).toBe("ready");
    expect(await used()).toBe(3);
    const calls = textract.calls.length;
    const { job } = (await call("POST", "/jobs", { type: "reindex" })).body;
    await vi.waitFor(async () => expect((await call("GET", `/jobs/${job.id}`)).body.status).toBe("completed"), {
      timeout: 60_000,
    });
    // The page that was left out is read now, and no other one again.
    expect(await used()).toBe(4);
    expect(textract.calls.length).toBe(calls + 1);
  });

  test("wait for OCR in the vector worker, reuse the OCR job that runs, and fail after five attempts", async () => {
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

test("all documents of a tenant are processed, also when they are more than its concurrent limit", async () => {
  const call = await newTenant();
  const ids: string[] = [];
  for (let n = 0; n < 14; n++) ids.push((await make(call, { name: `${n}.txt`, text: `File number ${n}.` })).id);
  for (const id of ids) expect((await settled(call, id)).status).toBe("ready");
  const [left] = await admin`select count(*)::int as n from app.document_versions
    where tenant_id = ${uuid(call.tenantId)} and dispatch is not null`;
  expect(left!["n"]).toBe(0);
});

describe("a collection", () => {
  test("that was deleted leaves no row behind when its last document is purged, and one that was not stays", async () => {
    const call = await newTenant();
    const filled = async (name: string) => {
      const { id: collectionId } = (await call("POST", "/collections", { name })).body.collection;
      const id = await addDocument(call, { name: "b", text: "Coat care.", collectionId });
      await call("DELETE", `/documents/${id}`);
      return collectionId;
    };
    const [dropped] = [await filled("Contracts"), await filled("Empty")];
    expect((await call("DELETE", `/collections/${dropped}`)).status).toBe(204);
    const rows = async () =>
      (await admin`select name from app.collections where tenant_id = ${uuid(call.tenantId)} order by name`).map(
        ({ name }) => name,
      );
    expect(await rows()).toEqual(["Contracts", "Empty"]);
    await admin`update app.documents set purge_at = now() where tenant_id = ${uuid(call.tenantId)}`;
    await purgeDocuments();
    expect(await rows()).toEqual(["Empty"]);
  });

  test("hides its documents in the database as well, by the role of the request", async () => {
    const call = await newTenant();
    const apiKeyIds = [(await call("POST", "/api-keys", { name: "named", role: "readonly" })).body.apiKey.id];
    const accesses = { open: undefined, users: { roles: ["user"] }, keyed: { apiKeyIds } };
    await addDocument(call, { name: "none", text: "The lens of the none file." });
    for (const [name, access] of Object.entries(accesses)) {
      const { id: collectionId } = (await call("POST", "/collections", { name, access })).body.collection;
      await addDocument(call, { name, text: `The lens of the ${name} file.`, collectionId });
    }
    const names = (role: string | null) =>
      admin.begin(async (sql) => {
        await sql`select app.enter(${uuid(call.tenantId)}, 'apiKey:nobody', '', ${role})`;
        const rows = await sql`select name from app.documents where status = 'ready' order by name`;
        return rows.map((row) => row["name"]);
      });
    expect(await names("user")).toEqual(["none", "open", "users"]);
    expect(await names("nobody")).toEqual(["none", "open"]);
    expect(await names(null)).toEqual(["none", "open"]);
    expect(await names("tenant_admin")).toEqual(["keyed", "none", "open", "users"]);
  });
});
