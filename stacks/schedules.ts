/// <reference path="../.sst/platform/config.d.ts" />
import { schedules } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import type { Functions } from "./parts.ts";
import type { Stage } from "./stage.ts";

/** No retries: each run finds all waiting work, and the next run comes on schedule. */
export const createSchedules = (functions: Functions, { polling, retentionMonths, standby }: Stage): void => {
  const events: Record<string, object> = {
    relay: { pollSeconds: polling.relaySeconds },
    sweep: { sweepsPerMinute: polling.sweepsPerMinute },
    "maintain-partitions": { retentionMonths },
  };
  for (const [name, spec] of Object.entries(schedules)) {
    const target = functions[spec.target];
    new sst.aws.CronV2(`${pascal(name)}Schedule`, {
      schedule: spec.expression,
      function: target.arn,
      retries: 0,
      event: events[name] ?? {},
      enabled: !standby,
    });
    new aws.lambda.FunctionEventInvokeConfig(`${pascal(name)}ScheduleRetries`, {
      functionName: target.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
  }
};
