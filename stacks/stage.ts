/** Every size that differs by stage. Nothing else looks at a stage's name. */
export type Stage = {
  /** Kept and protected when `sst remove` is typed: it holds customers' data. */
  permanent: boolean;
  logRetention: "1 week" | "1 month" | "3 months" | "1 year";
  /** Requests of the whole API before API Gateway answers 429; tenants have limits of their own. */
  throttle: { requestsPerSecond: number; burst: number };
  /** Days that the bus keeps events for a replay. */
  eventArchiveDays: number;
  /** Invocations the topology's consumers may have, as a share of its figures. */
  concurrencyShare: number;
  /** One a zone, one for all, or none: then tasks have public addresses, and nothing else of ours needs the internet. */
  natGateways: 2 | 1 | 0;
  /** Containers of the vector worker. */
  tasks: { min: number; max: number };
  /** A service that embeds as OpenAI's does, for new tenants and for those who change over; its key is a secret. */
  embedding?: { baseUrl: string; model: string };
  /** Keeps invocations for functions that ask for them; a new AWS account has only ten in all. */
  reserveConcurrency: boolean;
  /** Text in scans and pictures by Amazon Textract, about 1.50 USD for 1,000 pages (its price list, us-east-1). */
  ocr: boolean;
};

const production: Stage = {
  permanent: true,
  logRetention: "3 months",
  // 10,000 users at one request in ten seconds, with twice that as headroom (F-45).
  throttle: { requestsPerSecond: 2_000, burst: 4_000 },
  eventArchiveDays: 30,
  concurrencyShare: 1,
  natGateways: 2,
  tasks: { min: 3, max: 20 },
  reserveConcurrency: true,
  ocr: false,
};

const stages: Record<string, Stage> = {
  production,
  "production-lean": {
    ...production,
    logRetention: "1 month",
    concurrencyShare: 0.5,
    natGateways: 1,
    tasks: { min: 0, max: 20 },
  },
  staging: {
    ...production,
    permanent: false,
    logRetention: "1 month",
    throttle: { requestsPerSecond: 500, burst: 1_000 },
    eventArchiveDays: 7,
    concurrencyShare: 0.5,
    natGateways: 1,
    tasks: { min: 0, max: 5 },
  },
};

/** Any other name is a developer's own stage. */
const developer: Stage = {
  permanent: false,
  logRetention: "1 week",
  throttle: { requestsPerSecond: 50, burst: 100 },
  eventArchiveDays: 1,
  concurrencyShare: 0.1,
  natGateways: 0,
  tasks: { min: 0, max: 1 },
  reserveConcurrency: false,
  ocr: false,
};

export const stageOf = (name: string): Stage => stages[name] ?? developer;
