import { poolOn } from "@resolve/core/platform/database/credentials";
import { unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { describeTenant, fill, type Passage, passagesOf, questionsOf, type Tenant } from "./corpus.ts";
import { ownCpuMsOf } from "./processes.ts";
import { median, spread } from "./statistics.ts";
import { type System, withSystem } from "./system.ts";

const chunks = Number(process.env["BENCH_CHUNKS"] ?? 5_000);
const rounds = 9;
const perRound = 40;

/** A search through the API on the primary and on a streaming replica, in turn, and what each takes of the primary's processors. */
export const replica = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  const primaryUrl = process.env["TEST_DATABASE_URL"];
  if (!folder || !primaryUrl) return;
  const passages = await passagesOf(folder, chunks + perRound, 150);
  const questions = await questionsOf(passages.splice(chunks), 8);
  const { startReplica } = await import(new URL("../../../scripts/services/up.mjs", import.meta.url).href);
  const standby: { url: string; stop(): void } = await startReplica(primaryUrl);
  const admin = poolOn(standby.url, { max: 1 });
  try {
    await withSystem(async (system) => {
      const tenant = await describeTenant(await system.newTenant());
      await fill(system.admin, tenant, passages);
      await system.admin.unsafe("vacuum analyze");
      await replayed(system.admin, admin);
      await compare(system, standby.url, tenant, questions);
    });
  } finally {
    await admin.end();
    standby.stop();
  }
};

/** Waits until the replica has everything that the primary has. */
const replayed = async (primary: Sql, standby: Sql): Promise<void> => {
  const [written] = await primary<{ lsn: string }[]>`select pg_current_wal_lsn()::text as lsn`;
  for (;;) {
    const [row] = await standby<
      { done: boolean }[]
    >`select pg_last_wal_replay_lsn() >= ${written!.lsn}::pg_lsn as done`;
    if (row!.done) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** By process: CPU time of the database's sessions in ms. */
const cpuMs = async ({ admin, database }: System): Promise<Map<number, number>> => {
  const name = new URL(database.url()).pathname.slice(1);
  const sessions = await admin<{ pid: number }[]>`select pid from pg_stat_activity where datname = ${name}`;
  return new Map(sessions.map(({ pid }) => [pid, ownCpuMsOf(pid)]));
};

/** Of sessions that have been opened meanwhile too; what one that has ended used is missing. */
const used = (before: Map<number, number>, after: Map<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);

const compare = async (system: System, standbyUrl: string, { client }: Tenant, questions: readonly Passage[]) => {
  const links = JSON.parse(process.env["SST_RESOURCES_JSON"]!);
  const name = new URL(system.database.url()).pathname.slice(1);
  const url = Object.assign(new URL(standbyUrl), { username: "api_a", pathname: `/${name}` }).href;
  const on = { primary: links, replica: { ...links, ReplicaDatabase: { url, maxConnections: 4 } } };
  const kinds = ["primary", "replica"] as const;
  const p50 = { primary: [] as number[], replica: [] as number[] };
  const cpu = { primary: [] as number[], replica: [] as number[] };
  for (let round = 0; round <= rounds; round++)
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      // Read with each request.
      process.env["SST_RESOURCES_JSON"] = JSON.stringify(on[kind]);
      const times: number[] = [];
      const before = await cpuMs(system);
      for (const { text: query } of questions) {
        const startedAt = performance.now();
        await unwrap(client.POST("/api/v1/search", { body: { query, limit: 10 } }));
        times.push(performance.now() - startedAt);
      }
      // The first round compiles.
      if (round === 0) continue;
      p50[kind].push(median(times));
      cpu[kind].push(used(before, await cpuMs(system)) / questions.length);
    }
  for (const kind of kinds)
    console.log(
      `a search in ${chunks} chunks on the ${kind}: p50 ${spread(p50[kind])} ms, ${spread(cpu[kind])} ms of CPU of the primary`,
    );
  console.log(`replica ÷ primary: p50 ${spread(p50.replica.map((ms, n) => ms / p50.primary[n]!))}`);
};
