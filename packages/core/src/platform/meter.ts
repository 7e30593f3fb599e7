/**
 * What is counted of each tenant. Requests, searches and answers are counted in Redis and taken over from there
 * (usage/collect.ts); the others are counted in the transaction of what they count.
 */
export const meters = [
  "requests",
  "searches",
  "answers",
  "documents",
  "bytes",
  "pages",
  "chunks",
  "deliveries",
  "modelAnswers",
  "ocrPages",
  "embeddingTokens",
] as const;
export type Meter = (typeof meters)[number];
/** Of the operator's view, counted as the requests are: answered with 5xx, and slower than the objective. */
export const serviceMeters = ["failed", "slow"] as const;
export type ServiceMeter = (typeof serviceMeters)[number];
export type Amounts = Partial<Record<Meter, number>>;
