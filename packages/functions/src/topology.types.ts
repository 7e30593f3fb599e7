import type { QueueName, ResourceName } from "../../core/src/platform/resources.ts";

/** Every function has the link `App`, so it is not listed. */
export type LinkName = Exclude<ResourceName, "App">;

export type QueueSpec<Consumer = string> = {
  fifo: boolean;
  visibilityTimeoutSeconds: number;
  retentionSeconds: number;
  /** Receives before a message goes to `<name>-dlq`, which keeps it 14 days. */
  maxReceiveCount: number;
  /** Messages for one invocation, at most 10. */
  batchSize: number;
  /** Invocations at a time (SQS event source mapping, 2…1000). */
  maximumConcurrency: number;
  /** Name of the function that consumes it, or of the task that polls it. */
  consumer: Consumer;
};

export type FunctionSpec = {
  /** Module under the repository root and its export, as Lambda and SST write it. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** A function outside the VPC reaches the internet, but neither the database nor the cache. */
  network: "vpc" | "internet";
  /**
   * Names of the links it may read. With the link of a queue it may send to it, with the link of the bus it may publish.
   * With `UserPool` it may verify tokens and read a person's second factors.
   * With `CustomerRoles` it may assume roles of tenants' accounts; no stage has a value for it. `ReplicaDatabase`, `SearchResults`, `Embedding`, `Answering`, `Ocr` and `OriginVerify` exist only in stages that have these features enabled.
   */
  links: readonly LinkName[];
  /**
   * Its permissions for objects of the documents bucket; it has no others for the bucket. `delete` is for every version of
   * an object, in the replica too.
   */
  documents?: readonly ("get" | "put" | "delete")[];
  /** It may also invite, disable and delete people's accounts, for which it needs the link `UserPool`. */
  managesAccounts?: boolean;
  /** Files that are deployed beside its bundle: name there → source. A `.ts` source is bundled separately (a worker thread). */
  files?: Readonly<Record<string, string>>;
  /**
   * Concurrency that is reserved for it, which is also its limit. Workers then cannot take concurrency from the API, and
   * the largest number of database connections is known. Consumers of a queue are limited by its `maximumConcurrency`.
   */
  reservedConcurrency?: number;
};

/** A container on Fargate that runs while there is work. */
export type TaskSpec = {
  queue: QueueName;
  /** CPU units (1024 are one) and MB. */
  cpu: number;
  memoryMb: number;
  /** Answers `GET /health`. */
  port: number;
  links: readonly LinkName[];
  documents: readonly ("get" | "put" | "delete")[];
  /** Files of its image, as for a function. `main.mjs` is the program that `Dockerfile` starts. */
  files: Readonly<Record<string, string>>;
};

export type RuleSpec<Target = string> = {
  bus: "default" | "resolve";
  pattern: Record<string, unknown>;
  target: Target;
  /** Retries of a failed asynchronous invocation before the event goes to `<rule>-dlq` (Lambda: at most 2). */
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
};

export type ScheduleSpec<Target = string> = {
  /** EventBridge Scheduler expression. */
  expression: `rate(${string})` | `cron(${string})`;
  target: Target;
  /** Also run when the local runtime starts, so that a laptop does not wait for the first minute or day. */
  runAtStart: boolean;
};
