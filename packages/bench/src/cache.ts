import { get } from "@resolve/core/documents";
import { authenticate } from "@resolve/core/identity";
import { tenantCtx } from "@resolve/core/platform/context";
import { newId, toId } from "@resolve/core/platform/id";
import { cache as values } from "@resolve/core/platform/services/cache";
import { unchanged, versionOf } from "@resolve/core/platform/versions";
import { startRedis } from "@resolve/local/doubles/redis";
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
  const redis = await startRedis({ password: "secret" });
  const links = { Cache: { url: redis.url, token: "secret", timeoutMs: 1_000 } };
  await withSystem(async ({ admin, newTenant, runtime }) => {
    const tenant = await describeTenant(await newTenant());
    await fill(admin, tenant, passages);
    await admin.unsafe("vacuum analyze");
    await savings(admin, tenant, questions);
    await costs(admin, tenant, runtime.adminApiKey);
    await withoutRedis(admin, tenant, questions, redis.close);
  }, links);
};

const change = (admin: Sql, { uuid }: Tenant) =>
  admin`update app.versions set version = gen_random_uuid() where tenant_id = ${uuid}`;

const search = async ({ client }: Tenant, query: string): Promise<number> => {
  const startedAt = performance.now();
  await unwrap(client.POST("/api/v1/search", { body: { query, limit: 10 } }));
  return performance.now() - startedAt;
};

/** Each search twice: after a change, and again. */
const savings = async (admin: Sql, tenant: Tenant, questions: readonly Passage[]): Promise<void> => {
  const [first, again, ratios]: number[][] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const [misses, hits]: number[][] = [[], []];
    for (const { text } of questions) {
      await change(admin, tenant);
      misses!.push(await search(tenant, text));
      hits!.push(await search(tenant, text));
    }
    // The first round compiles.
    if (round === 0) continue;
    first!.push(median(misses!));
    again!.push(median(hits!));
    ratios!.push(median(hits!) / median(misses!));
  }
  console.log(
    `a search in ${chunks} chunks, p50: ${spread(first!)} ms, kept ${spread(again!)} ms, ratio ${spread(ratios!)}`,
  );
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
