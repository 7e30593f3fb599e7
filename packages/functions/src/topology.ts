/**
 * The async graph of Resolve as data: bus, queues, functions, tasks, rules and schedules. `stacks/` creates AWS resources
 * from it and `packages/local` runs it on a laptop; no other file says who receives what. Durations are seconds, sizes MB.
 * Figures: blueprint Q-1…Q-6, corrections F-34…F-36.
 */

import { senderMemoryMb } from "../../core/src/platform/objectives.ts";
import type { QueueName } from "../../core/src/platform/resources.ts";
import type * as spec from "./topology.types.ts";
import type { FunctionSpec, LinkName, TaskSpec } from "./topology.types.ts";

export { dimensionValues, type EmbeddedMetric, metricNamespace } from "../../core/src/platform/metrics.ts";
export { objectives, slowMs } from "../../core/src/platform/objectives.ts";
export { pascal } from "../../core/src/platform/pascal.ts";
export { messageBytesMax } from "../../core/src/platform/services/batches.ts";
export type { FunctionSpec, LinkName, QueueName, TaskSpec };

export type FunctionName = keyof typeof functionTable;
export type TaskName = keyof typeof taskTable;
export type RuleName = keyof typeof ruleTable;
export type ScheduleName = keyof typeof scheduleTable;
export type QueueSpec = spec.QueueSpec<FunctionName | TaskName>;
export type RuleSpec = spec.RuleSpec<FunctionName>;
export type ScheduleSpec = spec.ScheduleSpec<FunctionName>;

const day = 86_400;

/** Links of a function that writes to the outbox and sends those rows itself. */
const relaying = [
  "SystemDatabase",
  "Bus",
  "DocumentProcessing",
  "UrlFetch",
  "VectorJobs",
  "JobSteps",
  "WebhookDelivery",
  "Onboarding",
  "Invitations",
] as const satisfies LinkName[];

/**
 * Database users of each link (0001_baseline.sql). A rotation gives the new password to the user of a pair that is not in
 * use; the master has one user only.
 */
export const databaseUsers = {
  AppDatabase: ["api_a", "api_b"],
  WorkerDatabase: ["worker_a", "worker_b"],
  SystemDatabase: ["system_a", "system_b"],
  BuilderDatabase: ["builder_a", "builder_b"],
  MasterDatabase: ["postgres"],
} as const satisfies Partial<Record<LinkName, readonly string[]>>;
export type DatabaseLink = keyof typeof databaseUsers;

/** Links of functions that change passwords. */
const logins = [...(Object.keys(databaseUsers) as DatabaseLink[]), "ProxyLogins"] as const satisfies LinkName[];

/** The built-in model's file, for functions that embed text. */
const model = { "static-v1.bin": "packages/embedding/model/static-v1.bin" } as const;

/** The API is deployed twice: `api`, and `api-wait` for the routes whose caller may wait. */
const apiFunction = {
  handler: "packages/functions/src/api/handler.handler",
  network: "vpc",
  links: [
    "AppDatabase",
    "ReplicaDatabase",
    "Cache",
    "SearchResults",
    "Documents",
    "Embedding",
    "Answering",
    "Kms",
    "ApiKeyPepper",
    "UserPool",
    "IdentityProviders",
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

/** Programs of the worker threads that extract text from files and split it into chunks. */
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
    links: [...apiFunction.links, "DeadLetters"],
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
    // One fetch takes at most 90 s; the rest is for storing the bytes.
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
    // The attempts of a batch are made at once, each of at most 15 s and its report, within the visibility timeout of 60 s.
    timeoutSeconds: 20,
    memoryMb: senderMemoryMb,
    network: "internet",
    links: ["WebhookResults", "Kms", "CustomerRoles"],
  },
  "record-delivery": {
    handler: "packages/functions/src/queues/record-delivery.handler",
    timeoutSeconds: 15,
    memoryMb: 512,
    network: "vpc",
    links: ["WorkerDatabase", "Kms", ...relaying],
  },
  "run-job": {
    handler: "packages/functions/src/queues/run-job.handler",
    // No step begins after 20 s, and a step takes at most 40 s (queues/run-job.ts).
    timeoutSeconds: 60,
    memoryMb: 512,
    network: "vpc",
    links: ["WorkerDatabase", "Documents", "Kms", ...relaying],
    // A purge deletes originals.
    documents: ["get", "delete"],
  },
  "run-onboarding": {
    handler: "packages/functions/src/queues/run-onboarding.handler",
    timeoutSeconds: 30,
    memoryMb: 512,
    network: "vpc",
    // The step `search.first_answer` embeds a question and searches.
    links: ["WorkerDatabase", "Cache", "Documents", "Embedding", "Kms", "ApiKeyPepper", ...relaying],
    documents: ["put"],
    files: model,
  },
  "send-invitation": {
    handler: "packages/functions/src/queues/send-invitation.handler",
    // One call of Cognito takes at most 6 s and one of SES 10 s.
    timeoutSeconds: 30,
    memoryMb: 256,
    network: "vpc",
    links: ["WorkerDatabase", "UserPool", "IdentityProviders", "MailSender", "ApiKeyPepper", ...relaying],
    managesAccounts: true,
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
    // Polls for 55 s of every minute, so that a row waits about a second.
    timeoutSeconds: 70,
    memoryMb: 256,
    reservedConcurrency: 2,
    network: "vpc",
    links: [...relaying],
  },
  sweep: {
    handler: "packages/functions/src/schedules/sweep.handler",
    // Twice eighteen stages that handle rows for at most 2.8 s each, and the pause of 30 s. Two may run at a time: each row is a transaction.
    timeoutSeconds: 120,
    memoryMb: 256,
    reservedConcurrency: 2,
    network: "vpc",
    // It takes over from the cache what requests have counted.
    links: ["WorkerDatabase", "Cache", "Documents", "Kms", ...relaying],
    // It checks objects of uploads whose event was lost, and purges documents.
    documents: ["get", "delete"],
  },
  "check-search": {
    // Looks for orphaned vectors and chunks in every tenant; it compares recall in jobs.
    handler: "packages/functions/src/schedules/check-search.handler",
    timeoutSeconds: 300,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: ["WorkerDatabase", ...relaying],
  },
  bootstrap: {
    // Creates the first operator. Invoked with IAM in AWS and by the local runtime, never over HTTP.
    handler: "packages/functions/src/triggers/bootstrap.handler",
    timeoutSeconds: 30,
    memoryMb: 256,
    reservedConcurrency: 1,
    network: "vpc",
    links: ["AppDatabase", "SystemDatabase", "Kms", "ApiKeyPepper"],
  },
  migrate: {
    // Runs as the master before traffic moves to the new version, and gives a password to each login that has none.
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
} as const satisfies Record<string, FunctionSpec>;

const taskTable = {
  "vector-worker": {
    queue: "vector-jobs",
    cpu: 2048,
    memoryMb: 4096,
    port: 5000,
    links: ["WorkerDatabase", "BuilderDatabase", "Documents", "Embedding", "Ocr", ...relaying],
    // It reads originals for a reindex, and purges them.
    documents: ["get", "delete"],
    files: { ...extraction, ...model, "main.mjs": "packages/jobs/src/main.ts", Dockerfile: "packages/jobs/Dockerfile" },
  },
} as const satisfies Record<string, TaskSpec>;

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
    // A tenant has at most four fetches under way (documents/dispatch.ts).
    maximumConcurrency: 40,
    consumer: "fetch-url",
  },
  "url-results": {
    fifo: false,
    visibilityTimeoutSeconds: 90,
    retentionSeconds: 14 * day,
    maxReceiveCount: 10,
    batchSize: 10,
    maximumConcurrency: 4,
    consumer: "record-fetch",
  },
  "webhook-delivery": {
    fifo: false,
    visibilityTimeoutSeconds: 60,
    retentionSeconds: 4 * day,
    maxReceiveCount: 5,
    batchSize: 10,
    // A tenant has at most 30 attempts under way (webhooks/dispatch.ts).
    maximumConcurrency: 100,
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
    // The worker extends the timeout while it works.
    visibilityTimeoutSeconds: 120,
    retentionSeconds: 14 * day,
    // Deployments and lost leases increase the receive count too.
    maxReceiveCount: 20,
    batchSize: 1,
    maximumConcurrency: 2,
    consumer: "vector-worker",
  },
  "job-steps": {
    fifo: false,
    visibilityTimeoutSeconds: 360,
    retentionSeconds: 14 * day,
    // A lost lease increases the receive count too.
    maxReceiveCount: 20,
    batchSize: 1,
    // Each has a connection of the database (stacks/database.test.ts counts them).
    maximumConcurrency: 5,
    consumer: "run-job",
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
  invitations: {
    fifo: false,
    visibilityTimeoutSeconds: 180,
    retentionSeconds: 4 * day,
    maxReceiveCount: 5,
    // Cognito creates 50 users a second in a region, and each message is a mail.
    batchSize: 1,
    maximumConcurrency: 2,
    consumer: "send-invitation",
  },
} as const satisfies Record<QueueName, spec.QueueSpec>;

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
} as const satisfies Record<string, RuleSpec>;

const scheduleTable = {
  relay: { expression: "rate(1 minute)", target: "relay", runAtStart: true },
  sweep: { expression: "rate(1 minute)", target: "sweep", runAtStart: false },
  "check-search": { expression: "cron(45 3 * * ? *)", target: "check-search", runAtStart: false },
  "maintain-partitions": { expression: "cron(15 2 * * ? *)", target: "maintain-partitions", runAtStart: true },
} as const satisfies Record<string, ScheduleSpec>;

export const functions: Record<FunctionName, FunctionSpec> = functionTable;
export const tasks: Record<TaskName, TaskSpec> = taskTable;
export const queues: Record<QueueName, QueueSpec> = queueTable;
export const rules: Record<RuleName, RuleSpec> = ruleTable;
export const schedules: Record<ScheduleName, ScheduleSpec> = scheduleTable;

export const isTask = (name: FunctionName | TaskName): name is TaskName => Object.hasOwn(tasks, name);

/**
 * For how many months a table keeps rows after the month of their creation (maintain-partitions). A stage may keep them for a shorter
 * time. The audit log stays for the seven years for which claims and audits reach back; documents end with their purge.
 */
export const retentionMonths = { events: 13, audit_log: 84 };

/** The longest retention that SQS allows, so that messages of a dead-letter queue survive a holiday. */
export const deadLetterRetentionSeconds = 14 * day;

/**
 * Routes whose bodies contain text of documents or questions. Such text may contain SQL or markup, so the firewall does not
 * look for attacks in these bodies (F-7).
 */
export const textPaths = ["documents", "tenants", "search", "answers"].map((name) => `/api/v1/${name}`);

/** API Gateway routes and their functions: routes whose caller may wait go to `api-wait`. */
export const routes: Record<string, FunctionName> = {
  "ANY /api/{proxy+}": "api",
  "GET /api/v1/documents/{documentId}": "api-wait",
  "GET /api/v1/events": "api-wait",
  "GET /api/v1/jobs/{jobId}": "api-wait",
  // Reading a dead-letter queue takes many calls, and only this function may do it.
  "GET /api/v1/platform/dead-letters": "api-wait",
  "GET /api/v1/platform/dead-letters/{queueName}": "api-wait",
  "POST /api/v1/platform/dead-letters/{queueName}/{action}": "api-wait",
  "GET /api/v1/onboarding/{runId}": "api-wait",
  // A language model may need more than the 8 s of `api`.
  "POST /api/v1/answers": "api-wait",
};
