import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { assumptions } from "../../../stacks/load.ts";
import { describeTenant, fill, type Passage, passagesOf, questionsOf } from "./corpus.ts";
import { type LoadPoint, plot } from "./load-plot.ts";
import type { Answered, LoadTenant, LoggedSearch, Order, Outcome, Phase, Size } from "./load-users.ts";
import { cpuMsOf, postmasterOf } from "./processes.ts";
import { percentile } from "./statistics.ts";
import { type System, withSystem } from "./system.ts";

const tenants = Number(process.env["BENCH_TENANTS"] ?? 100);
/** Chunks by rank, as the documents of the workload: Zipf. */
const chunksOf = (rank: number): number => Math.max(100, Math.round(10_000 / (rank + 1) ** 1.07));
/** Enterprise, team and free tenants of the workload. */
const sizeOf = (rank: number): Size => (rank < 5 ? "large" : rank < 30 ? "medium" : "small");
const noisyChunks = 1_000;
const [wordsPerChunk, wordsPerQuestion, questions] = [150, 8, 500];
/** 0: no closed loop, and no plot. */
const users = Number(process.env["BENCH_USERS"] ?? 10_000);
const thinkSeconds = Number(process.env["BENCH_THINK"] ?? 400);
const rates = (process.env["BENCH_RATES"] ?? "10,20,30,40,50,60,80,100,130,160,200").split(",").map(Number);
const phaseSeconds = Number(process.env["BENCH_SECONDS"] ?? 45);
const soakMinutes = Number(process.env["BENCH_SOAK"] ?? 20);
const warmupSeconds = 10;
/** A phase beyond this p95, or with more failures than one in a hundred, is saturated. */
const saturatedMs = 1_000;
/** Of the rate at which the system saturates, for the noisy neighbour and the soak. */
const halfLoad = 0.5;
const noisyConnections = 20;

/**
 * The tenants and the query log of the workload against the running system: a closed loop with many users, each on a
 * connection of its own; an open loop with rising rates until the system saturates; one more tenant that sends as much
 * as it can; and a soak. Users are another process; the CPU times are those of the system's process (API, functions
 * and doubles) and of PostgreSQL. Writes the plot of docs/benchmarks.md.
 */
export const load = async (): Promise<void> => {
  const [workload, folder] = [sharedData("workload"), sharedData("documents/files")];
  if (!workload || !folder) return;
  await withSystem(async (system) => {
    const { admin, runtime } = system;
    const sizes = [...Array.from({ length: tenants }, (_, rank) => chunksOf(rank)), noisyChunks];
    const most = sizes.reduce((sum, chunks) => sum + chunks, 0);
    const passages = await passagesOf(folder, most + questions, wordsPerChunk);
    const texts = (await questionsOf(passages.splice(most), wordsPerQuestion)).map(({ text }) => text);
    const own: LoadTenant[] = [];
    for (const [rank, chunks] of sizes.entries())
      own.push(await newLoadTenant(system, passages.splice(0, chunks), rank));
    const { key: noisyKey } = own.pop()!;
    await admin.unsafe("vacuum analyze");
    const log = readFileSync(`${workload}/querylog.tsv`, "utf8").split("\n").slice(1).filter(Boolean);
    const searches = log
      .map((line, at): LoggedSearch => {
        const [, tenant = "", , , mode = "hybrid", limit] = line.split("\t");
        return { tenant: Number(tenant.slice(1)), query: texts[at % questions]!, mode, limit: Number(limit) };
      })
      .filter(({ tenant }) => tenant < tenants);
    const shares = { search: assumptions.searchShare, change: assumptions.writeShare };
    const scene = { origin: new URL(runtime.apiUrl).origin, tenants: own, noisyKey, searches, shares };
    const { run, end } = await usersOf(admin, scene);

    const open = { seconds: phaseSeconds, warmupSeconds };
    await run("warm-up", { ...open, perSecond: rates[0]! });
    const title = `${users} users who think for ${thinkSeconds} s`;
    // After the think time, all have connected.
    const closed =
      users === 0
        ? undefined
        : await run(title, { users, thinkSeconds, seconds: phaseSeconds * 2, warmupSeconds: thinkSeconds });
    const points: LoadPoint[] = [];
    let reached = rates[0]!;
    for (const perSecond of rates) {
      const answered = await run(`${perSecond} requests per second`, { ...open, perSecond });
      points.push(pointOf(answered, phaseSeconds));
      if (isSaturated(answered)) break;
      reached = perSecond;
      await sleep(5_000);
    }
    console.log(`\nsaturated above ${reached} requests per second`);
    const perSecond = Math.max(1, reached * halfLoad);
    await run(`${perSecond} requests per second, right after the overload`, { ...open, perSecond });
    await run(`${perSecond} requests per second beside a noisy tenant`, { ...open, perSecond, noisyConnections });
    for (let minute = 0; minute < soakMinutes; minute += 5)
      await run(`soak, minutes ${minute} to ${minute + 5}`, { perSecond, seconds: 300, warmupSeconds: 0 });
    end();
    if (!closed) return;
    const image = new URL("../../../docs/load.svg", import.meta.url);
    writeFileSync(image, plot(points, pointOf(closed, phaseSeconds * 2), users.toLocaleString("en-US")));
  });
};

/** A tenant with these passages; the noisy one has the requests of its plan. */
const newLoadTenant = async (system: System, passages: readonly Passage[], rank: number): Promise<LoadTenant> => {
  const client = await system.newTenant();
  await fill(system.admin, await describeTenant(client), passages);
  const { id } = await unwrap(client.GET("/api/v1/tenant"));
  const ofPlan = { requestsPerSecond: null, requestBurst: null, callerRequestsPerSecond: null };
  if (rank >= tenants) await system.operator("PATCH", `/tenants/${id}/limits`, ofPlan);
  const body = { name: "load", role: "tenant_admin" } as const;
  const { secret } = await unwrap(client.POST("/api/v1/api-keys", { body }));
  const { data } = await unwrap(client.GET("/api/v1/documents", { params: { query: { limit: 100 } } }));
  return { key: secret, size: sizeOf(rank), documents: data.map(({ id }) => id) };
};

/** Starts the process of the users. `run` prints a phase and returns its answers. */
const usersOf = async (admin: Sql, scene: Extract<Order, { scene: unknown }>["scene"]) => {
  const child = fork(new URL("./load-users.ts", import.meta.url));
  const order = (order: Order) => child.send(order);
  order({ scene });
  const postmaster = await postmasterOf(admin);
  const run = async (title: string, phase: Phase): Promise<Answered[]> => {
    const before = { own: process.cpuUsage(), database: cpuMsOf(postmaster) };
    order({ phase });
    const [{ answered, connections, noisy }]: [Outcome] = (await once(child, "message")) as [Outcome];
    const { user, system } = process.cpuUsage(before.own);
    const all = (answered.length + noisy.length) * (1 + phase.warmupSeconds / phase.seconds);
    const perRequest = {
      system: ((user + system) / 1000 / all).toFixed(1),
      database: ((cpuMsOf(postmaster) - before.database) / all).toFixed(1),
    };
    print(title, answered, phase.seconds);
    if (noisy.length > 0) console.log(`  the noisy tenant: ${noisy.length} answers, failed: ${failuresIn(noisy)}`);
    console.log(
      `  ${connections} connections, ${(answered.length / phase.seconds).toFixed(1)} requests/s, CPU per request: ${perRequest.system} ms of the system, ${perRequest.database} ms of PostgreSQL; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
    );
    return answered;
  };
  return { run, end: () => child.disconnect() };
};

const msOf = (answered: readonly Answered[]): number[] => answered.map(({ ms }) => ms);
const isFailed = ({ status }: Answered): boolean => status === 0 || status >= 400;

const isSaturated = (answered: readonly Answered[]): boolean =>
  answered.length === 0 ||
  percentile(msOf(answered), 0.95) > saturatedMs ||
  answered.filter(isFailed).length > answered.length / 100;

const pointOf = (answered: readonly Answered[], seconds: number): LoadPoint => {
  const of = (share: number) => percentile(msOf(answered), share);
  return { perSecond: answered.length / seconds, p50: of(0.5), p95: of(0.95), p99: of(0.99) };
};

/** `3 × 429`; 0 is a request without an answer. */
const failuresIn = (answered: readonly Answered[]): string =>
  Object.entries(Object.groupBy(answered.filter(isFailed), ({ status }) => status))
    .map(([status, all]) => `${all!.length} × ${status}`)
    .join(", ") || "none";

/** p50, p95 and p99 by route and size of the tenant. */
const print = (title: string, answered: readonly Answered[], seconds: number): void => {
  console.log(`\n${title}: ${answered.length} answers in ${seconds} s, failed: ${failuresIn(answered)}`);
  const row = (name: string, some: readonly Answered[]) => {
    if (some.length === 0) return;
    const { p50, p95, p99 } = pointOf(some, seconds);
    console.log(`| ${name} | ${some.length} | ${[p50, p95, p99].map((ms) => ms.toFixed(0)).join(" | ")} |`);
  };
  console.log("| | requests | p50, ms | p95 | p99 |\n|---|--:|--:|--:|--:|");
  row("all", answered);
  for (const kind of ["search", "a document", "25 documents", "change"])
    for (const size of ["large", "medium", "small"])
      row(
        `${kind}, ${size} tenant`,
        answered.filter((one) => one.kind === kind && one.size === size),
      );
};
