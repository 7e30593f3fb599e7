import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { get } from "@resolve/core/documents";
import { authenticate } from "@resolve/core/identity";
import { tenantCtx } from "@resolve/core/platform/context";
import { newId, toId } from "@resolve/core/platform/id";
import { cache as values } from "@resolve/core/platform/services/cache";
import { unchanged, versionOf } from "@resolve/core/platform/versions";
import { unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { describeTenant, fill, type Passage, passagesOf, questionsOf, type Tenant } from "./corpus.ts";
import { median, percentile, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const chunks = Number(process.env["BENCH_CHUNKS"] ?? 5_000);
const rounds = 7;
const perRound = 40;
const calls = 300;
const users = 4;
const loadSeconds = 5;
/** A tenant whose documents change so often that half of its searches find no kept result. */
const changeEveryMs = 100;

/** What a kept result saves a search, what the cache costs, and what happens when Redis is killed under load. */
export const cache = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const passages = await passagesOf(folder, chunks + perRound, 150);
  const questions = await questionsOf(passages.splice(chunks), 8);
  const redis = await doorTo(new URL(process.env["TEST_REDIS_URL"] ?? "redis://127.0.0.1:6379"));
  const links = { SearchResults: { keptSeconds: 600 }, Cache: { url: redis.url, token: "", timeoutMs: 1_000 } };
  await withSystem(async ({ admin, newTenant, runtime }) => {
    const tenant = await describeTenant(await newTenant());
    await fill(admin, tenant, passages);
    await admin.unsafe("vacuum analyze");
    await savings(admin, tenant, questions);
    await costs(admin, tenant, runtime.adminApiKey);
    await withoutRedis(admin, tenant, questions, redis.close);
  }, links);
};

/** A way to Redis that can be closed, as when its machine fails. */
const doorTo = async ({ hostname, port }: URL) => {
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(Number(port), hostname);
    for (const socket of [inner, outer]) sockets.add(socket.on("error", () => {}));
    inner.pipe(outer).pipe(inner);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  // The address of a server that listens on a port.
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

const change = (admin: Sql, { uuid }: Tenant) =>
  admin`update app.versions set version = gen_random_uuid() where tenant_id = ${uuid}`;

const search = async ({ client }: Tenant, query: string, more = {}): Promise<number> => {
  const startedAt = performance.now();
  await unwrap(client.POST("/api/v1/search", { body: { query, limit: 10, ...more } }));
  return performance.now() - startedAt;
};

/** Each search without the cache, after a change, and again. A tenant without an index is always searched exactly. */
const savings = async (admin: Sql, tenant: Tenant, questions: readonly Passage[]): Promise<void> => {
  const kinds = ["without the cache", "not kept", "kept"] as const;
  const p50 = { "without the cache": [] as number[], "not kept": [] as number[], kept: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const times = { "without the cache": [] as number[], "not kept": [] as number[], kept: [] as number[] };
    for (const { text } of questions) {
      await change(admin, tenant);
      times["without the cache"].push(await search(tenant, text, { exact: true }));
      times["not kept"].push(await search(tenant, text));
      times.kept.push(await search(tenant, text));
    }
    // The first round compiles.
    if (round > 0) for (const kind of kinds) p50[kind].push(median(times[kind]));
  }
  for (const kind of kinds) {
    const ratios = p50[kind].map((ms, n) => ms / p50["without the cache"][n]!);
    console.log(`a search in ${chunks} chunks, ${kind}: p50 ${spread(p50[kind])} ms, ratio ${spread(ratios)}`);
  }
};

/** What the cache adds, and what else could be kept: each saves what it costs less the reading of the version. */
const costs = async (admin: Sql, { uuid }: Tenant, key: string): Promise<void> => {
  const tenantId = toId("tenant", uuid);
  const ctx = tenantCtx({ tenantId, actor: { type: "system", job: "bench" }, role: "system", login: "AppDatabase" });
  const [row] = await admin<{ id: string }[]>`select id from app.documents where tenant_id = ${uuid} limit 1`;
  const document = toId("document", row!.id);
  const value = { text: "lens ".repeat(1_500) };
  const load = async () => value;
  const version = () => versionOf(ctx, "search");
  const kinds: Record<string, (n: number) => Promise<unknown>> = {
    "a value in memory (7.5 kB), no version": () => values.get(ctx, "bench", "one", { load }),
    "a value that is not there: claimed, encrypted and stored": () =>
      values.get(ctx, "bench", newId("request"), { load }),
    "the version": version,
    "a value in memory with its version": () => values.get(ctx, "bench", "two", { version, load }),
    "a document": () => get(ctx, document),
    "an API key with its tenant and plan": () => authenticate(key, "127.0.0.1"),
  };
  const results = new Map(Object.keys(kinds).map((kind) => [kind, { wall: [] as number[], cpu: [] as number[] }]));
  for (let round = 0; round <= rounds; round++)
    for (const [kind, ask] of Object.entries(kinds)) {
      const wall: number[] = [];
      const before = process.cpuUsage();
      for (let n = 0; n < calls; n++) {
        const startedAt = performance.now();
        await ask(n);
        wall.push(performance.now() - startedAt);
      }
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      const result = results.get(kind)!;
      result.wall.push(median(wall));
      result.cpu.push((user + system) / 1000 / calls);
    }
  console.log(
    `before the first change the version is ${unchanged}\n| | p50, ms | CPU of the process, ms |\n|---|--:|--:|`,
  );
  for (const [kind, { wall, cpu }] of results) console.log(`| ${kind} | ${spread(wall, 3)} | ${spread(cpu, 3)} |`);
};

const withoutRedis = async (
  admin: Sql,
  tenant: Tenant,
  questions: readonly Passage[],
  kill: () => Promise<void>,
): Promise<void> => {
  const during = async () => {
    const durations: number[] = [];
    let errors = 0;
    let isOver = false;
    const timer = setInterval(() => void change(admin, tenant).catch(() => {}), changeEveryMs);
    const user = async (n: number) => {
      for (let turn = n; !isOver; turn += users)
        // Few queries, so that some are asked again before a change.
        await search(tenant, questions[turn % 5]!.text).then(
          (ms) => durations.push(ms),
          () => (errors += 1),
        );
    };
    setTimeout(() => (isOver = true), loadSeconds * 1000);
    await Promise.all(Array.from({ length: users }, (_, n) => user(n)));
    clearInterval(timer);
    return { p95: percentile(durations, 0.95), requests: durations.length, errors };
  };
  await during();
  const before = [await during(), await during(), await during()];
  const killed = during();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await kill();
  const after = [await killed, await during(), await during()];
  const p95 = (all: typeof before) =>
    spread(
      all.map(({ p95 }) => p95),
      1,
    );
  const errors = after.reduce((sum, one) => sum + one.errors, 0);
  const requests = after.reduce((sum, one) => sum + one.requests, 0);
  console.log(
    `${users} users: p95 ${p95(before)} ms with Redis, ${p95(after)} ms from its end on; ${errors} errors in ${requests} requests`,
  );
};
