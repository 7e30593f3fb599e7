/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, routes } from "../packages/functions/src/topology.ts";
import type { Alarms } from "./alarms.ts";
import { pascal } from "./names.ts";
import type { Aliases, Functions, RequestMetrics } from "./parts.ts";
import type { Stage } from "./stage.ts";

/** The alias that API Gateway invokes. */
const liveAlias = "live";

/**
 * Without RESOLVE_CANARY, `sst deploy` moves the alias to the version that it publishes, so that API and consumers run
 * the same code. scripts/deploy.sh sets it, and CodeDeploy then moves the alias: first for a tenth of the requests.
 */
const isCanary = Boolean(process.env["RESOLVE_CANARY"]);

/** The functions behind the API, the only ones that are deployed gradually. */
export const apiFunctions: readonly FunctionName[] = [...new Set(Object.values(routes))];

/**
 * The ARNs that API Gateway invokes: the alias, or under `sst dev` the function itself, which runs on the developer's
 * machine.
 */
export const createAliases = (functions: Functions, { warmInstances }: Stage): Aliases => {
  const arns = apiFunctions.map((name): [FunctionName, $util.Output<string>] => {
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
  // The entries have these types.
  return Object.fromEntries(arns) as Partial<Record<FunctionName, $util.Output<string>>>;
};
type ReleaseParts = { functions: Functions; alarms: Alarms; requests: RequestMetrics };

/** Shifts the aliases: a tenth of the requests for five minutes, then all; an alarm rolls back (T-5). */
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
              resources: apiFunctions.flatMap((name) => [functions[name].arn, $interpolate`${functions[name].arn}:*`]),
            },
            // cloudwatch:DescribeAlarms has no resource-level permissions.
            { actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] },
          ],
        }).json,
      },
    ],
  });
  const watched = [
    alarms.alarm("FailedRequests", {
      summary: "Requests failed in two of the last three minutes; a deployment in progress is rolled back.",
      runbook: "api-errors",
      ...requests.errors,
      statistic: "Sum",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 3,
    }),
    ...apiFunctions.map((name) =>
      alarms.alarm(`${pascal(name)}LiveErrors`, {
        summary: `${name} ended without a response; a deployment in progress is rolled back.`,
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
  // A deployment moves the alias of one function, and a group has one deployment at a time. An alarm stops those of all groups.
  const createGroup = (name: FunctionName) =>
    new aws.codedeploy.DeploymentGroup(`${pascal(name)}ReleaseGroup`, {
      appName: application.name,
      deploymentGroupName: name,
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
    alias: liveAlias,
    versions: apiFunctions.map((name) => ({
      name: functions[name].name,
      version: functions[name].nodes.function.version,
      group: createGroup(name).deploymentGroupName,
    })),
  };
};
