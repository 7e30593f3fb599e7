/// <reference path="../.sst/platform/config.d.ts" />

import schemas from "../packages/functions/src/event-schemas.gen.json" with { type: "json" };
import { pascal } from "./names.ts";
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
  if (stage.permanent) publishSchemas();
  const link = new sst.Linkable("Bus", { properties: { name: bus.name } });
  return { bus, link };
};

/** The schemas of all events in EventBridge's registry. They use nothing that draft 4 lacks, apart from `const`. */
const publishSchemas = (): void => {
  const registry = new aws.schemas.Registry("EventSchemas", { name: `resolve-${$app.stage}` });
  for (const [type, detail] of Object.entries(schemas)) {
    const content = {
      $schema: "http://json-schema.org/draft-04/schema#",
      title: type,
      type: "object",
      properties: { source: { type: "string" }, "detail-type": { const: type }, detail },
      required: ["source", "detail-type", "detail"],
    };
    new aws.schemas.Schema(`EventSchema${pascal(type.replaceAll(/[._]/g, "-"))}`, {
      name: type,
      registryName: registry.name,
      type: "JSONSchemaDraft4",
      content: JSON.stringify(content, (_, value) => (value?.const === undefined ? value : { enum: [value.const] })),
    });
  }
};
