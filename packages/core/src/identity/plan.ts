import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Meter, meters } from "../platform/meter.ts";
import { Problem } from "../platform/problems.ts";

export const plans = ["free", "team", "enterprise"] as const;
export type Plan = (typeof plans)[number];

const amount = z.int().min(0).max(1_000_000_000_000_000);
const rate = z.int().min(1).max(10_000);

/** What a tenant may have and use. The names are also those of the operator's exceptions (`app.tenant_limits`). */
export const Limits = z.object({
  /** Requests of all its keys and people together. */
  requestsPerSecond: rate,
  /** Requests that may come at once, before `requestsPerSecond` applies. */
  requestBurst: rate,
  /** Requests of one key or person; its burst is in the proportion of the tenant's. */
  callerRequestsPerSecond: rate,
  webhooks: amount,
  /** Keys that are neither revoked nor expired. */
  apiKeys: amount,
  collections: amount,
  groups: amount,
  /** Jobs that have not ended. */
  jobs: amount,
  /** Invitations that are pending, or were created within a day, since each sends a mail. */
  invitations: amount,
  /** Bytes of all versions of its documents. */
  storageBytes: amount,
  /** New documents and versions in a calendar month (UTC), as the following ones. */
  documentsPerMonth: amount,
  /** Pages that are read; a file without pages is one. */
  pagesPerMonth: amount,
  searchesPerMonth: amount,
  answersPerMonth: amount,
  /** Answers that the paid language model writes. Beyond it answers consist of the documents' sentences. */
  modelAnswersPerMonth: amount,
  /** Pages that the paid text recognition (OCR) reads. Beyond it scanned pages stay unread. */
  ocrPagesPerMonth: amount,
  /** Tokens of documents that a paid embedding service embeds. Beyond it documents fail, to be retried later. */
  embeddingTokensPerMonth: amount,
});
export type Limits = z.output<typeof Limits>;
export type Limited = keyof Limits;

/** The only place where a plan's figures are written. The operator sets other numbers for single tenants. */
export const planLimits: Record<Plan, Limits> = {
  free: {
    requestsPerSecond: 10,
    requestBurst: 20,
    callerRequestsPerSecond: 10,
    webhooks: 5,
    apiKeys: 10,
    collections: 20,
    groups: 20,
    jobs: 2,
    invitations: 10,
    storageBytes: 1024 ** 3,
    documentsPerMonth: 1_000,
    pagesPerMonth: 10_000,
    searchesPerMonth: 10_000,
    answersPerMonth: 1_000,
    modelAnswersPerMonth: 100,
    ocrPagesPerMonth: 200,
    embeddingTokensPerMonth: 5_000_000,
  },
  team: {
    requestsPerSecond: 100,
    requestBurst: 200,
    callerRequestsPerSecond: 100,
    webhooks: 100,
    apiKeys: 1_000,
    collections: 1_000,
    groups: 1_000,
    jobs: 10,
    invitations: 100,
    storageBytes: 50 * 1024 ** 3,
    documentsPerMonth: 200_000,
    pagesPerMonth: 2_000_000,
    searchesPerMonth: 10_000_000,
    answersPerMonth: 1_000_000,
    modelAnswersPerMonth: 50_000,
    ocrPagesPerMonth: 20_000,
    embeddingTokensPerMonth: 1_000_000_000,
  },
  enterprise: {
    requestsPerSecond: 500,
    requestBurst: 1_000,
    callerRequestsPerSecond: 500,
    webhooks: 1_000,
    apiKeys: 10_000,
    collections: 10_000,
    groups: 10_000,
    jobs: 50,
    invitations: 1_000,
    storageBytes: 1024 ** 4,
    documentsPerMonth: 5_000_000,
    pagesPerMonth: 50_000_000,
    searchesPerMonth: 100_000_000,
    answersPerMonth: 10_000_000,
    modelAnswersPerMonth: 1_000_000,
    ocrPagesPerMonth: 500_000,
    embeddingTokensPerMonth: 25_000_000_000,
  },
};

/** The meters with a limit for each month, and the name of the limit. */
export const monthlyLimits = {
  documents: "documentsPerMonth",
  pages: "pagesPerMonth",
  searches: "searchesPerMonth",
  answers: "answersPerMonth",
  modelAnswers: "modelAnswersPerMonth",
  ocrPages: "ocrPagesPerMonth",
  embeddingTokens: "embeddingTokensPerMonth",
} as const satisfies Partial<Record<Meter, Limited>>;
export type MonthlyMeter = keyof typeof monthlyLimits;

/** Beyond a hard monthly limit requests are refused; a soft one only warns. Paid models stop at theirs in every plan. */
const isHard: Record<Plan, boolean> = { free: true, team: true, enterprise: false };

/** What `app.allowance_of` returns of a tenant: its plan, where the operator made exceptions, and its usage of this month. */
export const Allowance = z.object({
  plan: z.enum(plans),
  exceptions: Limits.partial(),
  used: z.partialRecord(z.enum(meters), z.number()),
});
export type Allowance = z.output<typeof Allowance>;

export const limitsOf = ({ plan, exceptions }: Allowance): Limits => ({ ...planLimits[plan], ...exceptions });

/** What the tenant has left this month, at least 0, whatever follows from that. */
export const leftOf = (allowance: Allowance, meter: MonthlyMeter): number =>
  Math.max(0, limitsOf(allowance)[monthlyLimits[meter]] - (allowance.used[meter] ?? 0));

/** Has the tenant used as much of this as it may in a month, whatever follows from that? */
export const isUsedUp = (allowance: Allowance, meter: MonthlyMeter): boolean => leftOf(allowance, meter) === 0;

/** Refuses what a hard monthly limit does not leave. @throws Problem `usage-limit-reached` */
export const assertNotUsedUp = (allowance: Allowance, wanted: readonly MonthlyMeter[]): void => {
  if (!isHard[allowance.plan]) return;
  const meter = wanted.find((meter) => isUsedUp(allowance, meter));
  if (!meter) return;
  const [used, limit, resetsAt] = [allowance.used[meter], limitsOf(allowance)[monthlyLimits[meter]], nextMonth()];
  throw new Problem(
    "usage-limit-reached",
    `The tenant has used ${used} ${meter} this month, and its plan has ${limit}. The next month begins at ${resetsAt}.`,
    { meter, used, limit, resetsAt },
  );
};

/** When this month ends, in UTC. */
export const nextMonth = (): string =>
  new Date(Date.UTC(now().getUTCFullYear(), now().getUTCMonth() + 1)).toISOString();
