import { expect, test } from "vitest";
import { retryDelaySeconds } from "./schedule.ts";

test("retries wait from 5 s up to 48 h, vary by a fifth, and respect Retry-After", async () => {
  const waits = Array.from({ length: 10 }, (_, n) => retryDelaySeconds(n + 1, null, () => 0.5));
  expect(waits).toEqual([5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400, 172_800, undefined]);
  expect([retryDelaySeconds(3, null, () => 0), retryDelaySeconds(3, null, () => 1)]).toEqual([96, 144]);
  expect([retryDelaySeconds(1, 90, () => 0.5), retryDelaySeconds(1, 999_999, () => 0.5)]).toEqual([90, 86_400]);
});
