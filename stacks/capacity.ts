import { functions, queues } from "../packages/functions/src/topology.ts";
import { includedIops, vcpusOf } from "./cost.ts";
import { type Assumptions, databaseGbOf } from "./load.ts";
import type { Stage } from "./stage.ts";

/**
 * Of the processors at the peak. With eight of them a request then waits for a third of its own CPU time on average, with
 * four for three quarters (Erlang C).
 */
const cpuShare = 0.8;
/** PostgreSQL's and the system's cache: `effective_cache_size` (stacks/database.ts). */
const cachedShare = 0.75;
/** Users start work within ten minutes: the sign-ins of a morning. */
const signInSeconds = 600;
const officeSeconds = 22 * 8 * 3600;
/** The busiest hour has twice the documents and webhooks of an average one. */
const busiest = 2;

/** What the peak needs, in the units of the limits. */
export type Demand = ReturnType<typeof demandOf>;

/** Little's law: `perSecond × seconds` are under way at once on average; three standard deviations are added (Poisson). */
export const atOnce = (perSecond: number, seconds: number): number => {
  const mean = perSecond * seconds;
  return mean + 3 * Math.sqrt(mean);
};

export const demandOf = (tenants: number, a: Assumptions) => {
  const concurrentUsers = tenants * a.users * a.activeShare;
  // A closed loop: each user waits for the response and then thinks.
  const requestsPerSecond = concurrentUsers / (a.thinkSeconds + a.apiMs / 1000);
  const readShare = Math.max(0, 1 - a.searchShare - a.writeShare);
  const databaseMs = a.searchShare * a.searchMs + a.writeShare * a.writeMs + readShare * a.readMs;
  return {
    concurrentUsers,
    requestsPerSecond,
    executions: atOnce(requestsPerSecond, a.apiMs / 1000),
    transactions: atOnce(requestsPerSecond, a.transactionMs / 1000),
    vcpus: (requestsPerSecond * databaseMs) / 1000 / cpuShare,
    memoryGb: (tenants * a.storedDocuments * a.chunks * a.vectorKb * a.hotShare) / 1e6 / cachedShare,
    storageGb: databaseGbOf(tenants, a),
    iops: requestsPerSecond * (a.writeShare * a.writeIos + (1 - a.writeShare) * a.readIos),
    cacheCommandsPerSecond: requestsPerSecond * a.cacheCommands,
    documentsAtOnce: atOnce((busiest * tenants * a.documents) / officeSeconds, a.documentSeconds),
    webhooksAtOnce: atOnce((busiest * tenants * a.webhooks) / officeSeconds, 0.5),
    signInsPerSecond: concurrentUsers / signInSeconds,
  };
};

/** Instance classes by price, with their memory in GB (RDS guide, "DB instance classes"). */
const ladder = {
  "db.m6g.xlarge": 16,
  "db.r6g.xlarge": 32,
  "db.m6g.2xlarge": 32,
  "db.r6g.2xlarge": 64,
  "db.r6g.4xlarge": 128,
  "db.r6g.8xlarge": 256,
  "db.r6g.12xlarge": 384,
  "db.r6g.16xlarge": 512,
};
const classes = Object.keys(ladder);
const memoryOf = (instanceClass: string): number => ladder[instanceClass as keyof typeof ladder];
/** A connection takes about 10 MB, so a fifth of the memory is enough for this many. */
const connectionsMax = (instanceClass: string): number => memoryOf(instanceClass) * 20;
/** Cognito's quota of UserAuthentication. */
const signInsMax = 120;
/** RDS's limits of gp3 for PostgreSQL. */
const [storageGbMax, iopsMax] = [64_000, 64_000];
/** Of `max_connections`, by RDS Proxy (stacks/database.ts). */
const proxyShare = 0.9;
/** Upstash's limit of a database, and of two nodes of cache.m6g.large (assumed). */
export const [upstashPerSecondMax, nodePerSecondMax] = [10_000, 100_000];

type Size = Pick<Stage["database"], "instanceClass" | "storageGb" | "iops">;

/** The stage's database, or the smallest larger one that carries the demand; undefined when none does. */
export const sizeFor = (own: Size, demand: Demand): Size | undefined => {
  const { vcpus, memoryGb, transactions } = demand;
  const instanceClass = classes
    .slice(classes.indexOf(own.instanceClass))
    .find(
      (one) => vcpusOf(one) >= vcpus && memoryOf(one) >= memoryGb && connectionsMax(one) * proxyShare >= transactions,
    );
  const storageGb = Math.max(own.storageGb, Math.ceil(demand.storageGb / 100) * 100);
  const iops = Math.max(own.iops ?? 0, Math.ceil(demand.iops));
  if (!instanceClass || storageGb > storageGbMax || iops > iopsMax) return undefined;
  return { instanceClass, storageGb, iops: Math.max(iops, includedIops(storageGb)) };
};

/** How many separate stages carry the tenants, each with a database of its own. */
export const cellsFor = (own: Size, tenants: number, a: Assumptions): number => {
  let cells = 1;
  while (!sizeFor(own, demandOf(tenants / cells, a))) cells += 1;
  return cells;
};

export type Limit = { what: string; need: number; limit: number; remedy: string };

/** What a stage can carry beside what the peak needs; the one with the largest share fails first. */
export const limitsOf = (stage: Stage, demand: Demand): Limit[] => {
  const { database, throttle, concurrencyShare } = stage;
  const reserved = (functions.api.reservedConcurrency ?? 0) * concurrencyShare;
  const documents = queues["document-processing"];
  const webhooks = queues["webhook-delivery"];
  const limits: [what: string, need: number, limit: number, remedy: string][] = [
    ["requests per second", demand.requestsPerSecond, throttle.requestsPerSecond, "`throttle`; above 10,000 a quota"],
    ["executions of `api` at once", demand.executions, reserved, "`reservedConcurrency`; above 1,000 in all a quota"],
    [
      "transactions at once",
      demand.transactions,
      database.maxConnections * proxyShare,
      "`maxConnections`, with a larger instance",
    ],
    ["vCPU of the database", demand.vcpus, vcpusOf(database.instanceClass), "a larger instance, then cells"],
    ["GB of memory for vectors", demand.memoryGb, memoryOf(database.instanceClass), "a larger instance, then cells"],
    ["GB of the database", demand.storageGb, database.storageGbMax, "`storageGbMax`"],
    ["disk operations per second", demand.iops, database.iops ?? includedIops(database.storageGb), "`iops`"],
    ["Redis commands per second", demand.cacheCommandsPerSecond, upstashPerSecondMax, "two nodes of ElastiCache"],
    [
      "documents processed at once",
      demand.documentsAtOnce,
      documents.maximumConcurrency * concurrencyShare,
      "`maximumConcurrency`; until then they wait",
    ],
    [
      "webhook attempts at once",
      demand.webhooksAtOnce,
      webhooks.maximumConcurrency * webhooks.batchSize * concurrencyShare,
      "`maximumConcurrency`; until then they wait",
    ],
    ["sign-ins per second", demand.signInsPerSecond, signInsMax, "a quota of Cognito, which costs"],
  ];
  return limits
    .map(([what, need, limit, remedy]) => ({ what, need, limit, remedy }))
    .sort((a, b) => b.need / b.limit - a.need / a.limit);
};
