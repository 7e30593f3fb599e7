/** P-1: 99.95 % of requests succeed. P-2: 95 % of them take at most 200 ms. Alarms and the operator's view use these. */
export const objectives = {
  availability: { bad: "failed", target: 0.9995 },
  latency: { bad: "slow", target: 0.95 },
} as const;
export const slowMs = 200;

/** Of `deliver-webhook`, which reaches no database: what it costs is recorded with its results. */
export const senderMemoryMb = 256;
