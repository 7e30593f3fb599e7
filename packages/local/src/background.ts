import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { SQSClient } from "@aws-sdk/client-sqs";
import { queueNames } from "@resolve/core/platform/resources";
import { type FunctionName, isTask, pascal, type QueueName, type QueueSpec, queues } from "@resolve/functions/topology";
import { startBus } from "./doubles/bus.ts";
import { startCache } from "./doubles/cache.ts";
import { startCustomers } from "./doubles/customers.ts";
import type { Credentials } from "./doubles/s3/signature.ts";
import { startS3 } from "./doubles/s3.ts";
import { startSecrets } from "./doubles/secrets.ts";
import { queueArn, sqsCredentials, startSqs } from "./doubles/sqs.ts";
import { asyncEventBytesMax } from "./lambda.ts";
import { concurrencyOf, PoolClosed, startPool } from "./lambda-pool.ts";
import type { LeftWork } from "./lambda-sockets.ts";
import { pollQueue } from "./poller.ts";
import { startSchedules } from "./scheduler.ts";

export type BackgroundOptions = {
  objectsDir: string;
  credentials: Credentials;
  cacheToken: string;
  /** A server that the functions use by Redis's protocol, as a stage with ElastiCache does, instead of the double of Upstash. */
  redisUrl?: string | undefined;
  /** Databases by link. The passwords of their logins are in the Secrets Manager double. */
  databases: Record<string, { url: string; maxConnections?: number }>;
  /** Links that the main thread provides. */
  resources: Record<string, Record<string, unknown>>;
};

export type BackgroundMessage = { resources: Record<string, unknown> } | { stopped: true } | { leftWork: LeftWork };

/**
 * The background thread: the doubles of S3, SQS, EventBridge and Redis, and the pollers and schedules, whose functions run in
 * threads of a pool. It first posts the links to the doubles; on "start" it begins to consume. It runs from its bundle
 * (bundle.ts). `parentPort` is set in every worker thread.
 */
const options: BackgroundOptions = workerData;
const parent = parentPort!;

const pool = startPool({
  onLeftWork: (leftWork) => parent.postMessage({ leftWork } satisfies BackgroundMessage),
});

const report = (name: string, error: unknown): void => {
  if (error instanceof PoolClosed) return;
  console.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
};

const guarded = async (name: FunctionName, event: unknown, bytesMax?: number): Promise<unknown> => {
  try {
    return await pool.invoke(name, event, bytesMax);
  } catch (error) {
    report(name, error);
    throw error;
  }
};

const sqs = await startSqs();
const [customers, bus, cache, secrets] = await Promise.all([
  startCustomers(),
  startBus({
    invoke: (name, event) => guarded(name, event, asyncEventBytesMax),
    onDeadLetter: (rule, record) => sqs.send(`${rule}-dlq`, record),
  }),
  startCache({ token: options.cacheToken }),
  startSecrets(Object.keys(options.databases)),
]);
/** As in production, a purge has to delete in the copy too. */
const replica = { name: "documents-replica", region: "eu-west-1" };
const s3 = await startS3({
  dataDir: options.objectsDir,
  buckets: [{ name: "documents", region: "us-east-1", replica: replica.name }, replica],
  credentials: options.credentials,
  onObjectCreated: (event) => bus.publish("default", event),
});

const queueLink = (name: QueueName) => ({ url: sqs.url(name), endpoint: sqs.endpoint });
const resources: Record<string, Record<string, unknown>> = {
  ...options.resources,
  ...Object.fromEntries(
    Object.entries(options.databases).map(([name, link]) => [name, { ...link, ...secrets.link(name) }]),
  ),
  ProxyLogins: { users: {} },
  // Longer than in AWS: the embedded Redis shares the cores with everything else.
  Cache: {
    ...(options.redisUrl ? { url: options.redisUrl, token: "" } : { url: cache.url, token: cache.token }),
    timeoutMs: 5_000,
  },
  Documents: { name: "documents", endpoint: s3.endpoint, region: "us-east-1", replica, ...options.credentials },
  CustomerRoles: customers.link,
  DeadLetters: sqs.deadLetters,
  Bus: { name: "resolve", endpoint: bus.endpoint, region: "us-east-1" },
  ...Object.fromEntries(queueNames.map((name) => [pascal(name), queueLink(name)])),
};
/** The threads of the pool have one connection for each login, as functions in AWS; only the API's thread has more. */
const forThreads = Object.entries(resources).map(([name, { maxConnections: _, ...link }]) => [name, link]);
// Set before the first thread starts, since core reads its links once.
process.env["SST_RESOURCES_JSON"] = JSON.stringify(Object.fromEntries(forThreads));

/** For invocations under way. All of them can be repeated. */
const stopMs = 2_000;

let stop = async () => {};

const start = () => {
  const client = new SQSClient({
    endpoint: sqs.endpoint,
    region: "us-east-1",
    credentials: sqsCredentials,
    // Each poller keeps a connection open for 20 s; with the SDK's limit of 50 some queues would not be polled meanwhile.
    requestHandler: { httpAgent: { maxSockets: 500 } },
  });
  const pollers = queueNames.flatMap((name) => {
    const spec: QueueSpec = queues[name];
    const { consumer } = spec;
    if (isTask(consumer)) return [];
    const arn = queueArn(name, spec.fifo);
    const invoke = (event: unknown) => guarded(consumer, event);
    const concurrency = concurrencyOf(consumer, spec.maximumConcurrency);
    return [pollQueue({ client, spec, url: sqs.url(name), arn, concurrency, invoke })];
  });
  // The vector worker polls its queue itself, as on Fargate.
  const task = new Worker(new URL("./task.mjs", import.meta.url));
  task.on("error", (error) => console.error(`the vector worker ended: ${error.stack ?? error.message}`));
  const schedules = startSchedules({
    invoke: (name, event) => pool.invoke(name, event, asyncEventBytesMax),
    onError: (name, error) => report(`schedule ${name}`, error),
  });
  stop = async () => {
    schedules.stop();
    const ended = once(task, "exit");
    task.postMessage("stop");
    const stopped = Promise.all([ended, ...pollers.map((poller) => poller.stop())]);
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, stopMs))]);
    await pool.close();
    client.destroy();
  };
};

parent.on("message", async (command: "start" | "stop") => {
  if (command === "start") {
    start();
    return;
  }
  await stop();
  await Promise.allSettled([s3.close(), bus.close(), cache.close(), sqs.close(), customers.close()]);
  // Closed last, because running bus deliveries may still log in to the database.
  await secrets.close();
  parent.postMessage({ stopped: true });
});
parent.postMessage({ resources });
