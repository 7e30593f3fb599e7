/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, routes } from "../packages/functions/src/topology.ts";
import type { Alarms } from "./alarms.ts";
import { pascal } from "./names.ts";
import type { Aliases, Functions, RequestMetrics } from "./parts.ts";
import type { Stage } from "./stage.ts";

/** The alias that callers reach. */
const liveAlias = "live";

/**
 * `sst deploy` by itself moves the alias to the version it publishes, so that API and consumers run the same code.
 * scripts/deploy.sh says by this variable that CodeDeploy moves the alias afterwards, a tenth of the callers first.
 */
const isCanary = Boolean(process.env["RESOLVE_CANARY"]);

/** The functions behind the API, which go live by and by. */
export const served: readonly FunctionName[] = [...new Set(Object.values(routes))];

/** What API Gateway calls, by function: the alias; with `sst dev` the function itself, which runs on a laptop. */
export const createAliases = (functions: Functions, { warmInstances }: Stage): Aliases => {
  const arns = served.map((name): [FunctionName, $util.Output<string>] => {
    const { nodes, arn } = functions[name];
    if ($dev) return [name, arn];
    const alias = new aws.lambda.Alias(
      `${pascal(name)}Live`,
      { name: liveAlias, functionName: nodes.function.name, functionVersion: nodes.function.version },
      isCanary ? { ignoreChanges: ["functionVersion", "routingConfig"] } : {},
    );
    if (name === "api" && warmInstances > 0)
      new aws.lambda.ProvisionedConcurrencyConfig(`${pascal(name)}Warm`, {
        functionName: nodes.function.name,
        qualifier: alias.name,
        provisionedConcurrentExecutions: warmInstances,
      });
    return [name, alias.arn];
  });
  return Object.fromEntries(arns) as Partial<Record<FunctionName, $util.Output<string>>>;
};
type ReleaseParts = { functions: Functions; alarms: Alarms; requests: RequestMetrics };

/** Moves the aliases: a tenth of the callers for five minutes, then all, and back at the first alarm (T-5). */
export const createRelease = ({ functions, alarms, requests }: ReleaseParts) => {
  if ($dev) return undefined;
  const application = new aws.codedeploy.Application("Release", { computePlatform: "Lambda" });
  const role = new aws.iam.Role("ReleaseRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "codedeploy.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "exact",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            {
              actions: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
              resources: served.flatMap((name) => [functions[name].arn, $interpolate`${functions[name].arn}:*`]),
            },
            // Alarms cannot be named here: CloudWatch describes all or none.
            { actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] },
          ],
        }).json,
      },
    ],
  });
  const watched = [
    alarms.alarm("FailedRequests", {
      says: "Requests failed in two of the last three minutes; a release in progress is taken back.",
      runbook: "api-errors",
      ...requests.errors,
      statistic: "Sum",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 3,
    }),
    ...served.map((name) =>
      alarms.alarm(`${pascal(name)}LiveErrors`, {
        says: `${name} ended without an answer; a release in progress is taken back.`,
        runbook: "function-errors",
        namespace: "AWS/Lambda",
        metricName: "Errors",
        statistic: "Sum",
        threshold: 3,
        dimensions: {
          FunctionName: functions[name].nodes.function.name,
          Resource: $interpolate`${functions[name].nodes.function.name}:${liveAlias}`,
        },
      }),
    ),
  ];
  const group = new aws.codedeploy.DeploymentGroup("ReleaseGroup", {
    appName: application.name,
    deploymentGroupName: "api",
    serviceRoleArn: role.arn,
    deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    alarmConfiguration: { enabled: true, alarms: watched.map(({ name }) => name) },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
  });
  return {
    application: application.name,
    group: group.deploymentGroupName,
    alias: liveAlias,
    versions: served.map((name) => ({ name: functions[name].name, version: functions[name].nodes.function.version })),
  };
};
