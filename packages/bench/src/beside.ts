import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { documentSettled, type Resolve, unwrap } from "@resolve/sdk";
import { sharedData } from "../../../scripts/shared-data.ts";
import { text } from "./neighbour.ts";
import { percentile } from "./statistics.ts";
import { withSystem } from "./system.ts";

/** The size of the long text; another one with `BESIDE_MB`. */
const megabytes = Number(process.env["BESIDE_MB"] ?? 60);
const longestMs = 30 * 60_000;
const pauseMs = 250;
const documents = 20;

/** Figures of a second tenant and of the system, in milliseconds. */
type Figures = { search: number[]; ready: number[]; health: number[]; database: number[]; failed: number };

/** What a second tenant notices while the first one's long text or hostile file is processed. */
export const beside = (): Promise<void> =>
  withSystem(async ({ newTenant, runtime, database }) => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    // Its statement waits until the embedded database is free, which is how long somebody holds it.
    const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
    for (let n = 0; n < documents; n++) await settledText(mine, n);
    console.log(
      `${database.isEmbedded ? "embedded database" : "PostgreSQL"}; p95 in ms, for the database p99; “settled” after the upload`,
    );
    console.log("                               settled  search  upload → ready  /api/ready  database  5xx");
    for (const [name, bytes] of files()) {
      const figures: Figures = { search: [], ready: [], health: [], database: [], failed: 0 };
      const startedAt = performance.now();
      const id = await upload(theirs, name, bytes);
      let end: { status: string; seconds: number } | undefined;
      const settling = settled(theirs, id).then((status) => {
        end = { status, seconds: (performance.now() - startedAt) / 1000 };
      });
      let n = 1_000;
      const timed = async (list: number[], work: () => Promise<unknown>): Promise<void> => {
        const from = performance.now();
        await work().catch(() => (figures.failed += 1));
        list.push(performance.now() - from);
      };
      const loop = async (work: () => Promise<void>): Promise<void> => {
        do {
          await work();
          await new Promise((done) => setTimeout(done, pauseMs));
        } while (!end);
      };
      await Promise.all([
        settling,
        loop(() => timed(figures.search, () => search(mine, "lenses and orders"))),
        loop(() => timed(figures.ready, () => settledText(mine, n++))),
        loop(() => timed(figures.health, () => isReady(runtime.apiUrl))),
        loop(() => timed(figures.database, () => admin`select 1`)),
      ]);
      const p95 = (list: number[], width: number) => percentile(list, 0.95).toFixed(0).padStart(width);
      console.log(
        `${name.padEnd(22)} ${end!.status.padStart(6)} ${end!.seconds.toFixed(1).padStart(7)} s ${p95(figures.search, 7)} ${p95(figures.ready, 15)} ${p95(figures.health, 11)} ${percentile(figures.database, 0.99).toFixed(0).padStart(9)} ${String(figures.failed).padStart(4)}`,
      );
    }
    await admin.end();
  });

const files = (): [name: string, bytes: Buffer][] => {
  const hostile = sharedData("documents/hostile");
  const named = hostile ? readdirSync(hostile).filter((name) => !name.endsWith(".tsv")) : [];
  return [
    ["without-spaces.txt", Buffer.from("ab".repeat(2_500_000))],
    ...named.map((name): [string, Buffer] => [name, readFileSync(join(hostile!, name))]),
    [`${megabytes}-mb.txt`, longText(megabytes)],
  ];
};

const longText = (size: number): Buffer => {
  const parts: string[] = [];
  for (let n = 0, length = 0; length < size * 1e6; n++) {
    const part = `${text(n)}\n\n`;
    parts.push(part);
    length += part.length;
  }
  return Buffer.from(parts.join(""));
};

const upload = async (client: Resolve, name: string, bytes: Buffer): Promise<string> => {
  const { document, upload } = await unwrap(
    client.POST("/api/v1/documents", { body: { name, sizeBytes: bytes.length } }),
  );
  const { status } = await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(bytes) });
  if (status !== 200) throw new Error(`the upload responded ${status}`);
  return document.id;
};

const settled = async (client: Resolve, documentId: string): Promise<string> => {
  const deadline = performance.now() + longestMs;
  while (performance.now() < deadline) {
    const { response, data } = await client.GET("/api/v1/documents/{documentId}", { params: { path: { documentId } } });
    if (response.status === 200 && data && ["ready", "failed"].includes(data.status))
      return data.status === "ready" ? "ready" : "failed";
    await new Promise((done) => setTimeout(done, pauseMs));
  }
  return "never";
};

const settledText = async (client: Resolve, n: number): Promise<void> => {
  const { document } = await unwrap(client.POST("/api/v1/documents", { body: { name: `${n}.txt`, text: text(n) } }));
  const { status } = await documentSettled(client, document.id);
  if (status !== "ready") throw new Error(`ended as ${status}`);
};

const search = (client: Resolve, query: string) => unwrap(client.POST("/api/v1/search", { body: { query } }));

const isReady = async (apiUrl: string): Promise<void> => {
  const { status } = await fetch(`${apiUrl}/ready`);
  if (status !== 200) throw new Error(`responded ${status}`);
};
