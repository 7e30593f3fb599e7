import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Ctx, systemCtx, withSystemTx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { newId } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { type FunctionName, pascal, type QueueName, queues } from "@resolve/functions/topology";
import { startEmbeddingDouble } from "@resolve/local/doubles/embedding";
import {
  type Acceptance,
  databaseProxy,
  httpProxy,
  type Published,
  senderDouble,
} from "@resolve/local/doubles/proxies";
import { queueArn } from "@resolve/local/doubles/sqs";
import { databaseLinks, type TestDatabase } from "@resolve/local/testing";
import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { type ObjectCreated, startS3 } from "../../../local/src/doubles/s3.ts";
import { childProcess, type Executor, inProcess } from "./executor.ts";
import { Random } from "./random.ts";

export type Message = { queue: QueueName; body: string; receives: number };
export type Engine = Awaited<ReturnType<typeof startEngine>>;

const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
/** At least as many as the worker's pool has (testing.ts). */
const connectionsMax = 8;
/** A handler that waits longer than this, for example for a closed connection, counts as failed. */
const invocationMs = 15_000;

/**
 * A system in which every part can fail, as the seed decides: workers die at any message to the database; S3, SQS, the bus
 * and the embedding service refuse, delay or lose their responses; messages arrive twice, late and out of order; and time
 * jumps. Scenarios drive it and check the results. `isKilling` runs the handlers in a child process and ends it by SIGKILL.
 */
export async function startEngine(database: TestDatabase, options: { isKilling: boolean }) {
  let random = new Random(0);
  const chance = (probability: number) => random.chance(probability);
  const admin: Sql = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const proxy = await databaseProxy();
  const stored: ObjectCreated[] = [];
  const objects = mkdtempSync(join(tmpdir(), "resolve-faults-"));
  const s3 = await startS3({
    dataDir: objects,
    buckets: ["documents"],
    credentials,
    onObjectCreated: (event) => void stored.push(event),
  });
  const storage = await httpProxy(s3.endpoint, chance);
  let acceptance: () => Acceptance = () => "all";
  const sender = await senderDouble(() => acceptance());
  let embeddingRefusals = 0;
  const embedding = await startEmbeddingDouble(() => (chance(embeddingRefusals) ? 503 : undefined));

  const names = Object.keys(queues) as QueueName[];
  const links = async (isProxied: boolean): Promise<string> => {
    const all = JSON.parse(databaseLinks(database)) as Record<string, { url?: string }>;
    if (isProxied) for (const one of Object.values(all)) if (one.url) one.url = await proxy.through(one.url);
    return JSON.stringify({
      ...all,
      Documents: { name: "documents", endpoint: storage.endpoint, region: "us-east-1", ...credentials },
      Bus: { name: "resolve", endpoint: sender.endpoint, region: "us-east-1" },
      Embedding: embedding.link,
      ...Object.fromEntries(names.map((name) => [pascal(name), { url: sender.url(name), endpoint: sender.endpoint }])),
    });
  };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
    RESOLVE_EGRESS_ALLOW: "loopback",
    SST_RESOURCES_JSON: await links(true),
  });
  const executor: Executor = options.isKilling ? await childProcess() : inProcess();
  // The scenario's own calls do not use the proxy, so they continue when the worker is killed.
  if (options.isKilling) process.env["SST_RESOURCES_JSON"] = await links(false);

  let deaths = 0;
  /** One restart, however many invocations the death has ended. */
  let restarting: Promise<void> | undefined;
  const restart = async (): Promise<void> => {
    deaths += 1;
    await executor.restart();
    await proxy.heal();
    restarting = undefined;
  };
  const pending: Message[] = [];
  const dead: Message[] = [];
  const collect = () => {
    for (const { queue, body } of sender.messages.splice(0))
      pending.push({ queue: queue as QueueName, body, receives: 0 });
  };

  /** Runs `work`, and starts a new worker when the worker died during it. True when nothing was thrown. */
  const survive = async (work: () => Promise<unknown>): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("stuck")), invocationMs);
    });
    try {
      await Promise.race([work(), stuck]);
      return true;
    } catch (error) {
      if (process.env["FAULT_LOG"]) console.log(`failed: ${String(error).split("\n", 1)[0]}`);
      return false;
    } finally {
      clearTimeout(timer);
      if (proxy.isDead) {
        restarting ??= restart();
        await restarting;
      } else await proxy.heal();
    }
  };

  const handle = async (message: Message): Promise<boolean> => {
    const { queue, body } = message;
    const { consumer, fifo } = queues[queue];
    const attributes = { MessageGroupId: "g", ApproximateReceiveCount: String(message.receives + 1) };
    const record = { messageId: "m", body, attributes, eventSourceARN: queueArn(queue, fifo) };
    type BatchResponse = { batchItemFailures: unknown[] };
    let response: BatchResponse | undefined;
    const isThrough = await survive(async () => {
      response = (await executor.invoke(consumer, { Records: [record] })) as BatchResponse;
    });
    return isThrough && response?.batchItemFailures.length === 0;
  };

  const probe = systemCtx({ tenantId: newId("tenant"), job: "faults" });
  const ping = (ctx: Ctx) => ctx.db.execute(sql`select 1`);

  const engine = {
    isKilling: options.isKilling,
    admin,
    pending,
    dead,
    stored,
    published: sender.events as Published[],
    /** The number of workers that have died. */
    get deaths() {
      return deaths;
    },
    get random() {
      return random;
    },
    reseed(seed: number) {
      random = new Random(seed);
      for (const list of [pending, dead, stored, sender.messages, sender.events]) list.splice(0);
    },

    /** Kills the worker after this many more messages to the database. */
    crashAfter: (messages: number) => proxy.crashAfter(messages, executor.kill),
    /** Kills the worker now. */
    crash: () => proxy.crash(executor.kill),
    storageFaults: storage.set,
    /** The share of calls that the embedding service refuses. */
    embeddingFaults: (share: number) => {
      embeddingRefusals = share;
    },
    senderFaults: (how: () => Acceptance) => {
      acceptance = how;
    },
    async heal(): Promise<void> {
      await proxy.heal();
      storage.set({});
      embeddingRefusals = 0;
      acceptance = () => "all";
    },

    async invoke(name: FunctionName, event: unknown): Promise<boolean> {
      const isDone = await survive(() => executor.invoke(name, event));
      collect();
      return isDone;
    },
    survive,
    relay: async (limit: number): Promise<void> => {
      await survive(() => (options.isKilling ? executor.invoke("relay", { pollSeconds: 0 }) : relay({ limit })));
      collect();
    },

    /**
     * Delivers a message like SQS: it is deleted when its handler succeeded, otherwise delivered again, and after too many
     * receives moved to the dead letters. `copies`: concurrent deliveries; `isKept`: delivers it again after a success.
     */
    async deliver(message: Message, { copies = 1, isKept = false } = {}): Promise<void> {
      const results = await Promise.all(Array.from({ length: copies }, () => handle(message)));
      collect();
      const at = pending.indexOf(message);
      if (at < 0) return;
      if (results.includes(true)) {
        if (!isKept) pending.splice(at, 1);
        return;
      }
      message.receives += 1;
      if (message.receives < queues[message.queue].maxReceiveCount) return;
      pending.splice(at, 1);
      dead.push(message);
    },

    /** Moves all stored times back, which has the effect of a clock that jumps forward. */
    async passTime(seconds: number): Promise<void> {
      const by = `${seconds} seconds`;
      await admin`update app.document_versions set lease_until = lease_until - ${by}::interval,
        upload_expires_at = upload_expires_at - ${by}::interval where lease_until is not null or upload_expires_at is not null`;
      await admin`update app.documents set updated_at = updated_at - ${by}::interval where status <> 'ready'`;
      await admin`update app.jobs set lease_until = lease_until - ${by}::interval, updated_at = updated_at - ${by}::interval
        where status in ('queued', 'running')`;
      await admin`update app.outbox set due_at = due_at - ${by}::interval`;
      await admin`update app.webhooks set failing_since = failing_since - ${by}::interval,
        circuit_open_until = circuit_open_until - ${by}::interval`;
      await admin`update app.webhook_deliveries set next_attempt_at = next_attempt_at - ${by}::interval,
        in_flight_until = in_flight_until - ${by}::interval where next_attempt_at is not null or in_flight_until is not null`;
    },

    /** Ends every connection on the server, like a failover; crashes and restarts the server when TEST_POSTGRES_RESTART is set. */
    async dropConnections(): Promise<void> {
      const restart = options.isKilling ? process.env["TEST_POSTGRES_RESTART"] : undefined;
      if (restart) {
        const [command, ...args] = restart.split(" ");
        await promisify(execFile)(command!, args);
      } else if (!database.isEmbedded)
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    },

    /** Waits until every connection works again. */
    async awaitDatabase(): Promise<void> {
      for (;;) {
        const results = [
          admin`select 1`,
          withSystemTx("faults", (db) => db.execute(sql`select 1`)),
          ...Array.from({ length: connectionsMax }, () => withTx(probe, ping)),
        ];
        if ((await Promise.allSettled(results)).every(({ status }) => status === "fulfilled")) return;
        await new Promise((done) => setTimeout(done, 50));
      }
    },

    async close(): Promise<void> {
      await executor.close();
      await closeDatabases();
      await Promise.all([proxy.close(), storage.close(), embedding.close(), sender.close(), s3.close(), admin.end()]);
      rmSync(objects, { recursive: true, force: true });
    },
  };
  return engine;
}
