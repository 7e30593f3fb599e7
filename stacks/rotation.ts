/// <reference path="../.sst/platform/config.d.ts" />
import type { Alarms } from "./alarms.ts";
import type { Database } from "./database.ts";
import type { Functions } from "./parts.ts";

type Parts = { database: Database; functions: Functions; alarms: Alarms };

/** Rotates the password of each login every month (S-2), and once at the first deployment. */
export const createRotation = ({ database: { secrets, instance }, functions, alarms }: Parts): void => {
  if (!secrets || !instance) return;
  const rotate = functions["rotate-login"];
  for (const [name, { id, arn }] of Object.entries(secrets)) {
    const permission = new aws.lambda.Permission(`${name}RotationPermission`, {
      action: "lambda:InvokeFunction",
      function: rotate.name,
      principal: "secretsmanager.amazonaws.com",
      sourceArn: arn,
    });
    new aws.secretsmanager.SecretRotation(
      `${name}Rotation`,
      { secretId: id, rotationLambdaArn: rotate.arn, rotationRules: { automaticallyAfterDays: 30 } },
      { dependsOn: [permission] },
    );
  }
  // The function runs for a few minutes a month, so one failure triggers the alarm.
  alarms.alarm("RotationFailed", {
    summary: "A password could not be changed.",
    runbook: "rotation-failed",
    namespace: "AWS/Lambda",
    metricName: "Errors",
    statistic: "Sum",
    threshold: 1,
    dimensions: { FunctionName: rotate.nodes.function.name },
  });
};
