import { expect, test } from "vitest";
import { addDocument } from "./client.ts";
import { system } from "./system.ts";

/** Every download address returns the bytes that were uploaded. */

const bytesOf = (sizeBytes: number, seed: number) =>
  Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + (at >> 8) * 17 + seed) & 0xff);

const files: { name: string; contentType: string; bytes: Uint8Array<ArrayBuffer>; withChecksum?: boolean }[] = [
  { name: "plain.txt", contentType: "text/plain", bytes: new TextEncoder().encode("Grüße, 世界"), withChecksum: true },
  { name: "Rechnung „Müller“ (2).pdf", contentType: "application/pdf", bytes: bytesOf(70_000, 1) },
  { name: 'o\'clock; a="b", *.bin', contentType: "application/octet-stream", bytes: bytesOf(1, 2) },
  { name: "большой.bin", contentType: "application/octet-stream", bytes: bytesOf(3_000_001, 3), withChecksum: true },
];

test("an original comes back byte for byte, as an attachment with its name and type", async () => {
  const { call } = await system.newTenant();
  for (const { name, contentType, bytes, withChecksum } of files) {
    const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    const reservation = { name, contentType, sizeBytes: bytes.length, ...(withChecksum ? { sha256 } : {}) };
    const made = await call("POST", "/documents", reservation);
    const { url, headers } = made.body.upload;
    expect((await fetch(url, { method: "PUT", headers, body: bytes })).status).toBe(200);

    const download = () => call("GET", `/documents/${made.body.document.id}/download`);
    // The bucket's event reports that the bytes have arrived.
    await expect.poll(async () => (await download()).status, { timeout: 20_000 }).toBe(302);
    const redirect = await download();
    const response = await fetch(redirect.headers.get("location")!);
    expect([response.status, response.headers.get("content-type")], name).toEqual([200, contentType]);
    const disposition = response.headers.get("content-disposition") ?? "";
    const [, encoded = ""] = /^attachment; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)$/.exec(disposition) ?? [];
    expect(decodeURIComponent(encoded)).toBe(name);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes), name).toBe(true);
  }
});

test("a text, and each version of a document, is downloaded as it was sent", async () => {
  const { call } = await system.newTenant();
  const texts = ["BM and then some words.", "Later words, \u{1f389} and more."];
  const id = await addDocument(call, { name: "notes.txt", text: texts[0]! });
  expect((await call("POST", `/documents/${id}/versions`, { text: texts[1]! })).status).toBe(201);
  for (const [at, text] of texts.entries()) {
    const { headers } = await call("GET", `/documents/${id}/download?version=${at + 1}`);
    expect(await (await fetch(headers.get("location")!)).text()).toBe(text);
  }
});

test("a download link that was changed or has expired is refused", async () => {
  const { call } = await system.newTenant();
  const id = await addDocument(call, { name: "secret.txt", text: "Only for us." });
  const location = (await call("GET", `/documents/${id}/download`)).headers.get("location")!;
  const parameters = ["response-content-type=text/html", "X-Amz-Expires=604800"];
  const urls = [
    `${location}&${parameters[0]}`,
    location.replace(/X-Amz-Expires=\d+/, parameters[1]!),
    location.replace(/\?.*/, ""),
    location.replace("?", "?response-content-disposition=inline&"),
  ];
  for (const url of urls) expect((await fetch(url)).status, url).toBe(403);
});

test("no other route redirects or returns an upload address", async () => {
  const document = (await (await fetch(`${system.apiUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  };
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const redirecting = operations.filter(({ responses }) =>
    Object.keys(responses).some((status) => status.startsWith("3")),
  );
  // A text that is too large for a response of the API is read from storage.
  const ids = redirecting.map(({ operationId }) => operationId).sort();
  expect(ids).toEqual(["downloadDocument", "getDocumentText"]);
  const uploading = operations.filter(({ responses }) => JSON.stringify(responses).includes('"upload"'));
  expect(uploading.map(({ operationId }) => operationId).sort()).toEqual(["createDocument", "createDocumentVersion"]);
});
