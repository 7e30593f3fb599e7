import { describe, expect, it } from "vitest";
import { type EvaluatedName, evaluated, type Inputs, variants, withResources } from "./testing/evaluation.ts";
import { limitProblems } from "./testing/limits.ts";

const production = evaluated("production");

/** Production after a change of one resource. */
const after = (type: string, name: string, change: (inputs: Inputs) => void) => {
  const resources = structuredClone(production.resources);
  change(resources.find((one) => one.name === name && one.type === `aws:${type}`)!.inputs);
  return withResources(resources);
};

describe("combinations", () => {
  it.each(Object.keys(variants) as EvaluatedName[])("AWS accepts those of %s", (name) => {
    expect(limitProblems(evaluated(name))).toEqual([]);
  });

  const schedule = (expression: string) => (one: Inputs) => (one["scheduleExpression"] = expression);
  const statements = Array.from({ length: 200 }, (_, n) => `arn:aws:s3:::a-bucket-with-a-long-name/${n}/and-a-prefix`);
  const refused: [what: string, type: string, name: string, change: (inputs: Inputs) => void][] = [
    ["IOPS of a small disk", "rds/instance:Instance", "Database", (one) => (one["allocatedStorage"] = 399)],
    [
      "a FIFO queue's other dead letters",
      "sqs/queue:Queue",
      "DocumentProcessingQueueQueue",
      (one) => delete one["fifoQueue"],
    ],
    [
      "a batching window of a FIFO queue",
      "lambda/eventSourceMapping:EventSourceMapping",
      [...production.all("lambda/eventSourceMapping:EventSourceMapping")].find(([, one]) =>
        one["eventSourceArn"].endsWith(".fifo"),
      )![0],
      (one) => (one["maximumBatchingWindowInSeconds"] = 5),
    ],
    [
      "a variable of Lambda's own",
      "lambda/function:Function",
      "ApiFunction",
      (one) => (one["environment"].variables.AWS_REGION = "us-east-1"),
    ],
    [
      "more variables than fit",
      "lambda/function:Function",
      "ApiFunction",
      (one) => (one["environment"].variables.MORE = "x".repeat(4_100)),
    ],
    [
      "a long policy",
      "iam/role:Role",
      "SweepRole",
      (one) => one["inlinePolicies"].push({ name: "more", policy: JSON.stringify(statements) }),
    ],
    ["cron with two days", "scheduler/schedule:Schedule", "SweepScheduleSchedule", schedule("cron(45 3 * * * *)")],
    ["a rate of 1 minutes", "scheduler/schedule:Schedule", "SweepScheduleSchedule", schedule("rate(1 minutes)")],
    [
      "an alarm over ten days",
      "cloudwatch/metricAlarm:MetricAlarm",
      "SearchRecall",
      (one) => (one["evaluationPeriods"] = 20_000),
    ],
    ["a key that nobody administers", "kms/key:Key", "AlarmsKey", (one) => (one["policy"] = '{"Statement":[]}')],
    [
      "a task with little memory",
      "ecs/taskDefinition:TaskDefinition",
      "VectorWorkerTask",
      (one) => (one["memory"] = "3072"),
    ],
    [
      "credentials from any origin",
      "apigatewayv2/api:Api",
      "HttpApiApi",
      (one) => (one["corsConfiguration"] = { allowOrigins: ["*"], allowCredentials: true }),
    ],
    ["a short retention", "backup/plan:Plan", "DailyBackups", (one) => (one["rules"][0].lifecycle.deleteAfter = 60)],
    [
      "an early transition",
      "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "DocumentsBucketLifecycle",
      (one) => (one["rules"][0].transitions[0].days = 10),
    ],
  ];
  it.each(refused)("AWS refuses %s", (_, type, name, change) => {
    expect(limitProblems(after(type, name, change)).join()).toContain(`${name}: `);
  });
});
