/**
 * The async graph of Resolve: buckets, bus, queues, functions, rules and schedules, as data.
 * `stacks/` makes AWS resources of it and `packages/local` runs it on a laptop; nothing else says who
 * receives what. Durations are seconds, sizes MB. Figures: blueprint Q-1…Q-6, corrections F-34…F-36.
 */

import type { QueueName, ResourceName } from "../../core/src/platform/resources.ts";

export { pascal } from "../../core/src/platform/pascal.ts";
export type { QueueName };

export type QueueSpec = {
  fifo: boolean;
  visibilityTimeoutSeconds: number;
  retentionSeconds: number;
  /** Receives before a message goes to `<name>-dlq`, which keeps it 14 days. */
  maxReceiveCount: number;
  /** Messages for one invocation, at most 10. */
  batchSize: number;
  /** Invocations at a time (SQS event source mapping, 2…1000). */
  maximumConcurrency: number;
  /** Name of the consuming function, or of the task that polls for itself. */
  consumer: FunctionName | TaskName;
};

export type FunctionSpec = {
  /** Module under the repository root and its export, as Lambda and SST write it. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** Outside the VPC a function has the internet and neither database nor cache. */
  network: "vpc" | "internet";
  /**
   * Names of the links it may read. A queue is linked to be sent to, the bus to be put on; `Embedding`, `Answering`,
   * `Ocr` and `OriginVerify` are there in stages that have them on.
   */
  links: readonly LinkName[];
  /** What it does with objects of the documents bucket; nothing else of the bucket is granted. */
  documents?: readonly ("get" | "put" | "delete")[];
  /** Files it needs beside its bundle, by name there; a `.ts` source is bundled on its own (a worker thread). */
  files?: Readonly<Record<string, string>>;
  /**
   * Invocations kept for it and the most it has: workers cannot starve the API, and the database's connections can be
   * added up. What a queue feeds is bounded by the queue's `maximumConcurrency`.
   */
  reservedConcurrency?: number;
};

/** A container on Fargate that runs as long as there is work. */
export type TaskSpec = {
  queue: QueueName;
  /** CPU units (1024 are one) and MB. */
  cpu: number;
  memoryMb: number;
  /** Answers `GET /health`. */
  port: number;
  links: readonly LinkName[];
  documents: readonly ("get" | "put" | "delete")[];
  /** What its image is made of, as for a function; `main.mjs` is the program, `Dockerfile` says the rest. */
  files: Readonly<Record<string, string>>;
};

export type RuleSpec = {
  bus: "default" | "resolve";
  pattern: Record<string, unknown>;
  target: FunctionName;
  /** Retries of a failed asynchronous invocation before the event goes to `<rule>-dlq` (Lambda: at most 2). */
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
};

export type ScheduleSpec = {
  /** EventBridge Scheduler expression. */
  expression: `rate(${string})` | `cron(${string})`;
  target: FunctionName;
  /** Also run when the local runtime starts: a minute or a day is long on a laptop. */
  runAtStart: boolean;
};

/** `App` is there in every function. */
export type LinkName = Exclude<ResourceName, "App">;

export type FunctionName = keyof typeof functionTable;
export type TaskName = keyof typeof taskTable;
export type RuleName = keyof typeof ruleTable;
export type ScheduleName = keyof typeof scheduleTable;

const day = 86_400;

/** What a function needs that writes to the outbox and sends what it wrote. */
const relaying = [
  "SystemDatabase",
  "Bus",
  "DocumentProcessing",
  "UrlFetch",
  "VectorJobs",
  "WebhookDelivery",
  "Onboarding",
] as const satisfies LinkName[];

/** Who logs in by each of the database's links (migration 0001): a pair takes turns at each new password, the master has no second. */
export const databaseUsers = {
  AppDatabase: ["api_a", "api_b"],
  WorkerDatabase: ["worker_a", "worker_b"],
  SystemDatabase: ["system_a", "system_b"],
  BuilderDatabase: ["builder_a", "builder_b"],
  MasterDatabase: ["postgres"],
} as const satisfies Partial<Record<LinkName, readonly string[]>>;
export type DatabaseLink = keyof typeof databaseUsers;

/** For those who change passwords. */
const logins = [...(Object.keys(databaseUsers) as DatabaseLink[]), "ProxyLogins"] as const satisfies LinkName[];

/** What embeds reads the built-in model. */
const model = { "static-v1.bin": "packages/embedding/model/static-v1.bin" } as const;

/** The whole API runs in `api`, and again in `api-wait` for those who wait. */
const apiFunction = {
  handler: "packages/functions/src/api/handler.handler",
  network: "vpc",
  links: [
    "AppDatabase",
    "Cache",
    "Documents",
    "Embedding",
    "Answering",
    "Kms",
    "ApiKeyPepper",
    "OriginVerify",
    ...relaying,
  ],
  // Presigned URLs carry the rights of the role that signs them.
  documents: ["get", "put"],
  files: {
    ...model,
    "swagger-ui/swagger-ui.css": "packages/functions/node_modules/swagger-ui-dist/swagger-ui.css",
    "swagger-ui/swagger-ui-bundle.js": "packages/functions/node_modules/swagger-ui-dist/swagger-ui-bundle.js",
  },
} as const;

/** What reads files, in threads of its own. */
const extraction = {
  "extract-worker.mjs": "packages/extraction/src/worker.ts",
  "chunk-worker.mjs": "packages/core/src/documents/index/chunk-worker.ts",
  "pdfium.wasm": "packages/extraction/node_modules/@hyzyla/pdfium/dist/pdfium.wasm",
} as const;

const functionTable = {
  api: {
    ...apiFunction,
    // Budget: client 10 s > API 8 s > statement 3 s (F-32).
    timeoutSeconds: 8,
    memoryMb: 1024,
    reservedConcurrency: 200,
  },
  "api-wait": {
    ...apiFunction,
    // An HTTP API gives up after 30 s (API Gateway quotas).
    timeoutSeconds: 29,
    memoryMb: 512,
    reservedConcurrency: 100,
  },
  "store-upload": {
    handler: "packages/functions/src/triggers/store-upload.handler",
    timeoutSeconds: 15,
    memoryMb: 512,
    reservedConcurrency: 20,
    network: "vpc",
    links: ["WorkerDatabase", "Documents", ...relaying],
  },
  "process-document": {
    handler: "packages/functions/src/queues/process-document.handler",
    // The visibility timeout of 300 s is six times this (F-35, AWS: "at least six times").
    timeoutSeconds: 50,
    memoryMb: 2048,
    network: "vpc",
    links: ["WorkerDatabase", "Documents", "Embedding", "Ocr", ...relaying],
    documents: ["get"],
    files: { ...extraction, ...model },
  },
  "fetch-url": {
    handler: "packages/functions/src/queues/fetch-url.handler",
    // One fetch of at most 90 s, and the way into storage.
    timeoutSeconds: 150,
    memoryMb: 1024,
    network: "internet",
    links: ["Documents", "UrlResults"],
    documents: ["put"],
  },
  "record-fetch": {
    handler: "packages/functions/src/queues/record-fetch.handler",
    timeoutSeconds: 15,
    memoryMb: 256,
    network: "vpc",
    links: ["WorkerDatabase", ...relaying],
  },
  "fan-out": {
    handler: "packages/functions/src/triggers/fan-out.handler",
    timeoutSeconds: 15,
    memoryMb: 512,
    reservedConcurrency: 20,
    network: "vpc",
    links: ["WorkerDatabase", "Kms", ...relaying],
  },
  "deliver-webhook": {
    handler: "packages/functions/src/queues/deliver-webhook.handler",
    // One attempt of 15 s fits, with room to report it, under the blueprint's 60 s visibility.
    timeoutSeconds: 20,
    memoryMb: 256,
    network: "internet",
    links: ["WebhookResults"],
  },
  "record-delivery": {
    handler: "packages/functions/src/queues/record-delivery.handler",
    timeoutSeconds: 15,
    memoryMb: 512,
    network: "vpc",
    links: ["WorkerDatabase", "Kms", ...relaying],
  },
  "run-onboarding": {
    handler: "packages/functions/src/queues/run-onboarding.handler",
    timeoutSeconds: 30,
    memoryMb: 512,
    network: "vpc",
    // Its first answer is a search, its tenant has a model.
    links: ["WorkerDatabase", "Cache", "Documents", "Embedding", "Kms", ...relaying],
    documents: ["put"],
    files: model,
  },
  "advance-onboarding": {
    handler: "packages/functions/src/triggers/advance-onboarding.handler",
    timeoutSeconds: 15,
    memoryMb: 512,
    reservedConcurrency: 10,
    network: "vpc",
    links: ["WorkerDatabase", ...relaying],
  },
  relay: {
    handler: "packages/functions/src/schedules/relay.handler",
    // Polls for 55 s of every minute; rows then wait no more than a second.
    timeoutSeconds: 70,
    memoryMb: 256,
    reservedConcurrency: 2,
    network: "vpc",
    links: [...relaying],
  },
  sweep: {
    handler: "packages/functions/src/schedules/sweep.handler",
    timeoutSeconds: 50,
    memoryMb: 256,
    reservedConcurrency: 2,
    network: "vpc",
    links: ["WorkerDatabase", "Documents", "Kms", ...relaying],
    // Looks for uploads whose event was lost; purges.
    documents: ["get", "delete"],
  },
  "check-search": {
    // Looks for vectors and chunks that were left behind in every tenant; the comparisons are jobs.
    handler: "packages/functions/src/schedules/check-search.handler",
    timeoutSeconds: 300,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: ["WorkerDatabase", ...relaying],
  },
  bootstrap: {
    // Makes the first operator; invoked with IAM in AWS and by the local runtime, never over HTTP.
    handler: "packages/functions/src/triggers/bootstrap.handler",
    timeoutSeconds: 30,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: ["AppDatabase", "SystemDatabase", "Kms", "ApiKeyPepper"],
  },
  migrate: {
    // Runs before traffic moves, as the master; then it gives passwords to the logins that have none.
    handler: "packages/functions/src/triggers/migrate.handler",
    timeoutSeconds: 900,
    memoryMb: 512,
    reservedConcurrency: 1,
    network: "vpc",
    links: [...logins],
    files: { migrations: "packages/core/migrations" },
  },
  "rotate-login": {
    // Invoked by Secrets Manager, four times for each new password.
    handler: "packages/functions/src/triggers/rotate-login.handler",
    timeoutSeconds: 60,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: [...logins],
  },
  "maintain-partitions": {
    handler: "packages/functions/src/schedules/maintain-partitions.handler",
    timeoutSeconds: 60,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: ["SystemDatabase"],
  },
} as const satisfies Record<string, Omit<FunctionSpec, "links"> & { links: readonly LinkName[] }>;

const taskTable = {
  "vector-worker": {
    queue: "vector-jobs",
    cpu: 2048,
    memoryMb: 4096,
    port: 5000,
    links: ["WorkerDatabase", "BuilderDatabase", "Documents", "Embedding", "Ocr", ...relaying],
    // Reads originals again, and purges them.
    documents: ["get", "delete"],
    files: { ...extraction, ...model, "main.mjs": "packages/jobs/src/main.ts", Dockerfile: "packages/jobs/Dockerfile" },
  },
} as const satisfies Record<string, Omit<TaskSpec, "queue"> & { queue: keyof typeof queueTable }>;

const queueTable = {
  "document-processing": {
    fifo: true,
    visibilityTimeoutSeconds: 300,
    retentionSeconds: 14 * day,
    maxReceiveCount: 3,
    batchSize: 1,
    maximumConcurrency: 20,
    consumer: "process-document",
  },
  "url-fetch": {
    fifo: false,
    visibilityTimeoutSeconds: 900,
    retentionSeconds: 4 * day,
    maxReceiveCount: 3,
    batchSize: 1,
    maximumConcurrency: 10,
    consumer: "fetch-url",
  },
  "url-results": {
    fifo: false,
    visibilityTimeoutSeconds: 90,
    retentionSeconds: 14 * day,
    maxReceiveCount: 10,
    batchSize: 10,
    maximumConcurrency: 5,
    consumer: "record-fetch",
  },
  "webhook-delivery": {
    fifo: false,
    visibilityTimeoutSeconds: 60,
    retentionSeconds: 4 * day,
    maxReceiveCount: 5,
    batchSize: 10,
    maximumConcurrency: 50,
    consumer: "deliver-webhook",
  },
  "webhook-results": {
    fifo: false,
    visibilityTimeoutSeconds: 90,
    retentionSeconds: 14 * day,
    maxReceiveCount: 10,
    batchSize: 10,
    maximumConcurrency: 10,
    consumer: "record-delivery",
  },
  "vector-jobs": {
    fifo: false,
    // The worker hides its message anew while it works.
    visibilityTimeoutSeconds: 120,
    retentionSeconds: 14 * day,
    // Deployments and lost leases count as receives too.
    maxReceiveCount: 20,
    batchSize: 1,
    maximumConcurrency: 2,
    consumer: "vector-worker",
  },
  onboarding: {
    fifo: false,
    visibilityTimeoutSeconds: 180,
    retentionSeconds: 14 * day,
    maxReceiveCount: 5,
    batchSize: 1,
    maximumConcurrency: 10,
    consumer: "run-onboarding",
  },
} as const satisfies Record<QueueName, Omit<QueueSpec, "consumer"> & { consumer: string }>;

const ruleTable = {
  "upload-stored": {
    bus: "default",
    pattern: { source: ["aws.s3"], "detail-type": ["Object Created"], detail: { object: { key: [{ prefix: "t/" }] } } },
    target: "store-upload",
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 3600,
  },
  "event-published": {
    bus: "resolve",
    pattern: { source: [{ prefix: "resolve." }] },
    target: "fan-out",
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 3600,
  },
  "onboarding-moved": {
    bus: "resolve",
    pattern: {
      source: [{ prefix: "resolve." }],
      "detail-type": ["document.ready", "document.failed", "webhook.verified"],
    },
    target: "advance-onboarding",
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 3600,
  },
} as const satisfies Record<string, Omit<RuleSpec, "target"> & { target: FunctionName }>;

const scheduleTable = {
  relay: { expression: "rate(1 minute)", target: "relay", runAtStart: true },
  sweep: { expression: "rate(1 minute)", target: "sweep", runAtStart: false },
  "check-search": { expression: "cron(45 3 * * ? *)", target: "check-search", runAtStart: false },
  "maintain-partitions": { expression: "cron(15 2 * * ? *)", target: "maintain-partitions", runAtStart: true },
} as const satisfies Record<string, Omit<ScheduleSpec, "target"> & { target: FunctionName }>;

export const functions: Record<FunctionName, FunctionSpec> = functionTable;
export const tasks: Record<TaskName, TaskSpec> = taskTable;
export const queues: Record<QueueName, QueueSpec> = queueTable;
export const rules: Record<RuleName, RuleSpec> = ruleTable;
export const schedules: Record<ScheduleName, ScheduleSpec> = scheduleTable;

export const isTask = (name: FunctionName | TaskName): name is TaskName => Object.hasOwn(tasks, name);

/** Dead-letter queues keep a message as long as SQS allows, so that nobody loses it over a holiday. */
export const deadLetterRetentionSeconds = 14 * day;

/**
 * Resources whose requests carry the text of documents or questions about it. SQL and markup are what such text may be
 * about, so the edge does not look for attacks in these bodies (F-7).
 */
export const textPaths = ["documents", "tenants", "search", "answers"].map((name) => `/api/v1/${name}`);

/** API Gateway routes by function: paths whose caller may wait go to `api-wait` (DESIGN §4). */
export const routes: Record<string, FunctionName> = {
  "ANY /api/{proxy+}": "api",
  "GET /api/v1/documents/{documentId}": "api-wait",
  "GET /api/v1/jobs/{jobId}": "api-wait",
  "GET /api/v1/onboarding/{runId}": "api-wait",
  // A language model may take its time.
  "POST /api/v1/answers": "api-wait",
};
