import { expect, test } from "vitest";
import { app } from "./index.ts";

const mebibyte = 1024 ** 2;
const post = async (path: string, bytes: number) =>
  (
    await app.request(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify("x".repeat(bytes - 2)),
    })
  ).status;

test("routes that take a document's text accept 6 MiB, the others 1 MiB", async () => {
  for (const path of ["/api/v1/tenants", "/api/v1/documents", "/api/v1/documents/doc_1/versions"]) {
    // Without a key: the size is checked first, so 401 means that the size was accepted.
    expect([path, await post(path, 6 * mebibyte)]).toEqual([path, 401]);
    expect([path, await post(path, 6 * mebibyte + 1)]).toEqual([path, 413]);
  }
  for (const path of ["/api/v1/search", "/api/v1/documents/bulk", "/api/v1/webhooks", "/api/v1/nothing"]) {
    expect([path, await post(path, mebibyte + 1)]).toEqual([path, 413]);
  }
});
