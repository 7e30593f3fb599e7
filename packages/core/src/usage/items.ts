import { prices } from "./prices.ts";

/** The services of a bill: those of the blueprint's cost sheet (B-1…B-13), and those that it lacks. */
export const services = [
  "Fargate",
  "Lambda",
  "RDS instances",
  "S3",
  "RDS storage",
  "API Gateway",
  "CloudFront",
  "network",
  "Redis",
  "CloudWatch",
  "Datadog",
  "WAF",
  "secrets and keys",
  "Cognito",
  "SQS and EventBridge",
  "RDS Proxy",
  "backups and copies",
  "Bedrock",
  "Textract",
] as const;
export type Service = (typeof services)[number];
/** USD by service. */
export type Bill = Partial<Record<Service, number>>;

export const total = (bill: Bill): number => Object.values(bill).reduce((sum, one) => sum + one, 0);

export const add = (...bills: Bill[]): Bill => {
  const sum: Bill = {};
  for (const service of services) {
    const usd = bills.reduce((whole, bill) => whole + (bill[service] ?? 0), 0);
    if (usd !== 0) sum[service] = usd;
  }
  return sum;
};

export type PriceName = keyof typeof prices;
export const usd = (name: PriceName): number => prices[name].usd;

/** A quantity of something that has a price. */
export type Item = [service: Service, what: string, quantity: number, price: PriceName];

export const itemBill = (items: readonly Item[]): Bill =>
  add(...items.map(([service, , quantity, price]) => ({ [service]: quantity * usd(price) })));

/** Of a request, what neither the model nor the ledger measures. */
export const perRequest = {
  /** CloudFront 0.6, API Gateway 0.6, the wide event at most 1.5, Lambda 0.7, flow logs 0.2. */
  logKb: 3.6,
  /** X-Ray's default. */
  tracedShare: 0.05,
  /** Through NAT: Redis, queues, models. */
  outsideKb: 4,
  /** Between zones: function, proxy and database. */
  zoneKb: 10,
} as const;

/** Of how many messages a document is the reason, and how often a new one is downloaded. */
export const perDocument = { messages: 20, downloads: 1 } as const;

/** What is used in a period: assumed by the model (stacks/load.ts), recorded by the ledger (ledger.ts). */
export type Use = {
  requests: number;
  /** Duration of requests × memory of their function. */
  requestGbSeconds: number;
  responseGb: number;
  logGb: number;
  outsideGb: number;
  zoneGb: number;
  traces: number;
  cacheCommands: number;
  documents: number;
  newGb: number;
  downloadedGb: number;
  /** Of queues and rules; without those of webhook attempts. */
  messages: number;
  /** Attempts of webhooks, each with a message for the attempt and one for its result. */
  attempts: number;
  /** Duration of messages and attempts × memory of their function. */
  messageGbSeconds: number;
  embeddingTokens: number;
  /** Pages that Textract reads. */
  ocrPages: number;
};

/** The priced items of any design. */
export const useItems = (use: Use): Item[] => [
  ["CloudFront", "requests", use.requests, "edgeRequest"],
  ["CloudFront", "responses", use.responseGb, "edgeData"],
  ["WAF", "requests", use.requests, "webAclRequest"],
  ["S3", "4 objects written for a document", use.documents * 4, "objectWrite"],
  ["S3", "4 objects read for a document", use.documents * 4, "objectRead"],
  ["S3", "documents and their copies move to Glacier Instant Retrieval", use.documents * 2, "objectTransition"],
  ["S3", "downloads of originals, directly from S3", use.downloadedGb, "internetData"],
  ["Lambda", "messages and webhook attempts", use.messageGbSeconds, "lambdaDuration"],
  ["Lambda", "runs for messages and webhook attempts", use.messages + use.attempts, "lambdaRequest"],
  ["SQS and EventBridge", "messages, 3 calls each", use.messages * 3, "sqsFifoRequest"],
  ["SQS and EventBridge", "2 messages of an attempt, 3 calls each", use.attempts * 2 * 3, "sqsRequest"],
  ["SQS and EventBridge", "10 events of a document", use.documents * 10, "event"],
  [
    "secrets and keys",
    "KMS: 10 calls for a document, 1 for an attempt",
    use.documents * 10 + use.attempts,
    "keyRequest",
  ],
  ["Bedrock", "tokens embedded", use.embeddingTokens, "embeddingToken"],
  ["Textract", "pages read", use.ocrPages, "textractPage"],
  ["CloudWatch", "logs", use.logGb, "logIngestion"],
  ["CloudWatch", "3 months of logs, compressed to 15 %", use.logGb * 3 * 0.15, "logStorage"],
  ["backups and copies", "documents replicated", use.newGb, "objectReplication"],
  ["network", "between zones", use.zoneGb, "zoneData"],
  ["network", "NAT", use.outsideGb, "natGatewayData"],
];

/** More of it in a serverless design, without Redis. */
export const serverlessUseItems = (use: Use): Item[] => [
  ["API Gateway", "requests", use.requests, "apiRequest"],
  ["Lambda", "requests", use.requests, "lambdaRequest"],
  ["Lambda", "duration of requests", use.requestGbSeconds, "lambdaDuration"],
  ["CloudWatch", "traces", use.traces, "trace"],
];

/** What the use of a serverless design with a Redis paid by command costs. */
export const useBill = (use: Use): Bill =>
  itemBill([...useItems(use), ...serverlessUseItems(use), ["Redis", "commands", use.cacheCommands, "cacheCommand"]]);
