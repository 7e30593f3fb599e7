import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { SQSClient } from "@aws-sdk/client-sqs";
import { queueNames } from "@resolve/core/platform/resources";
import {
  type FunctionName,
  functions,
  isTask,
  pascal,
  type QueueName,
  type QueueSpec,
  queues,
} from "@resolve/functions/topology";
import { startBus } from "./doubles/bus.ts";
import { startCache } from "./doubles/cache.ts";
import { startS3 } from "./doubles/s3.ts";
import type { Credentials } from "./doubles/s3-checks.ts";
import { startSecrets } from "./doubles/secrets.ts";
import { queueArn, sqsCredentials, startSqs } from "./doubles/sqs.ts";
import { invoke } from "./lambda.ts";
import { pollQueue } from "./poller.ts";
import { startSchedules } from "./scheduler.ts";

export type BackgroundOptions = {
  objectsDir: string;
  credentials: Credentials;
  cacheToken: string;
  redisUrl?: string | undefined;
  /** Databases by link. The passwords of their logins are in the Secrets Manager double. */
  databases: Record<string, { url: string; maxConnections?: number }>;
  /** Links that the main thread provides. */
  resources: Record<string, unknown>;
};

/**
 * The background thread: the doubles of S3, SQS, EventBridge and Redis, and all consumers and schedules. It first posts
 * the links to the doubles; on "start" it begins to consume. `parentPort` is set in every worker thread.
 */
const options: BackgroundOptions = workerData;
const parent = parentPort!;

const guarded = async (name: FunctionName, event: unknown): Promise<unknown> => {
  try {
    return await invoke(name, event);
  } catch (error) {
    console.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    throw error;
  }
};

const [sqs, bus, cache, secrets] = await Promise.all([
  startSqs(),
  startBus({ invoke: guarded }),
  startCache({ token: options.cacheToken, redisUrl: options.redisUrl }),
  startSecrets(Object.keys(options.databases)),
]);
const s3 = await startS3({
  dataDir: options.objectsDir,
  buckets: ["documents"],
  credentials: options.credentials,
  onObjectCreated: (event) => bus.publish("default", event),
});

const queueLink = (name: QueueName) => ({ url: sqs.url(name), endpoint: sqs.endpoint });
const resources = {
  ...options.resources,
  ...Object.fromEntries(
    Object.entries(options.databases).map(([name, link]) => [name, { ...link, ...secrets.link(name) }]),
  ),
  ProxyLogins: { users: {} },
  Cache: { url: cache.url, token: cache.token },
  Documents: { name: "documents", endpoint: s3.endpoint, region: "us-east-1", ...options.credentials },
  Bus: { name: "resolve", endpoint: bus.endpoint, region: "us-east-1" },
  ...Object.fromEntries(queueNames.map((name) => [pascal(name), queueLink(name)])),
};
// Set before any handler is loaded, since core reads its links once.
process.env["SST_RESOURCES_JSON"] = JSON.stringify(resources);

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
    const isWaiting = functions[consumer].network === "internet";
    return [pollQueue({ client, spec, url: sqs.url(name), arn, isWaiting, invoke })];
  });
  // The vector worker polls its queue itself, as on Fargate.
  const task = new Worker(new URL("./task.ts", import.meta.url));
  task.on("error", (error) => console.error(`the vector worker ended: ${error.stack ?? error.message}`));
  const schedules = startSchedules({
    invoke,
    onError: (name, error) =>
      console.error(`schedule ${name} failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  stop = async () => {
    schedules.stop();
    const ended = once(task, "exit");
    task.postMessage("stop");
    await Promise.all([ended, ...pollers.map((poller) => poller.stop())]);
    client.destroy();
  };
};

parent.on("message", async (command: "start" | "stop") => {
  if (command === "start") {
    start();
    return;
  }
  await stop();
  await Promise.allSettled([s3.close(), bus.close(), cache.close(), sqs.close()]);
  // Closed last, because running bus deliveries may still log in to the database.
  await secrets.close();
  parent.postMessage({ stopped: true });
});
parent.postMessage({ resources });
