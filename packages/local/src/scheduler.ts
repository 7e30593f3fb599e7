import { type FunctionName, type ScheduleSpec, schedules as topologySchedules } from "@resolve/functions/topology";
import { Cron } from "croner";

/** EventBridge Scheduler: invokes each schedule's function, never twice at the same time. */
export function startSchedules(options: {
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  onError: (schedule: string, error: unknown) => void;
  schedules?: Record<string, ScheduleSpec>;
}) {
  const timers: { stop(): void }[] = [];
  const runs = new Map<string, () => Promise<void>>();
  for (const [name, schedule] of Object.entries(options.schedules ?? topologySchedules)) {
    let isRunning = false;
    const run = async () => {
      if (isRunning) return;
      isRunning = true;
      await options.invoke(schedule.target, {}).catch((error) => options.onError(name, error));
      isRunning = false;
    };
    runs.set(name, run);
    const seconds = rateSeconds(schedule.expression);
    if (seconds === undefined)
      timers.push(new Cron(cronPattern(schedule.expression), { timezone: "UTC", unref: true }, run));
    else {
      const timer = setInterval(run, seconds * 1000);
      timers.push({ stop: () => clearInterval(timer) });
    }
    if (schedule.runAtStart) void run();
  }
  return {
    /** Runs a schedule now, unless it runs already. */
    run: (name: string): void => void runs.get(name)?.(),
    stop: () => {
      for (const timer of timers) timer.stop();
    },
  };
}

const unitSeconds: Record<string, number> = { minute: 60, hour: 3_600, day: 86_400 };

const rateSeconds = (expression: string): number | undefined => {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count ? Number(count) * (unitSeconds[unit] ?? 0) : undefined;
};

/** Converts AWS's cron format: six fields, the last a year, `?` for "any", and weekdays that count from 1 = Sunday. */
export const cronPattern = (expression: string): string => {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(" ");
  if (fields?.length !== 6) throw new Error(`${expression} is not a schedule expression`);
  const [minute, hour, day, month, weekday = "*"] = fields.map((field) => (field === "?" ? "*" : field));
  return `${minute} ${hour} ${day} ${month} ${weekday.replace(/\d+/g, (number) => String(Number(number) - 1))}`;
};
