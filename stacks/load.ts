import {
  type Item,
  perDocument,
  perRequest,
  serverlessUseItems,
  type Use,
  useItems,
} from "../packages/core/src/usage/items.ts";

/** What a tenant does, and what that costs in time and bytes. Nobody uses the system yet, so most of it is assumed. */
type Assumption = { value: number; what: string; why: string };

export const assumptionTable = {
  users: { value: 250, what: "users of a tenant who sign in within a month", why: "25,000 for 100 tenants" },
  activeShare: {
    value: 0.4,
    what: "share of them who work at the same moment, at the peak",
    why: "P-3: 10,000 concurrent users of 100 tenants",
  },
  thinkSeconds: { value: 10, what: "seconds from a response to the user's next request", why: "reading a page" },
  requestsPerDay: { value: 76, what: "requests of a user on each of 22 working days", why: "42 million a month" },
  searchShare: { value: 0.2, what: "share of the requests that search", why: "assumed" },
  questionShare: {
    value: 0.02,
    what: "share of the requests that a language model answers",
    why: "assumed; only with `answering`",
  },
  promptTokens: {
    value: 3_500,
    what: "tokens of a question with its sources",
    why: "8 chunks, and 250 of instructions; only with `answering`",
  },
  replyTokens: { value: 150, what: "tokens of a reply", why: "assumed, of at most 800; only with `answering`" },
  writeShare: { value: 0.1, what: "share of the requests that change something", why: "assumed" },
  documents: { value: 2_000, what: "new documents of a tenant in a month", why: "assumed" },
  documentMb: { value: 1, what: "MB of a document", why: "B-4: 1 TB" },
  storedDocuments: { value: 10_000, what: "documents that a tenant has", why: "B-4: 1 TB" },
  chunks: { value: 10, what: "chunks of a document", why: "assumed" },
  tokens: { value: 400, what: "tokens of a chunk", why: "assumed" },
  scannedShare: { value: 0.1, what: "share of the documents that are scans", why: "assumed; only with `ocr`" },
  scanPages: { value: 10, what: "pages of a scan", why: "assumed; only with `ocr`" },
  documentSeconds: { value: 5, what: "seconds of extraction for a document", why: "4.3 s for 10 MB measured" },
  downloads: { value: perDocument.downloads, what: "downloads of a new document's original", why: "assumed" },
  webhooks: { value: 10_000, what: "webhook attempts of a tenant in a month", why: "assumed" },
  federatedShare: { value: 0.2, what: "share of users who sign in at an identity provider", why: "assumed" },
  apiMs: { value: 60, what: "ms of an invocation of the API", why: "13 ms measured on one machine, without a network" },
  apiCpuMs: {
    value: 6,
    what: "ms of CPU of a request in the API",
    why: "7.7 ms measured, of which the client takes a part",
  },
  searchMs: {
    value: 19,
    what: "ms of CPU of a search in the database",
    why: "18.9 ms measured for the statement, with 50,000 chunks",
  },
  readMs: {
    value: 2.1,
    what: "ms of CPU of another read in the database",
    why: "1.6 ms measured for one document, 2.6 for 25",
  },
  writeMs: { value: 5, what: "ms of CPU of a change in the database", why: "5 ms measured for a new collection" },
  transactionMs: { value: 15, what: "ms for which a request has a connection", why: "assumed" },
  writeIos: { value: 10, what: "disk operations of a change", why: "assumed" },
  readIos: { value: 0.5, what: "disk operations of a read", why: "assumed: most pages are in memory" },
  chunkKb: {
    value: 7.4,
    what: "kB of a chunk in the database, with indexes and vector",
    why: "5.6 measured with 150 words; 400 tokens are 300 words",
  },
  vectorKb: { value: 2.8, what: "kB of these that vector search reads", why: "2.8 measured, with the HNSW index" },
  hotShare: {
    value: 0.5,
    what: "share of the vectors that should be in memory",
    why: "assumed: frequent questions, and tenants at different hours",
  },
  otherGb: { value: 1, what: "GB of a tenant's other rows: events, audit, deliveries", why: "assumed" },
  changedShare: { value: 0.01, what: "share of the database that changes in a day", why: "assumed" },
  cacheCommands: {
    value: 2,
    what: "commands of Redis for a request",
    why: "1 for the limits measured, 1 for the cache",
  },
  logKb: {
    value: perRequest.logKb,
    what: "kB of logs of a request",
    why: "CloudFront 0.6, API Gateway 0.6, the wide event at most 1.5, Lambda 0.7, flow logs 0.2",
  },
  tracedShare: { value: perRequest.tracedShare, what: "share of the requests that X-Ray traces", why: "its default" },
  responseKb: { value: 5, what: "kB of a response", why: "assumed" },
  outsideKb: {
    value: perRequest.outsideKb,
    what: "kB that a request sends through NAT: Redis, queues, models",
    why: "assumed",
  },
  zoneKb: {
    value: perRequest.zoneKb,
    what: "kB of a request between zones: function, proxy and database",
    why: "assumed",
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionName = keyof typeof assumptionTable;
export type Assumptions = Record<AssumptionName, number>;
// The keys are those of the table.
export const assumptionNames = Object.keys(assumptionTable) as AssumptionName[];
export const assumptions = Object.fromEntries(
  assumptionNames.map((name) => [name, assumptionTable[name].value]),
) as Assumptions;

const workingDays = 22;
/** Snapshots are kept for 90 days in two regions (stacks/backup.ts), RDS's own backups for 30 days. */
const [snapshotDays, backupDays] = [90, 30];
const perKb = 1e-6;

export const requestsOf = (tenants: number, { users, requestsPerDay }: Assumptions): number =>
  tenants * users * requestsPerDay * workingDays;

export const databaseGbOf = (tenants: number, a: Assumptions): number =>
  tenants * (a.storedDocuments * a.chunks * a.chunkKb * perKb + a.otherGb);

/** What tenants use in a month. */
export const useOf = (tenants: number, a: Assumptions): Use => {
  const requests = requestsOf(tenants, a);
  const documents = tenants * a.documents;
  const newGb = (documents * a.documentMb) / 1000;
  const attempts = tenants * a.webhooks;
  return {
    requests,
    // The API has 1 GB.
    requestGbSeconds: (requests * a.apiMs) / 1000,
    responseGb: requests * a.responseKb * perKb,
    logGb: requests * a.logKb * perKb,
    outsideGb: requests * a.outsideKb * perKb,
    zoneGb: requests * a.zoneKb * perKb,
    traces: requests * a.tracedShare,
    cacheCommands: requests * a.cacheCommands,
    documents,
    newGb,
    downloadedGb: newGb * a.downloads,
    messages: documents * perDocument.messages,
    attempts,
    // Extraction with 2 GB; 10 events of a document, 0.1 s each with 0.5 GB; attempts, 0.5 s with 0.25 GB, and their results.
    messageGbSeconds: documents * (a.documentSeconds * 2 + 10 * 0.05) + attempts * 0.15,
    embeddingTokens: documents * a.chunks * a.tokens,
    // No priced stage has OCR; `stacks/optional.ts` has its cost.
    ocrPages: 0,
  };
};

/** What tenants use in a month of any design, and what they have: documents, users, copies. */
export const sharedItems = (tenants: number, a: Assumptions): Item[] => {
  const storedGb = (tenants * a.storedDocuments * a.documentMb) / 1000;
  const users = tenants * a.users;
  const databaseGb = databaseGbOf(tenants, a);
  const changedGb = databaseGb * a.changedShare;
  return [
    ...useItems(useOf(tenants, a)),
    ["S3", "documents stored, at the price of the first month", storedGb, "objectStorage"],
    ["Cognito", "users with a password", users * (1 - a.federatedShare), "monthlyUser"],
    ["Cognito", "users of identity providers", users * a.federatedShare, "federatedUser"],
    ["backups and copies", "documents in the other region", storedGb, "objectReplica"],
    ["backups and copies", "snapshots in two regions", (databaseGb + snapshotDays * changedGb) * 2, "vaultStorage"],
    ["backups and copies", "replicated backups", databaseGb + backupDays * changedGb, "databaseBackup"],
    ["backups and copies", "both sent to the other region", backupDays * changedGb * 2, "regionData"],
  ];
};

/** More of it in a serverless design. */
export const serverlessItems = (tenants: number, a: Assumptions): Item[] => [
  ...serverlessUseItems(useOf(tenants, a)),
  // The limit of the metrics that functions write themselves (platform/telemetry.ts).
  ["CloudWatch", "time series of our own metrics", 150, "metric"],
];
