/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Bus = ReturnType<typeof createBus>;

/** The bus of domain events, with an archive from which they can be replayed. */
export const createBus = (stage: Stage) => {
  const bus = new sst.aws.Bus("EventBus");
  new aws.cloudwatch.EventArchive("EventArchive", {
    name: `resolve-${$app.stage}`.slice(0, 48),
    eventSourceArn: bus.arn,
    retentionDays: stage.eventArchiveDays,
  });
  const link = new sst.Linkable("Bus", { properties: { name: bus.name } });
  return { bus, link };
};
