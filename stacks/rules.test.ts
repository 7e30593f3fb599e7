import { describe, expect, it } from "vitest";
import schemas from "../packages/functions/src/event-schemas.gen.json" with { type: "json" };
import { rules, schedules } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("events", () => {
  it.each(Object.entries(rules))(
    "F-53 %s invokes its function, and failed events go to its dead-letter queue",
    (name, spec) => {
      const target = production.one("cloudwatch/eventTarget:EventTarget", `${pascal(name)}Target`);
      const retries = production.one(
        "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        `${pascal(name)}Retries`,
      );
      const dead = production.one("sqs/queue:Queue", `${pascal(name)}DlqQueue`);
      expect(target["arn"]).toContain(`${pascal(spec.target)}Function`);
      expect(target["deadLetterConfig"].arn).toContain(dead["name"]);
      expect(retries["destinationConfig"].onFailure.destination).toContain(dead["name"]);
      expect(retries["maximumRetryAttempts"]).toBe(spec.maximumRetryAttempts);
      const pattern = JSON.parse(
        production.one("cloudwatch/eventRule:EventRule", `${pascal(name)}Rule`)["eventPattern"],
      );
      expect(pattern).toMatchObject(spec.pattern);
    },
  );

  it("a permanent stage publishes the schema of each event type in EventBridge's registry", () => {
    const published = [...production.all("schemas/schema:Schema").values()];
    expect(published.map(({ name }) => name).sort()).toEqual(Object.keys(schemas).sort());
    for (const { name, type, content } of published) {
      const { title, properties } = JSON.parse(content);
      expect([type, name]).toEqual(["JSONSchemaDraft4", title]);
      expect(properties["detail-type"]).toEqual({ enum: [name] });
      expect(content).not.toContain('"const"');
    }
    expect(evaluated("developer").all("schemas/registry:Registry").size).toBe(0);
  });

  it("G-6 I-1 the upload rule matches events of our bucket only", () => {
    const bucket = production.one("s3/bucket:Bucket", "DocumentsBucketBucket")["bucket"];
    const rule = production.one("cloudwatch/eventRule:EventRule", "UploadStoredRule");
    expect(JSON.parse(rule["eventPattern"]).detail.bucket.name).toEqual([bucket]);
    expect(production.one("s3/bucketNotification:BucketNotification", "DocumentsEvents")["eventbridge"]).toBe(true);
  });

  it("no function has two asynchronous retry policies", () => {
    const names = [...production.all("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").values()].map(
      (config) => config["functionName"],
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(Object.entries(schedules))("%s has the schedule and the function of the topology", (name, spec) => {
    const schedule = production.one("scheduler/schedule:Schedule", `${pascal(name)}ScheduleSchedule`);
    expect(schedule["scheduleExpression"]).toBe(spec.expression);
    expect(schedule["target"].arn).toContain(`${pascal(spec.target)}Function`);
  });
});
