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
/** A handler that waits for a dead connection longer than this is killed too. */
const invocationMs = 15_000;

/**
 * A system whose every part can fail when a seed says so: workers die at any message to the database, S3, SQS, the bus
 * and the embedding service refuse, stall or lose their answers, messages come twice, late and out of order, and time jumps. Scenarios drive
 * it; what they check is theirs. `isKilling` runs the handlers in a process of their own and ends it by SIGKILL.
 */
export async function startEngine(database: TestDatabase, options: { isKilling: boolean }) {
  let random = new Random(0);
  const chance = (probability: number) => random.chance(probability);
  const admin: Sql = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const door = await databaseProxy();
  const stored: ObjectCreated[] = [];
  const objects = mkdtempSync(join(tmpdir(), "resolve-faults-"));
  const s3 = await startS3({
    dataDir: objects,
    buckets: ["documents"],
    credentials,
    onObjectCreated: (event) => void stored.push(event),
  });
  const storage = await httpProxy(s3.endpoint, chance);
  let taking: () => Acceptance = () => "all";
  const sender = await senderDouble(() => taking());
  let embeddingRefusals = 0;
  const embedding = await startEmbeddingDouble(() => (chance(embeddingRefusals) ? 503 : undefined));

  const names = Object.keys(queues) as QueueName[];
  const links = async (isThroughDoor: boolean): Promise<string> => {
    const known = JSON.parse(databaseLinks(database)) as Record<string, { url?: string }>;
    if (isThroughDoor) for (const one of Object.values(known)) if (one.url) one.url = await door.through(one.url);
    return JSON.stringify({
      ...known,
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
  // The scenario's own calls live on when the worker is killed.
  if (options.isKilling) process.env["SST_RESOURCES_JSON"] = await links(false);

  let deaths = 0;
  /** One death, however many invocations it ended. */
  let reviving: Promise<void> | undefined;
  const revive = async (): Promise<void> => {
    deaths += 1;
    await executor.revive();
    await door.heal();
    reviving = undefined;
  };
  const pending: Message[] = [];
  const dead: Message[] = [];
  const collect = () => {
    for (const { queue, body } of sender.messages.splice(0))
      pending.push({ queue: queue as QueueName, body, receives: 0 });
  };

  /** Runs `work`; when the worker dies meanwhile, brings up a new one. True when nothing was thrown. */
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
      if (door.isDead) {
        reviving ??= revive();
        await reviving;
      } else await door.heal();
    }
  };

  const handle = async (message: Message): Promise<boolean> => {
    const { queue, body } = message;
    const { consumer, fifo } = queues[queue];
    const attributes = { MessageGroupId: "g", ApproximateReceiveCount: String(message.receives + 1) };
    const record = { messageId: "m", body, attributes, eventSourceARN: queueArn(queue, fifo) };
    type Answer = { batchItemFailures: unknown[] };
    let answer: Answer | undefined;
    const isThrough = await survive(async () => {
      answer = (await executor.invoke(consumer, { Records: [record] })) as Answer;
    });
    return isThrough && answer?.batchItemFailures.length === 0;
  };

  const probe = systemCtx({ tenantId: newId("tenant"), job: "faults" });
  const ping = (ctx: Ctx) => ctx.db.execute(sql`select 1`);

  const engine = {
    admin,
    pending,
    dead,
    stored,
    published: sender.events as Published[],
    /** How often a worker has died so far. */
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

    /** The worker dies after so many more messages to the database. */
    crashAfter: (messages: number) => door.crashAfter(messages, executor.kill),
    storageFaults: storage.set,
    /** The share of calls that the embedding service refuses. */
    embeddingFaults: (share: number) => {
      embeddingRefusals = share;
    },
    senderFaults: (how: () => Acceptance) => {
      taking = how;
    },
    async heal(): Promise<void> {
      await door.heal();
      storage.set({});
      embeddingRefusals = 0;
      taking = () => "all";
    },

    async invoke(name: FunctionName, event: unknown): Promise<boolean> {
      const isDone = await survive(() => executor.invoke(name, event));
      collect();
      return isDone;
    },
    survive,
    relay: async (limit: number): Promise<void> => {
      await survive(() => relay({ limit }));
      collect();
    },

    /**
     * Delivers a message as SQS would: gone when its handler took it, back when not, dead after too many tries.
     * `copies` at the same time; `isKept` delivers it again later although it was taken.
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

    /** Everything that waits for a time waits less: the same as a clock that jumps. */
    async passTime(seconds: number): Promise<void> {
      const by = `${seconds} seconds`;
      await admin`update app.document_versions set lease_until = lease_until - ${by}::interval,
        upload_expires_at = upload_expires_at - ${by}::interval where lease_until is not null or upload_expires_at is not null`;
      await admin`update app.documents set updated_at = updated_at - ${by}::interval where status <> 'ready'`;
      await admin`update app.jobs set lease_until = lease_until - ${by}::interval, updated_at = updated_at - ${by}::interval
        where status in ('queued', 'running')`;
      await admin`update app.outbox set due_at = due_at - ${by}::interval`;
    },

    /** The server ends every connection, as at a failover; where it may, it crashes and starts again. */
    async dropConnections(): Promise<void> {
      const restart = options.isKilling ? process.env["TEST_POSTGRES_RESTART"] : undefined;
      if (restart) {
        const [command, ...args] = restart.split(" ");
        await promisify(execFile)(command!, args);
      } else if (!database.isEmbedded)
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    },

    /** Until the server answers again, on every connection of ours. */
    async awaitDatabase(): Promise<void> {
      for (;;) {
        const answers = [
          admin`select 1`,
          withSystemTx("faults", (db) => db.execute(sql`select 1`)),
          ...Array.from({ length: connectionsMax }, () => withTx(probe, ping)),
        ];
        if ((await Promise.allSettled(answers)).every(({ status }) => status === "fulfilled")) return;
        await new Promise((done) => setTimeout(done, 50));
      }
    },

    async close(): Promise<void> {
      await executor.close();
      await closeDatabases();
      await Promise.all([door.close(), storage.close(), embedding.close(), sender.close(), s3.close(), admin.end()]);
      rmSync(objects, { recursive: true, force: true });
    },
  };
  return engine;
}
