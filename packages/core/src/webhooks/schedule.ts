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

/** Failed attempts in a row that open an endpoint's circuit: then one attempt at a time tests it. */
export const circuitFailures = 5;
/** How long no attempt is made; doubled each time that the next attempt fails too. */
export const circuitSeconds = 60;
export const circuitSecondsMax = 3_600;

/** An endpoint whose attempts all failed for this time is disabled. */
export const failingSecondsMax = 5 * 86_400;
const announcedPercents = [50, 70, 90, 100] as const;

/** The largest percentage to announce of the time until an endpoint is disabled; 0 before the first. */
export const failingPercent = (failingSince: Date, at: Date): number => {
  const percent = ((at.getTime() - failingSince.getTime()) / (failingSecondsMax * 1000)) * 100;
  return announcedPercents.findLast((one) => percent >= one) ?? 0;
};

/** Recoveries and replays reach back this far, and a delivery that has ended is deleted then. The log keeps events longer. */
export const retentionDays = 90;
/** Attempts, and the responses in them, are deleted after this time. */
export const attemptDays = 30;
