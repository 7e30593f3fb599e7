/// <reference path="../.sst/platform/config.d.ts" />
import { type TaskName, type TaskSpec, tasks } from "../packages/functions/src/topology.ts";
import { prepareFiles } from "./bundles.ts";
import { grants, linksOf, type Parts } from "./grants.ts";
import { mapValues, pascal } from "./names.ts";
import type { Network } from "./network.ts";

type JobParts = Parts & { network: Network };

/** The topology's tasks: a service each, that grows with its queue and stops where there is nothing to do. */
export const createTasks = async (parts: JobParts) => {
  const { vpc, tasks: place, publicSubnetIds, appSecurityGroup } = parts.network;
  const cluster = new sst.aws.Cluster("Tasks", {
    vpc: {
      id: vpc.id,
      securityGroups: [appSecurityGroup.id],
      containerSubnets: place.subnetIds,
      loadBalancerSubnets: publicSubnetIds,
    },
  });
  const directories = await prepareFiles(tasks);
  return mapValues<TaskName, TaskSpec, sst.aws.Service>(tasks, (spec, name) => {
    const service = createService(parts, cluster, spec, name, directories.get(name)!);
    if (!$dev) scaleWithQueue(parts, service, spec, name);
    return service;
  });
};

/** …X-9 of the blueprint. */
const createService = (
  parts: JobParts,
  cluster: sst.aws.Cluster,
  spec: TaskSpec,
  name: TaskName,
  directory: string,
): sst.aws.Service =>
  new sst.aws.Service(pascal(name), {
    cluster,
    cpu: `${spec.cpu / 1024} vCPU` as "2 vCPU",
    memory: `${spec.memoryMb / 1024} GB`,
    architecture: "arm64",
    image: { context: directory },
    link: linksOf(parts, spec),
    environment: { NODE_ENV: "production", POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: "Resolve" },
    logging: { retention: parts.stage.logRetention, name: `/ecs/${family}` },
    health: {
      command: [
        "CMD-SHELL",
        `node -e "fetch('http://127.0.0.1:${spec.port}/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"`,
      ],
      interval: "30 seconds",
      timeout: "5 seconds",
      retries: 3,
      startPeriod: "60 seconds",
    },
    scaling: {
      ...parts.stage.tasks,
      cpuUtilization: 70,
      memoryUtilization: 80,
      scaleInCooldown: "300 seconds",
      scaleOutCooldown: "60 seconds",
    },
    dev: { command: "node packages/jobs/src/main.ts" },
    transform: {
      // SST lets it read every secret of the account; ours come as links.
      executionRole: (args) => {
        args.inlinePolicies = [];
      },
      // And lets it open channels to any session, for the shell that it does not have.
      taskRole: (args) => {
        const statements = grants(parts, name, spec);
        args.inlinePolicies = [{ name: "exact", policy: aws.iam.getPolicyDocumentOutput({ statements }).json }];
      },
      taskDefinition: (args) => {
        args.family = family;
        args.containerDefinitions = $jsonStringify(
          $jsonParse(args.containerDefinitions as $util.Output<string>).apply(([container]) => [
            {
              ...container,
              // The longest that ECS waits between SIGTERM and SIGKILL: a step is finished and the job given back.
              stopTimeout: 120,
              // SST opens every port there is.
              portMappings: [{ containerPort: spec.port }],
              logConfiguration: withStreamPrefix(container.logConfiguration),
            },
          ]),
        );
      },
      service: (args) => {
        const { assignPublicIp } = parts.network.tasks;
        // A shell in the container would need rights on every session of the account.
        args.enableExecuteCommand = false;
        args.networkConfiguration = $output(args.networkConfiguration!).apply((network) => ({
          ...network,
          assignPublicIp,
        }));
      },
    },
  });

type LogConfiguration = { options: Record<string, string> };
const withStreamPrefix = (logging: LogConfiguration) => ({
  ...logging,
  options: { ...logging.options, "awslogs-stream-prefix": "app" },
});

/** One family an account and stage: `resolve-app` in the account of production. */
const family = $app.stage === "production" ? "resolve-app" : `resolve-app-${$app.stage}`;

/** Messages in the queue or at work bring up tasks, from none where the stage allows it; a quiet quarter of an hour ends them. */
const scaleWithQueue = (parts: JobParts, service: sst.aws.Service, spec: TaskSpec, name: TaskName): void => {
  const { autoScalingTarget: target } = service.nodes;
  const { queue } = parts.queues[spec.queue];
  const policy = (direction: string, adjustmentType: string, stepAdjustments: Step[]) =>
    new aws.appautoscaling.Policy(`${pascal(name)}${direction}`, {
      policyType: "StepScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType,
        cooldown: direction === "Out" ? 60 : 300,
        metricAggregationType: "Maximum",
        stepAdjustments,
      },
    });
  const messages = (metricName: string, id: string) => ({
    id,
    metric: {
      namespace: "AWS/SQS",
      metricName,
      period: 60,
      stat: "Maximum",
      dimensions: { QueueName: queue.nodes.queue.name },
    },
  });
  const alarm = (direction: string, args: Partial<aws.cloudwatch.MetricAlarmArgs>, action: aws.appautoscaling.Policy) =>
    new aws.cloudwatch.MetricAlarm(`${pascal(name)}${direction}Alarm`, {
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      metricQueries: [
        { id: "backlog", expression: "waiting + working", returnData: true },
        messages("ApproximateNumberOfMessagesVisible", "waiting"),
        messages("ApproximateNumberOfMessagesNotVisible", "working"),
      ],
      alarmActions: [action.arn],
      ...args,
    });
  const out = policy("Out", "ChangeInCapacity", [
    { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
    { metricIntervalLowerBound: "10", scalingAdjustment: 3 },
  ]);
  const rest = policy("In", "ExactCapacity", [
    { metricIntervalUpperBound: "0", scalingAdjustment: parts.stage.tasks.min },
  ]);
  alarm("Out", { alarmDescription: "Work waits for the task." }, out);
  alarm(
    "In",
    { alarmDescription: "No work for a while.", comparisonOperator: "LessThanThreshold", evaluationPeriods: 15 },
    rest,
  );
};

type Step = aws.types.input.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustment;
