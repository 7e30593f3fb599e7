export type Region = "us-east-1" | "us-west-2";

/** SST's names of the spans that logs are kept for. */
export const retentionDays = { "1 week": 7, "1 month": 30, "3 months": 90, "1 year": 365 } as const;

/** SAML by its metadata, or OpenID Connect, whose client's secret is `<name>ClientSecret`. */
export type IdentityProvider = { metadataUrl: string } | { issuer: string; clientId: string };

/** Every size that differs by stage. Nothing else looks at a stage's name. */
export type Stage = {
  /** Where it runs (N-10). */
  region: Region;
  /** Where copies are kept of which it can be made again when its own region is lost. */
  recoveryRegion?: Region;
  /** The stage whose copies it is made of. */
  recovers?: string;
  /** The first half of its addresses: networks of two regions can be joined. */
  addresses: "10.0" | "10.1";
  /** Kept and protected when `sst remove` is typed: it holds customers' data. */
  permanent: boolean;
  logRetention: keyof typeof retentionDays;
  /** Requests of the whole API before API Gateway answers 429; tenants have limits of their own. */
  throttle: { requestsPerSecond: number; burst: number };
  /** Days that the bus keeps events for a replay. */
  eventArchiveDays: number;
  /** Invocations the topology's consumers may have, as a share of its figures. */
  concurrencyShare: number;
  /** One a zone, or one for all: cache and embedders are on the internet. */
  natGateways: 2 | 1;
  /** Instances of the API that are started before anybody asks, about 9 USD a month each (its price list, us-east-1). */
  warmInstances: number;
  database: {
    instanceClass: string;
    /** What it starts with and what it may grow to; below 400 GB RDS fixes the IOPS of gp3. */
    storageGb: number;
    storageGbMax: number;
    iops?: number;
    multiAz: boolean;
    /** Days that RDS can go back to any second of. */
    backupDays: number;
    /** The proxy takes 90 % of them; `database.test.ts` adds up who needs how many (F-9). */
    maxConnections: number;
    /** A second instance that follows the first (D-18). Nothing reads from it yet. */
    readReplica: boolean;
  };
  /** Upstash's Redis, whose address and token are secrets, or ElastiCache on two nodes of this type. */
  cache: "upstash" | `cache.${string}`;
  /** Mail to users comes from this domain, whose Route 53 zone is in the account; else from Cognito, 50 a day. */
  mailDomain?: string;
  /** Cognito looks for stolen passwords and takeovers, about 0.02 USD a user and month (its price list, us-east-1). */
  threatProtection: boolean;
  /** Tenants that sign in at a provider of their own (docs/sign-in.md). */
  identityProviders: Record<string, IdentityProvider>;
  /** Containers of the vector worker. */
  tasks: { min: number; max: number };
  /** What embeds, for new tenants and for those who change over: Titan Text Embeddings V2, or a model of 512 dimensions. The built-in one does without. */
  embedding?: Model;
  /** A language model that writes answers. Without one they are the documents' own sentences. */
  answering?: Model;
  /** Keeps invocations for functions that ask for them, which also bounds them; a new AWS account has only ten in all. */
  reserveConcurrency: boolean;
  /** CloudFront, WAF and the console in front of the API. Without it callers go to API Gateway itself. */
  edge?: Edge;
  /** What a month may cost before somebody is told (B-16: 25 USD a tenant). */
  budgetUsd: number;
  /** Monitors at Datadog beside CloudWatch's alarms; its keys are secrets. */
  datadog?: { site: string };
  /** Text in scans and pictures by Amazon Textract, about 1.50 USD for 1,000 pages (its price list, us-east-1). */
  ocr: boolean;
};

/** A model of Bedrock, offered on demand in the region, or of a service like OpenAI's, whose key is a secret. */
export type Model = { provider: "bedrock"; model: string } | { provider: "openai"; baseUrl: string; model: string };

/** CloudFront takes certificates, firewalls and log deliveries from this region only. */
export const edgeRegion = "us-east-1";

export type Edge = {
  /** Name of the console and the API. Its Route 53 zone must be in the account; without one CloudFront's own name serves. */
  domain?: string;
  /** A new rule counts what it would have refused until nobody in the right is among it. */
  waf: Record<"rate" | "geo" | "sqli" | "xss", "block" | "count">;
  /** Generations of the value CloudFront sends: a rotation first deploys a newer one, then sends it (docs/infrastructure.md). */
  originVerify: { newest: number; sent: number };
};

const production: Stage = {
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  addresses: "10.0",
  permanent: true,
  logRetention: "3 months",
  // 10,000 users at one request in ten seconds, with twice that as headroom (F-45).
  throttle: { requestsPerSecond: 2_000, burst: 4_000 },
  eventArchiveDays: 30,
  concurrencyShare: 1,
  natGateways: 2,
  warmInstances: 5,
  database: {
    instanceClass: "db.r6g.2xlarge",
    storageGb: 500,
    storageGbMax: 2_000,
    iops: 12_000,
    multiAz: true,
    backupDays: 30,
    maxConnections: 500,
    readReplica: false,
  },
  cache: "upstash",
  threatProtection: false,
  identityProviders: {},
  tasks: { min: 3, max: 20 },
  embedding: { provider: "bedrock", model: "amazon.titan-embed-text-v2:0" },
  reserveConcurrency: true,
  edge: {
    waf: { rate: "block", geo: "block", sqli: "block", xss: "block" },
    originVerify: { newest: 1, sent: 1 },
  },
  budgetUsd: 2_500,
  ocr: false,
};

const lean: Stage = {
  ...production,
  logRetention: "1 month",
  concurrencyShare: 0.5,
  natGateways: 1,
  warmInstances: 0,
  database: { ...production.database, instanceClass: "db.r6g.xlarge", storageGb: 400, maxConnections: 300 },
  tasks: { min: 0, max: 20 },
  budgetUsd: 1_500,
};

/** The same in the other region, deployed on the day that its own is lost (docs/recovery.md). */
const recovered = (recovers: string, stage: Stage): Stage => ({
  ...stage,
  region: "us-west-2",
  addresses: "10.1",
  recoveryRegion: undefined,
  recovers,
});

const stages: Record<string, Stage> = {
  production,
  "production-west": recovered("production", production),
  "production-lean": lean,
  "production-lean-west": recovered("production-lean", lean),
  staging: {
    ...production,
    recoveryRegion: undefined,
    permanent: false,
    logRetention: "1 month",
    throttle: { requestsPerSecond: 500, burst: 1_000 },
    eventArchiveDays: 7,
    concurrencyShare: 0.5,
    natGateways: 1,
    warmInstances: 0,
    database: {
      instanceClass: "db.t4g.large",
      storageGb: 100,
      storageGbMax: 500,
      multiAz: false,
      backupDays: 7,
      maxConnections: 250,
      readReplica: false,
    },
    tasks: { min: 0, max: 5 },
    budgetUsd: 500,
  },
};

/** Any other name is a developer's own stage. */
const developer: Stage = {
  region: "us-east-1",
  addresses: "10.0",
  permanent: false,
  logRetention: "1 week",
  throttle: { requestsPerSecond: 50, burst: 100 },
  eventArchiveDays: 1,
  concurrencyShare: 0.1,
  natGateways: 1,
  warmInstances: 0,
  database: {
    instanceClass: "db.t4g.small",
    storageGb: 20,
    storageGbMax: 100,
    multiAz: false,
    backupDays: 1,
    maxConnections: 100,
    readReplica: false,
  },
  cache: "upstash",
  threatProtection: false,
  identityProviders: {},
  tasks: { min: 0, max: 1 },
  reserveConcurrency: false,
  budgetUsd: 100,
  ocr: false,
};

/** The name is part of RDS names, which have neither capitals nor double hyphens, and of a backup vault's, of 50 characters. */
const stageName = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const stageNameLengthMax = 32;

/** SST itself takes capitals and any hyphens. @throws Error */
export const assertStageName = (name: string): void => {
  if (stageName.test(name) && name.length <= stageNameLengthMax) return;
  throw new Error(
    `The stage name "${name}" is not possible: use at most ${stageNameLengthMax} lower-case letters, digits and single hyphens, such as "ada" or "pr-12".`,
  );
};

export const stageOf = (name: string): Stage => stages[name] ?? developer;
