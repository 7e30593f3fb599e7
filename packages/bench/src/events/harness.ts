import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { pascal, type QueueName, queues } from "@resolve/functions/topology";
import { databaseLinks, type TestDatabase, testDatabase } from "@resolve/local/testing";
import postgres, { type Sql } from "postgres";
import { percentile, spread } from "../statistics.ts";
import type { Arrival } from "./sink.ts";

export const runs = 7;

/** The process of sink.ts. */
export async function startSink() {
  const child = fork(new URL("./sink.ts", import.meta.url));
  const reply = async <T>(): Promise<T> => (await once(child, "message"))[0] as T;
  const { url } = await reply<{ url: string }>();
  return {
    url,
    /** What has arrived since the last call, and how many entries queue and bus have taken. */
    async read(): Promise<{ arrivals: Arrival[]; taken: number }> {
      child.send("read");
      return reply();
    },
    close: () => child.disconnect(),
  };
}
export type Sink = Awaited<ReturnType<typeof startSink>>;

/** A database without the rest of the system; queues and bus are those of the sink. */
export async function withDatabase(work: (parts: { admin: Sql; sink: Sink; database: TestDatabase }) => Promise<void>) {
  const [database, sink] = await Promise.all([testDatabase(), startSink()]);
  const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" });
  const names = Object.keys(queues) as QueueName[];
  process.env["RESOLVE_EGRESS_ALLOW"] = "loopback";
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    ...JSON.parse(databaseLinks(database)),
    Bus: { name: "resolve", endpoint: sink.url, region: "us-east-1" },
    ...Object.fromEntries(names.map((name) => [pascal(name), { url: `${sink.url}/0/${name}`, endpoint: sink.url }])),
  });
  try {
    await work({ admin, sink, database });
  } finally {
    await admin.end();
    sink.close();
  }
}

const ticksPerSecond = 100;

/** CPU seconds of this process and of the database server with all its processes, also those that have ended. */
export const cpuSeconds = async (admin: Sql): Promise<number> => {
  const { user, system } = process.cpuUsage();
  const [row] = await admin`select pg_backend_pid() as pid`;
  const fieldsOf = (pid: string) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /s, "").split(" ");
  const postmaster = fieldsOf(String(row!["pid"]))[1]!;
  // Fields 14 to 17 of proc(5): time of the process, and of its children that it has waited for.
  const sum = (fields: string[], until: number) =>
    fields.slice(11, until).reduce((total, one) => total + Number(one), 0);
  let ticks = sum(fieldsOf(postmaster), 15);
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fieldsOf(pid);
      if (fields[1] === postmaster) ticks += sum(fields, 13);
    } catch {
      // The process has ended meanwhile.
    }
  }
  return (user + system) / 1e6 + ticks / ticksPerSecond;
};

export const latencies = (arrivals: readonly Arrival[]): number[] =>
  arrivals.map(({ at, occurredAt }) => at - occurredAt);

/** Prints the median and the spread of each run's percentile. */
export const print = (
  title: string,
  ofRuns: readonly (readonly number[])[],
  shares = [0.5, 0.95],
  unit = "ms",
): void => {
  const figures = shares.map(
    (share) =>
      `p${share * 100} ${spread(
        ofRuns.map((run) => percentile(run, share)),
        0,
      )} ${unit}`,
  );
  console.log(`${title.padEnd(44)} ${figures.join("   ")}`);
};

/** Prints both sides of interleaved pairs, and the ratio of their p95, second to first. */
export const printPairs = (titles: readonly [string, string], pairs: readonly [number[], number[]][]): void => {
  for (const side of [0, 1] as const)
    print(
      titles[side],
      pairs.map((pair) => pair[side]),
    );
  const ratios = pairs.map(([first, second]) => percentile(second, 0.95) / percentile(first, 0.95));
  console.log("ratio of the p95".padEnd(44), spread(ratios));
};

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
