import { retentionMonths } from "../packages/functions/src/topology.ts";

export type Region = "us-east-1" | "us-west-2";

/** SST's names of log retention periods, in days. */
export const retentionDays = { "1 week": 7, "1 month": 30, "3 months": 90, "1 year": 365 } as const;

/** Of one tenant: SAML by its metadata URL, or OpenID Connect, whose client secret is the secret `<name>ClientSecret`. */
export type IdentityProvider = { tenantId: string } & ({ metadataUrl: string } | { issuer: string; clientId: string });

/** Everything that differs between stages. No other file looks at a stage's name. */
export type Stage = {
  /** The region (N-10). */
  region: Region;
  /** The region that keeps the copies for a recovery. */
  recoveryRegion?: Region;
  /** The name of the stage that this one recovers from its copies. */
  recovers?: string;
  /**
   * A recovering stage that waits: everything that needs a control plane in us-east-1 exists, and database, NAT and traffic
   * do not (docs/recovery.md).
   */
  standby: boolean;
  /** The first half of the VPC's addresses; two regions need different ones so that their networks can be peered. */
  addresses: "10.0" | "10.1";
  /** Protected against `sst remove`, because the stage holds customers' data. */
  permanent: boolean;
  logRetention: keyof typeof retentionDays;
  /** Requests of the whole API above which API Gateway responds 429. Tenants have their own limits. */
  throttle: { requestsPerSecond: number; burst: number };
  /** Days that the event archive keeps events for a replay. */
  eventArchiveDays: number;
  /** Months that the database keeps events and audit entries. */
  retentionMonths: typeof retentionMonths;
  /** The share of the topology's concurrency limits that this stage uses. */
  concurrencyShare: number;
  /**
   * Gateways: two, one per zone, or one for both zones. Or an EC2 instance of this type, for a fifth of the price and
   * without a second one that takes over. Cache and embedding services are on the internet.
   */
  nat: { gateways: 2 | 1 } | { instance: string };
  /**
   * Webhooks and downloads leave by the addresses of the NAT gateways, which customers may allow-list, instead of any of
   * AWS's. NAT gateways bill 0.045 USD per GB (price list, us-east-1). A NAT instance has no fixed address.
   */
  fixedEgress: boolean;
  /** Provisioned concurrency of the API, about 9 USD a month per instance (price list, us-east-1). */
  warmInstances: number;
  database: {
    instanceClass: string;
    /** The initial size and the limit of autoscaling. Below 400 GB, RDS fixes the IOPS of gp3. */
    storageGb: number;
    storageGbMax: number;
    iops?: number;
    multiAz: boolean;
    /** Days within which RDS can restore any second. */
    backupDays: number;
    /** RDS Proxy uses 90 % of them; `database.test.ts` adds up the demand (F-9). */
    maxConnections: number;
    /**
     * RDS Proxy between functions and database. Without it each instance of a function has a connection of its own, so
     * more than `maxConnections` at once are refused.
     */
    proxy: boolean;
    /** A read replica, from which the API reads for searches and answers (D-18). */
    readReplica: boolean;
  };
  /** Upstash Redis, whose address and token are secrets, or ElastiCache with two nodes of this type. */
  cache: "upstash" | `cache.${string}`;
  /**
   * Seconds for which the result of a search is kept for an equal one. It pays where a quarter of the questions come again
   * within them (decision 62). Without it, no result is kept.
   */
  searchResultsSeconds?: number;
  /**
   * Sender domain of mail to users; its Route 53 zone must be in the account. By default Cognito sends at most 50 mails
   * a day from its own domain.
   */
  mailDomain?: string;
  /**
   * Cognito checks for compromised passwords and account takeover, about 0.02 USD per user and month (price list,
   * us-east-1).
   */
  threatProtection: boolean;
  /** Identity providers of single tenants (docs/sign-in.md). They need `edge.domain`, to which they return. */
  identityProviders: Record<string, IdentityProvider>;
  /** Number of vector workers. */
  tasks: { min: number; max: number };
  /**
   * The embedding model for new tenants and for tenants that change to it: Titan Text Embeddings V2, or a model with
   * 512 dimensions. By default the built-in model.
   */
  embedding?: Model;
  /** A language model that writes answers. Without one, answers are sentences of the documents. */
  answering?: Model;
  /**
   * Reserves concurrency for the functions that ask for it. A new AWS account has only ten concurrent executions in
   * all.
   */
  reserveConcurrency: boolean;
  /** CloudFront, WAF and the console in front of the API. Without it, clients call API Gateway directly. */
  edge?: Edge;
  /**
   * The relay is the second way out of the outbox: functions send their own rows after the commit, and the relay those
   * of a function that died. It polls for this many seconds of each minute, or looks once a minute with 0. The sweep
   * runs once or twice a minute.
   */
  polling: { relaySeconds: number; sweepsPerMinute: 1 | 2 };
  /** Every alarm and a dashboard, or only the alarms that roll a release back. */
  alarms: "all" | "release";
  /** Monthly costs above which the operator is notified (B-16: 25 USD a tenant). */
  budgetUsd: number;
  /**
   * Datadog monitors in addition to CloudWatch's alarms; the API keys are secrets. `role` is the name of the role of Datadog's
   * integration with the account, which may then read X-Ray's traces (docs/observability.md).
   */
  datadog?: { site: string; role?: string };
  /** Amazon Textract reads scans and images, about 1.50 USD per 1,000 pages (price list, us-east-1). */
  ocr: boolean;
};

/** A model of Bedrock, on demand in the stage's region, or of a service with OpenAI's API, whose key is a secret. */
export type Model = { provider: "bedrock"; model: string } | { provider: "openai"; baseUrl: string; model: string };

/** CloudFront accepts certificates, web ACLs and log deliveries from this region only. */
export const edgeRegion = "us-east-1";

export type Edge = {
  /**
   * Domain of console and API; its Route 53 zone must be in the account. By default CloudFront's own domain is used.
   */
  domain?: string;
  /** Set a new rule to "count" until its log shows no legitimate requests. */
  waf: Record<"rate" | "geo" | "sqli" | "xss", "block" | "count">;
  /**
   * Generations of the X-Origin-Verify value: a rotation first deploys a newer one, then sends it
   * (docs/infrastructure.md).
   */
  originVerify: { newest: number; sent: number };
};

const production: Stage = {
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  standby: false,
  addresses: "10.0",
  permanent: true,
  logRetention: "3 months",
  // 10,000 users with one request per ten seconds each, times two (F-45).
  throttle: { requestsPerSecond: 2_000, burst: 4_000 },
  eventArchiveDays: 30,
  retentionMonths,
  concurrencyShare: 1,
  nat: { gateways: 2 },
  fixedEgress: false,
  warmInstances: 5,
  database: {
    instanceClass: "db.r6g.2xlarge",
    storageGb: 500,
    storageGbMax: 2_000,
    iops: 12_000,
    multiAz: true,
    backupDays: 30,
    maxConnections: 500,
    proxy: true,
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
  polling: { relaySeconds: 55, sweepsPerMinute: 2 },
  alarms: "all",
  budgetUsd: 2_500,
  ocr: false,
};

const lean: Stage = {
  ...production,
  logRetention: "1 month",
  concurrencyShare: 0.5,
  nat: { gateways: 1 },
  warmInstances: 0,
  database: { ...production.database, instanceClass: "db.m6g.xlarge", storageGb: 400, maxConnections: 300 },
  tasks: { min: 0, max: 20 },
  polling: { relaySeconds: 0, sweepsPerMinute: 1 },
  budgetUsd: 1_000,
};

/**
 * The same stage in the other region. It is deployed as a standby together with the first one; when the first region is
 * lost, `standby: false` and a deployment restore the database (docs/recovery.md).
 */
const recovered = (recovers: string, stage: Stage): Stage => ({
  ...stage,
  region: "us-west-2",
  addresses: "10.1",
  recoveryRegion: undefined,
  recovers,
  standby: true,
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
    nat: { gateways: 1 },
    warmInstances: 0,
    database: {
      instanceClass: "db.t4g.large",
      storageGb: 100,
      storageGbMax: 500,
      multiAz: false,
      backupDays: 7,
      maxConnections: 250,
      proxy: true,
      readReplica: false,
    },
    tasks: { min: 0, max: 5 },
    budgetUsd: 500,
  },
};

/** Under sst dev the database is the developer's, and neither NAT nor proxy exists (docs/sst-dev.md). */
export const budgetUnderDevUsd = 25;

/** Every other stage name is a developer's stage. */
const developer: Stage = {
  region: "us-east-1",
  standby: false,
  addresses: "10.0",
  permanent: false,
  logRetention: "1 week",
  throttle: { requestsPerSecond: 50, burst: 100 },
  eventArchiveDays: 1,
  retentionMonths: { events: 3, audit_log: 13 },
  concurrencyShare: 0.1,
  nat: { instance: "t4g.nano" },
  fixedEgress: false,
  warmInstances: 0,
  database: {
    instanceClass: "db.t4g.small",
    storageGb: 20,
    storageGbMax: 100,
    multiAz: false,
    backupDays: 1,
    maxConnections: 100,
    proxy: false,
    readReplica: false,
  },
  cache: "upstash",
  threatProtection: false,
  identityProviders: {},
  tasks: { min: 0, max: 1 },
  reserveConcurrency: false,
  polling: { relaySeconds: 0, sweepsPerMinute: 1 },
  alarms: "release",
  budgetUsd: 60,
  ocr: false,
};

/**
 * The stage name is part of RDS names (no capitals, no double hyphens), of a backup vault's name (50 characters), and of a
 * sign-in domain, in which Cognito refuses three words.
 */
const stageName = /^(?!.*(aws|amazon|cognito))[a-z0-9]+(-[a-z0-9]+)*$/;
const stageNameLengthMax = 32;

/** SST itself accepts capitals and any hyphens. @throws Error */
export const assertStageName = (name: string): void => {
  if (stageName.test(name) && name.length <= stageNameLengthMax) return;
  throw new Error(
    `The stage name "${name}" is not valid: use at most ${stageNameLengthMax} lower-case letters, digits and single hyphens, such as "ada" or "pr-12", without "aws", "amazon" and "cognito".`,
  );
};

export const stageOf = (name: string): Stage => {
  const stage = stages[name] ?? developer;
  // A standby has no traffic.
  return stage.standby ? { ...stage, warmInstances: 0, tasks: { ...stage.tasks, min: 0 } } : stage;
};
