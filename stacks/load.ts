import { prices } from "./prices.ts";

/** Customers that the blueprint's target of 25 USD a month is for (B-16). */
export const tenants = 100;

/**
 * A month of 100 tenants with 100 users each: assumptions, since there are no customers yet. A user makes 100 requests on
 * each of 22 working days. Each tenant adds 1 GB of documents, 2,000 files of 0.5 MB, and has 10 GB in all (B-4: 1 TB).
 */
const requests = tenants * 100 * 100 * 22;
const files = tenants * 2_000;
const newGb = tenants;
const storedGb = tenants * 10;
/** The database's size, and how much of it changes in a day. Snapshots store changes (`stacks/backup.ts`: 90 days). */
const databaseGb = 250;
const changedGbPerDay = databaseGb * 0.01;
const snapshotsGb = databaseGb + 90 * changedGbPerDay;

type Item = { what: string; quantity: number; price: keyof typeof prices };

/** What 100 tenants use, item by item. */
export const load: Item[] = [
  { what: "requests at API Gateway", quantity: requests, price: "apiRequest" },
  { what: "requests at CloudFront", quantity: requests, price: "edgeRequest" },
  { what: "responses of 5 kB", quantity: requests * 5e-6, price: "edgeData" },
  { what: "requests at the firewall", quantity: requests, price: "webAclRequest" },
  { what: "invocations of the API", quantity: requests, price: "lambdaRequest" },
  { what: "60 ms of the API with 1 GB", quantity: requests * 0.06, price: "lambdaDuration" },
  { what: "logs of 1.5 kB per request", quantity: requests * 1.5e-6, price: "logIngestion" },
  { what: "5 % of the requests traced", quantity: requests * 0.05, price: "trace" },
  { what: "two commands of the cache per request", quantity: requests * 2, price: "cacheCommand" },
  { what: "5 s of the extraction with 2 GB per file", quantity: files * 5 * 2, price: "lambdaDuration" },
  { what: "5,000 tokens embedded per file", quantity: files * 5_000, price: "embeddingToken" },
  { what: "20 messages per file, three calls each", quantity: files * 20 * 3, price: "sqsFifoRequest" },
  { what: "10 events per file", quantity: files * 10, price: "event" },
  { what: "10 calls of KMS per file", quantity: files * 10, price: "keyRequest" },
  { what: "documents", quantity: storedGb, price: "objectStorage" },
  { what: "documents in the other region", quantity: storedGb, price: "objectReplica" },
  { what: "documents replicated", quantity: newGb, price: "objectReplication" },
  { what: "through NAT", quantity: newGb, price: "natGatewayData" },
  { what: "snapshots in two regions", quantity: snapshotsGb * 2, price: "vaultStorage" },
  { what: "replicated backups", quantity: databaseGb + 30 * changedGbPerDay, price: "databaseBackup" },
];

export const loadCost = (): number =>
  load.reduce((total, { quantity, price }) => total + quantity * prices[price].usd, 0);
