import { expect, test } from "vitest";
import { cronPattern, startSchedules } from "./scheduler.ts";

test("an AWS cron expression of six fields becomes one of five, with weekdays counted from Sunday = 0", () => {
  expect(cronPattern("cron(15 2 * * ? *)")).toBe("15 2 * * *");
  expect(cronPattern("cron(0 4 ? * 1 *)")).toBe("0 4 * * 0");
  expect(() => cronPattern("cron(15 2 * * *)")).toThrow("not a schedule expression");
});

test("schedules with runAtStart run at once, and a failing run does not stop the scheduler", async () => {
  const events: unknown[] = [];
  const errors: string[] = [];
  const schedules = startSchedules({
    schedules: {
      fresh: { expression: "rate(1 minute)", target: "sweep", runAtStart: true },
      patient: { expression: "rate(1 hour)", target: "relay", runAtStart: false },
    },
    invoke: async (name, event) => {
      events.push([name, event]);
      throw new Error("no");
    },
    onError: (name) => errors.push(name),
  });
  await expect.poll(() => errors.length === 1, { timeout: 10_000, interval: 20 }).toBe(true);
  schedules.stop();
  expect([events, errors]).toEqual([[["sweep", {}]], ["fresh"]]);
});

test("a schedule whose function still runs is not started a second time, and goes on afterwards", async () => {
  const ended: (() => void)[] = [];
  const schedules = startSchedules({
    schedules: { slow: { expression: "rate(1 minute)", target: "sweep", runAtStart: true } },
    invoke: () => new Promise<void>((resolve) => ended.push(resolve)),
    onError: () => {},
  });
  expect(ended).toHaveLength(1);
  schedules.run("slow");
  expect(ended).toHaveLength(1);
  ended[0]!();
  await new Promise((done) => setTimeout(done, 10));
  schedules.run("slow");
  expect(ended).toHaveLength(2);
  schedules.stop();
});
