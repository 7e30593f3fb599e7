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

/** What requests and messages cost (ledger.ts): whole microseconds, MB × ms as Lambda bills them, bytes, calls, tokens. */
export const figures = [
  "count",
  "cpuMicros",
  "databaseMicros",
  "mbMs",
  "attempts",
  "responseBytes",
  "cacheCalls",
  "modelCalls",
  "embeddingTokens",
  "answerTokens",
] as const;
export type Figure = (typeof figures)[number];
export type Figures = Partial<Record<Figure, number>>;
/**
 * Those of requests are counted in Redis, those of messages in a statement at their end: a meter is counted in one of these ways only.
 * The dot distinguishes them in SQL; they have no limit.
 */
export const costKinds = ["request", "message"] as const;
export type CostMeter = `${(typeof costKinds)[number]}.${Figure}`;
export const costMeters = costKinds.flatMap((kind) => figures.map((figure): CostMeter => `${kind}.${figure}`));
export type Amounts = Partial<Record<Meter, number>>;
