/** Seconds before attempt 2, 3, …: 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 8 h, 24 h, 48 h. */
const backoffSeconds = [5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400, 172_800];
const retryAfterMax = 86_400;
/** Attempts of one delivery. */
export const attemptsMax = backoffSeconds.length + 1;

/** Seconds to wait after this attempt, ±20 %, at least the endpoint's Retry-After; undefined after the last one. */
export const retryDelaySeconds = (
  attempt: number,
  retryAfterSeconds: number | null,
  random = Math.random,
): number | undefined => {
  const base = backoffSeconds[attempt - 1];
  if (base === undefined) return undefined;
  const spread = Math.round(base * (0.8 + random() * 0.4));
  return Math.max(spread, Math.min(retryAfterSeconds ?? 0, retryAfterMax));
};
