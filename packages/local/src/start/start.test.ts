import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient, documentSettled, everyItem, type Resolve, unwrap } from "@resolve/sdk";
import { afterAll, afterEach, expect, test } from "vitest";

/** `npm start` as a process: killed while it works and started again, and started where it cannot run. */
const main = join(import.meta.dirname, "../main.ts");
const fasterImports = join(import.meta.dirname, "../faster-imports.ts");
const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
const running = new Set<ChildProcess>();
// What a failed test leaves behind would hold the data directory of the next one.
afterEach(async () => {
  for (const child of running) await stop(child, "SIGKILL");
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the program; `says` waits for a text in its output. */
const launch = (directory: string) => {
  const child = spawn(
    process.execPath,
    ["--import", fasterImports, main, "--no-demo", "--port", "0", "--data", directory],
    { stdio: "pipe" },
  );
  running.add(child);
  child.once("exit", () => running.delete(child));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  // "close" comes after the last output; "exit" may come before it.
  let closed = false;
  child.once("close", () => (closed = true));
  const says = async (text: string): Promise<string> => {
    while (!said.includes(text)) {
      if (closed) throw new Error(`it ended: ${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    return said;
  };
  return { child, says, said: () => said };
};

const start = async () => {
  const { child, says } = launch(dataDir);
  await says("Stop with Ctrl-C");
  const { apiUrl, adminApiKey } = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8"));
  return { child, says, apiUrl: apiUrl as string, adminApiKey: adminApiKey as string };
};

const stop = async (child: ChildProcess, signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number | null> => {
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = await ended;
  return code;
};

const words = ["lens", "coating", "invoice", "warranty", "delivery", "notice", "period", "holiday", "audit", "index"];
/** About 750 kB of prose, so that its processing takes long enough to be interrupted. */
const text = Array.from(
  { length: 8_000 },
  (_, n) => `Sentence ${n} speaks of ${words[n % 10]} and of ${words[(n * 7) % 10]}, at length and to no end.`,
).join(" ");

const chunksOf = async (client: Resolve, documentId: string) => {
  const texts: string[] = [];
  const pages = everyItem((cursor) =>
    unwrap(
      client.GET("/api/v1/documents/{documentId}/chunks", {
        params: { path: { documentId }, query: { limit: 100, ...(cursor ? { cursor: Number(cursor) } : {}) } },
      }),
    ),
  );
  for await (const chunk of pages) texts.push(chunk.text);
  return texts;
};

test("uploads that were accepted just before the process is killed are ready within 75 s of the next start", async () => {
  const { child, apiUrl, adminApiKey } = await start();
  const operator = createClient({ apiUrl, apiKey: adminApiKey });
  const body = { name: "Kill", admin: { email: "ada@kill.example" } };
  const { apiKey } = await unwrap(operator.POST("/api/v1/tenants", { body }));
  const client = createClient({ apiUrl, apiKey: apiKey!.secret });
  const contents = Array.from({ length: 30 }, (_, n) => `Note ${n}. ${"The lens is ground. ".repeat(n * 700)}`);
  // One after the other: on a busy machine 30 at once, beside the onboarding, take longer than the API's timeout.
  const reserved = [];
  for (const [n, content] of contents.entries()) {
    const bytes = new TextEncoder().encode(content);
    const body = { name: `${n}.txt`, contentType: "text/plain", sizeBytes: bytes.length };
    reserved.push({ ...(await unwrap(client.POST("/api/v1/documents", { body }))), bytes });
  }
  const sent = await Promise.all(
    reserved.map(async ({ document, upload, bytes }) => {
      const { status } = await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: bytes });
      return status === 200 ? document.id : undefined;
    }),
  );
  await stop(child, "SIGKILL");
  expect(sent).not.toContain(undefined);

  const restarted = await start();
  const startedAt = Date.now();
  const later = createClient({ apiUrl: restarted.apiUrl, apiKey: apiKey!.secret });
  for (const [n, id] of sent.entries()) {
    expect(await documentSettled(later, id!, 75)).toMatchObject({ status: "ready", failure: null });
    const { text } = await unwrap(
      later.GET("/api/v1/documents/{documentId}/text", { params: { path: { documentId: id! } } }),
    );
    expect(text.trim()).toBe(contents[n]!.trim());
  }
  expect((Date.now() - startedAt) / 1000).toBeLessThan(75);
  expect(await stop(restarted.child, "SIGINT")).toBe(0);
}, 180_000);

test("a document or job that is interrupted by a kill is finished once after the next start", async () => {
  let { child, apiUrl, adminApiKey } = await start();
  const operator = createClient({ apiUrl, apiKey: adminApiKey });
  const body = { name: "Acme", admin: { email: "ada@acme.example" } };
  const { apiKey } = await unwrap(operator.POST("/api/v1/tenants", { body }));
  let client = createClient({ apiUrl, apiKey: apiKey!.secret });
  const clean = await unwrap(client.POST("/api/v1/documents", { body: { name: "clean.txt", text } }));
  await documentSettled(client, clean.document.id);

  const { document } = await unwrap(client.POST("/api/v1/documents", { body: { name: "killed.txt", text } }));
  const path = { documentId: document.id };
  for (;;) {
    const { status } = await unwrap(client.GET("/api/v1/documents/{documentId}", { params: { path } }));
    expect(["queued", "processing"]).toContain(status);
    if (status === "processing") break;
  }
  await stop(child, "SIGKILL");

  const restartedAt = Date.now();
  const restarted = await start();
  ({ child, apiUrl } = restarted);
  client = createClient({ apiUrl, apiKey: apiKey!.secret });
  const settled = await documentSettled(client, document.id, 75);
  expect(settled).toMatchObject({ status: "ready", failure: null });
  expect((Date.now() - restartedAt) / 1000).toBeLessThan(75);
  expect(await restarted.says("recovery: all of it is finished")).toMatch(
    /recovery: 1 documents and 0 jobs were left unfinished/,
  );
  expect(await chunksOf(client, document.id)).toEqual(await chunksOf(client, clean.document.id));
  const { data } = await unwrap(client.GET("/api/v1/events", { params: { query: { limit: 100 } } }));
  expect(data.map(({ sequence }) => sequence)).toEqual(data.map((_, n) => n + 1));
  const ready = data.filter(({ type, subject }) => type === "document.ready" && subject.id === document.id);
  expect(ready).toHaveLength(1);

  // A job is interrupted as well, and continues from its checkpoint.
  const { job } = await unwrap(client.POST("/api/v1/jobs", { body: { type: "reindex" } }));
  const params = { path: { jobId: job.id }, query: { waitSeconds: 20 } };
  let status = "queued";
  while (status === "queued")
    ({ status } = await unwrap(client.GET("/api/v1/jobs/{jobId}", { params: { path: params.path } })));
  expect(status).toBe("running");
  await stop(child, "SIGKILL");
  ({ child, apiUrl } = await start());
  client = createClient({ apiUrl, apiKey: apiKey!.secret });
  const done = await unwrap(client.GET("/api/v1/jobs/{jobId}", { params }));
  expect(done).toMatchObject({ status: "completed", progress: { done: 2, total: 2 } });
  expect(await chunksOf(client, document.id)).toEqual(await chunksOf(client, clean.document.id));
  expect(await stop(child, "SIGINT")).toBe(0);
}, 180_000);

test("npm start with a used port or data directory ends with exit code 1 and one sentence with the solution", async () => {
  const { child, apiUrl } = await start();
  const fails = (...args: string[]): Promise<string> =>
    promisify(execFile)(process.execPath, [main, "--no-demo", ...args], { timeout: 40_000 }).then(
      () => "started",
      ({ code, stderr }: { code: number; stderr: string }) => `${code}: ${stderr.trim()}`,
    );
  const other = mkdtempSync(join(tmpdir(), "resolve-"));
  const port = new URL(apiUrl).port;
  const locked = fails("--data", dataDir, "--port", "0");
  expect(await fails("--data", other, "--port", port)).toMatch(
    /^1: Port \d+ is in use; choose another one with --port\.$/,
  );
  // A file where the directory should be.
  const inside = join(main, "data");
  expect(await fails("--data", inside, "--port", "0")).toBe(
    `1: The data directory ${inside} cannot be written (ENOTDIR); choose another --data.`,
  );
  expect(await locked).toMatch(/^1: The data directory .+ is in use by another instance/);
  rmSync(other, { recursive: true, force: true });
  expect(await stop(child, "SIGINT")).toBe(0);
}, 180_000);

test("a signal ends the program while it waits for its data directory, while it starts, and when the directory is gone", async () => {
  const started = await start();
  const waiting = launch(dataDir);
  await waiting.says("still waiting for the lock of the data directory");
  expect(await stop(waiting.child, "SIGINT")).toBe(130);
  expect(await stop(started.child, "SIGTERM")).toBe(0);

  const starting = launch(dataDir);
  await starting.says("database started");
  expect(await stop(starting.child, "SIGTERM")).toBe(143);

  const again = await start();
  const ended = once(again.child, "exit");
  rmSync(dataDir, { recursive: true, force: true });
  await again.says("can no longer be used");
  expect((await ended)[0]).toBe(1);
}, 120_000);
