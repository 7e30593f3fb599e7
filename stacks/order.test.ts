import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveryProblems } from "./testing/deliveries.ts";
import {
  type EvaluatedName,
  type EvaluatedResource,
  evaluated,
  root,
  variants,
  withResources,
} from "./testing/evaluation.ts";
import { referenceProblems } from "./testing/references.ts";

const names = Object.keys(variants) as EvaluatedName[];
const production = evaluated("production");

/** Production after a change of one resource. */
const changed = (name: string, change: (resource: EvaluatedResource) => void) => {
  const resources = structuredClone(production.resources);
  const found = resources.find((one) => one.name === name && one.type.startsWith("aws:"));
  if (!found) throw new Error(`there is no ${name}`);
  change(found);
  return withResources(resources);
};
const without = (name: string) => withResources(production.resources.filter((one) => one.name !== name));
const waitingForNone = (resource: EvaluatedResource) => (resource.dependencies = []);

describe("what a resource refers to", () => {
  it.each(names)("exists in %s, and is created before", (name) => {
    expect(referenceProblems(evaluated(name))).toEqual([]);
  });

  it("must be a resource of the stage", () => {
    expect(referenceProblems(without("Alarms")).join()).toContain("which no resource of the stage has");
  });

  it("must be created before: a name written by hand is found", () => {
    expect(referenceProblems(changed("DatabaseProxyTarget", waitingForNone)).join()).toContain("does not wait for it");
    expect(referenceProblems(changed("SweepErrors", waitingForNone))).toHaveLength(1);
  });
});

describe("what one service sends to another", () => {
  it.each(names)("is allowed on both sides in %s, by policies that are created before", (name) => {
    expect(deliveryProblems(evaluated(name))).toEqual([]);
  });

  const replaced = (name: string, from: string, to: string) =>
    changed(name, (one) => (one.inputs = JSON.parse(JSON.stringify(one.inputs).replaceAll(from, to))));
  const refused: [what: string, broken: () => ReturnType<typeof changed>, problem: string][] = [
    ["a failure destination", () => replaced("StoreUploadRole", "UploadStoredDlq", "Other"), "UploadStoredRetries"],
    ["a queue's consumer", () => replaced("FetchUrlRole", "sqs:DeleteMessage", "sqs:Other"), "sqs:DeleteMessage"],
    ["a rule's target", () => without("UploadStoredPermission"), "events.amazonaws.com may not invoke"],
    ["a rule's dead letters", () => without("UploadStoredDlqPolicy"), "UploadStoredTarget"],
    [
      "a rule's dead letters, in time",
      () => changed("UploadStoredTarget", waitingForNone),
      "does not wait for UploadStoredDlq",
    ],
    [
      "a schedule",
      () => replaced("SweepScheduleRole", "lambda:InvokeFunction", "lambda:Other"),
      "SweepScheduleSchedule",
    ],
    ["a rotation", () => without("AppDatabaseRotationPermission"), "secretsmanager.amazonaws.com may not invoke"],
    [
      "a rotation's secret",
      () => replaced("RotateLoginRole", "UpdateSecretVersionStage", "Other"),
      "AppDatabaseRotation",
    ],
    ["a request", () => without("HttpApiRouteBafzrwPermissions"), "HttpApiRouteBafzrwIntegration"],
    ["a bucket's access log", () => replaced("LogsBucketPolicy", "logging.s3.", "other."), "DocumentsBucketLogging"],
    ["a bucket's access log, in time", () => changed("DocumentsBucketLogging", waitingForNone), "LogsBucketPolicy"],
    [
      "a replication's key",
      () => replaced("ReplicationRole", "s3.us-west-2.amazonaws.com", "s3.us-east-1.amazonaws.com"),
      "may not kms:Encrypt",
    ],
    ["a release", () => replaced("ReleaseRole", "lambda:UpdateAlias", "lambda:Other"), "may not lambda:UpdateAlias"],
    ["a backup", () => replaced("BackupRole", "RolePolicyForBackup", "RolePolicyForS3Backup"), "BackupRole lacks"],
    [
      "a function's network",
      () => replaced("ApiRole", "VPCAccessExecution", "Other"),
      "ApiRole lacks AWSLambdaVPCAccess",
    ],
    ["monitoring", () => replaced("DatabaseMonitor", "monitoring.rds.", "rds."), "may not assume DatabaseMonitor"],
    [
      "a task's image",
      () => replaced("VectorWorkerExecutionRole", "AmazonECSTaskExecutionRolePolicy", "Other"),
      "VectorWorkerExecutionRole lacks",
    ],
    [
      "the firewall's log, from this account",
      () => replaced("LogDelivery", '123456789012\\"]', '210987654321\\"]'),
      "FirewallLogging: delivery.logs.amazonaws.com may not",
    ],
    ["a replication", () => replaced("ReplicationRole", "s3:ReplicateObject", "s3:Other"), "s3:ReplicateObject"],
    ["a flow log", () => replaced("FlowLogsRole", "logs:PutLogEvents", "logs:Other"), "FlowLog: "],
    ["the proxy's secrets", () => replaced("DatabaseProxyRole", "GetSecretValue", "Other"), "DatabaseProxy: "],
    ["the firewall's log", () => without("LogDelivery"), "FirewallLogging: delivery.logs.amazonaws.com may not"],
    ["CloudFront's log, in time", () => changed("EdgeLogDelivery", waitingForNone), "does not wait for LogDelivery"],
    ["an alarm", () => replaced("AlarmsPolicy", "cloudwatch.amazonaws.com", "other"), "HighErrorRate: "],
    ["an alarm's key", () => replaced("AlarmsKey", "kms:GenerateDataKey*", "kms:Other"), "HighErrorRate: "],
    ["a backup's failure, in time", () => changed("BackupFailures", waitingForNone), "does not wait for AlarmsPolicy"],
    ["a budget", () => replaced("AlarmsPolicy", "budgets.amazonaws.com", "other"), "MonthlyBudget: "],
  ];
  it.each(refused)("is refused without the permission: %s", (_, broken, problem) => {
    expect(deliveryProblems(broken()).join("\n")).toContain(problem);
  });
});

it("a pool with its own sender waits until SES has verified the domain", () => {
  const resources = structuredClone(evaluated("production-options").resources);
  for (const one of resources) if (one.type.endsWith(":UserPool")) waitingForNone(one);
  expect(deliveryProblems(withResources(resources)).join()).toContain(
    "does not wait until SES has verified the sender",
  );
});

describe("a circular wait", () => {
  let directory: string;
  beforeAll(async () => {
    // Inside the platform's directory, so that the program finds its packages.
    directory = await mkdtemp(join(root, ".sst/platform", "circle-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it("ends the evaluation with the names of the resources", async () => {
    const program = join(directory, "program.mjs");
    await writeFile(
      program,
      `import * as pulumi from "@pulumi/pulumi";
       import * as aws from "@pulumi/aws";
       export const run = (program) => program();
       export const config = {
         app: () => ({ providers: { aws: { region: "us-east-1" } } }),
         run() {
           const { promise, resolve } = Promise.withResolvers();
           const queue = new aws.sqs.Queue("First", { name: "first", policy: pulumi.output(promise) });
           new aws.sns.Topic("Second", { displayName: queue.name }).arn.apply(resolve);
         },
       };`,
    );
    const args = [
      join(root, "stacks/testing/evaluate.mjs"),
      "--reuse-bundles",
      "--program",
      program,
      "--work",
      directory,
    ];
    await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({
      stderr: expect.stringContaining("wait for each other: aws:sns/topic:Topic Second, aws:sqs/queue:Queue First"),
    });
  });
});
