// `npm run test:kills`: 30 files are in processing while `npm start`'s process is killed three times. All must be settled within 75 s
// after the last start, and equal those of a run without kills.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const root = join(import.meta.dirname, "..");
const filesCount = 30;
const killsCount = 3;
const settledSecondsMax = 75;
const corpus = join(root, "examples/corpus");

/** The files of the example corpus, and texts of 50 KB to 1.3 MB, which take longer than a start. */
const files = [
  ...readdirSync(corpus).map((name) => ({ name, bytes: readFileSync(join(corpus, name)) })),
  ...Array.from({ length: filesCount - readdirSync(corpus).length }, (_, n) => {
    const sentences = (n + 1) * 1_000;
    const text = Array.from(
      { length: sentences },
      (_, at) => `Lot ${at} of delivery ${n} has coating ${(at * 7 + n) % 97}, as agreed.`,
    );
    return { name: `deliveries-${n}.txt`, bytes: Buffer.from(text.join(" ")) };
  }),
];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts the system and resolves when its API is ready, with a function that kills it. */
const start = async (port, data) => {
  const args = ["packages/local/src/main.ts", "--no-demo", "--port", String(port), "--data", data];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const startedAt = Date.now();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
  const exited = new Promise((resolve) => child.once("exit", resolve));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the system ended:\n${output}`);
    const response = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => undefined);
    if (response?.ok && existsSync(join(data, "credentials.json"))) break;
    await sleep(50);
  }
  return {
    startedAt,
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
};

const callerOf = (port, key) => async (method, path, body) => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const value = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(value)}`);
  return value;
};

const upload = async (call, { name, bytes }) => {
  const { document, upload } = await call("POST", "/documents", { name, sizeBytes: bytes.length });
  const { ok, status } = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes });
  if (!ok) throw new Error(`the store responded ${status} to ${name}`);
  return document.id;
};

const unsettled = new Set(["awaiting_upload", "queued", "processing"]);
const listed = async (call) => (await call("GET", "/documents?limit=100")).data;

/** All that a client sees of each document, by name. */
const seen = async (call) => {
  const result = {};
  for (const { id, name, status, failure, version, pages, chunks } of await listed(call)) {
    const hash = createHash("sha256");
    let count = 0;
    for (let cursor = ""; ; ) {
      const page = await call("GET", `/documents/${id}/chunks?limit=100${cursor}`);
      for (const { text, charStart } of page.data) hash.update(`${charStart} ${text}\n`);
      count += page.data.length;
      if (!page.hasMore) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    result[name] = { status, failure: failure?.code, version, pages, chunks, count, hash: hash.digest("hex") };
  }
  const { data } = await call("POST", "/search", { query: "coating agreed", limit: 20 });
  return { documents: result, hits: data.length, of: new Set(data.map(({ document }) => document.name)).size };
};

const runWith = async (kills) => {
  const data = mkdtempSync(join(tmpdir(), "resolve-kills-"));
  const port = await freePort();
  let system = await start(port, data);
  try {
    const { adminApiKey } = JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
    const created = await callerOf(port, adminApiKey)("POST", "/tenants", {
      name: "Kills",
      admin: { email: "a@kills.example" },
    });
    const call = callerOf(port, created.apiKey.secret);
    await Promise.all(files.map((file) => upload(call, file)));
    const open = async () => (await listed(call)).filter(({ status }) => unsettled.has(status)).length;
    for (let kill = 1; kill <= kills; kill++) {
      // Later kills find the work further along.
      await sleep(kill * 1_000);
      const left = await open();
      await system.end("SIGKILL");
      console.log(`kill ${kill}: ${left} of ${files.length} files were not settled`);
      system = await start(port, data);
    }
    while ((await open()) > 0) await sleep(250);
    const seconds = (Date.now() - system.startedAt) / 1000;
    return { seconds, seen: await seen(call) };
  } finally {
    await system.end("SIGTERM");
    rmSync(data, { recursive: true, force: true });
  }
};

const whole = await runWith(0);
console.log(`without kills: all settled ${whole.seconds.toFixed(1)} s after the start`);
const killed = await runWith(killsCount);
const isEqual = isDeepStrictEqual(killed.seen, whole.seen);
console.log(
  `with ${killsCount} kills: all settled ${killed.seconds.toFixed(1)} s after the last start, ${isEqual ? "equal" : "NOT equal"}`,
);
if (!isEqual)
  for (const [name, one] of Object.entries(whole.seen.documents))
    if (!isDeepStrictEqual(one, killed.seen.documents[name])) console.log(name, one, killed.seen.documents[name]);
process.exitCode = isEqual && killed.seconds <= settledSecondsMax ? 0 : 1;
