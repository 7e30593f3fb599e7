/// <reference path="../.sst/platform/config.d.ts" />
import { type TaskName, type TaskSpec, tasks } from "../packages/functions/src/topology.ts";
import { prepareFiles } from "./bundles.ts";
import { grants, linksOf, type Parts } from "./grants.ts";
import { mapValues, pascal } from "./names.ts";

type Migration = $util.Resource[];
export type Tasks = Awaited<ReturnType<typeof createTasks>>;

/**
 * One ECS service for each task of the topology, scaled by its queue. Like functions, tasks are deployed after the
 * migration.
 */
export const createTasks = async (parts: Parts, migration: Migration) => {
  const { vpc, publicSubnetIds, appSubnetIds, appSecurityGroup, builderSecurityGroup } = parts.network;
  const cluster = new sst.aws.Cluster("Tasks", {
    vpc: {
      id: vpc.id,
      // Tasks build indexes, so they connect to the instance.
      securityGroups: [appSecurityGroup.id, builderSecurityGroup.id],
      containerSubnets: appSubnetIds,
      loadBalancerSubnets: publicSubnetIds,
    },
  });
  const directories = await prepareFiles(tasks);
  return mapValues<TaskName, TaskSpec, sst.aws.Service>(tasks, (spec, name) => {
    // `prepareFiles` returns a directory for each task.
    const service = createService(parts, cluster, spec, name, directories.get(name)!, migration);
    if (!$dev) scaleWithQueue(parts, service, spec, name);
    return service;
  });
};

/** …X-9 of the blueprint. */
const createService = (
  parts: Parts,
  cluster: sst.aws.Cluster,
  spec: TaskSpec,
  name: TaskName,
  directory: string,
  dependsOn: Migration,
): sst.aws.Service =>
  new sst.aws.Service(pascal(name), {
    cluster,
    // SST's type lists all sizes; the template text is one of them.
    cpu: `${spec.cpu / 1024} vCPU` as "2 vCPU",
    memory: `${spec.memoryMb / 1024} GB`,
    architecture: "arm64",
    image: { context: directory },
    link: linksOf(parts, spec),
    environment: {
      NODE_ENV: "production",
      POWERTOOLS_SERVICE_NAME: name,
      RESOLVE_STAGE: $app.stage,
    },
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
      // SST's policies would stop tasks that are working; see `scaleWithQueue`.
      cpuUtilization: false,
      memoryUtilization: false,
    },
    dev: { command: "node packages/jobs/src/main.ts" },
    transform: {
      // SST would allow the role to read every secret of the account. The task's secrets come from its links.
      executionRole: (args) => {
        args.inlinePolicies = [];
      },
      // SST would add `ssmmessages` permissions for a shell, which is disabled.
      taskRole: (args) => {
        const statements = grants(parts, name, spec);
        args.inlinePolicies = [{ name: "exact", policy: aws.iam.getPolicyDocumentOutput({ statements }).json }];
      },
      taskDefinition: (args) => {
        args.family = family;
        // SST sets the definitions as JSON text.
        args.containerDefinitions = $jsonStringify(
          $jsonParse(args.containerDefinitions as $util.Output<string>).apply(([container]) => [
            {
              ...container,
              // 120 s, the longest that ECS waits between SIGTERM and SIGKILL: the worker finishes its step and returns
              // the job to the queue.
              stopTimeout: 120,
              // SST maps every port by default.
              portMappings: [{ containerPort: spec.port }],
              logConfiguration: withStreamPrefix(container.logConfiguration),
            },
          ]),
        );
      },
      service: (args, opts) => {
        opts.dependsOn = dependsOn;
        // A shell in the container would need permissions on every SSM session of the account.
        args.enableExecuteCommand = false;
      },
    },
  });

/** Not available under `sst dev`, where the task is a process on the developer's machine and has no task definition. */
export const logGroupOf = ({ nodes }: sst.aws.Service): $util.Input<string> =>
  $jsonParse($output(nodes.taskDefinition).apply((task) => task!.containerDefinitions)).apply(
    ([container]) => container.logConfiguration.options["awslogs-group"],
  );

type LogConfiguration = { options: Record<string, string> };
const withStreamPrefix = (logging: LogConfiguration) => ({
  ...logging,
  options: { ...logging.options, "awslogs-stream-prefix": "app" },
});

/** The task family: `resolve-app` in production, with the stage's name elsewhere. */
const family = $app.stage === "production" ? "resolve-app" : `resolve-app-${$app.stage}`;

/**
 * Scales out when messages wait (from zero tasks where the stage allows it) and when CPU or memory is high. Scales in
 * only after 15 minutes without any message, in the queue or in work, because a task that waits for an embedding
 * service has low CPU and is still working.
 */
const scaleWithQueue = (parts: Parts, service: sst.aws.Service, spec: TaskSpec, name: TaskName): void => {
  const { autoScalingTarget: target } = service.nodes;
  const { queue } = parts.queues[spec.queue];
  const policy = (kind: string, args: Partial<aws.appautoscaling.PolicyArgs>) =>
    new aws.appautoscaling.Policy(`${pascal(name)}${kind}`, {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      ...args,
    });
  const track = (kind: string, targetValue: number) =>
    policy(kind, {
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: `ECSServiceAverage${kind}Utilization` },
        targetValue,
        disableScaleIn: true,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  const step = (kind: string, cooldown: number, adjustmentType: string, stepAdjustments: Step[]) =>
    policy(kind, {
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: { adjustmentType, cooldown, metricAggregationType: "Maximum", stepAdjustments },
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
  const waiting = messages("ApproximateNumberOfMessagesVisible", "waiting");
  const working = messages("ApproximateNumberOfMessagesNotVisible", "working");

  track("CPU", 70);
  track("Memory", 80);
  const out = step("Out", 60, "ChangeInCapacity", [
    { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
    { metricIntervalLowerBound: "10", scalingAdjustment: 3 },
  ]);
  const rest = step("In", 300, "ExactCapacity", [
    { metricIntervalUpperBound: "0", scalingAdjustment: parts.stage.tasks.min },
  ]);
  new aws.cloudwatch.MetricAlarm(`${pascal(name)}OutAlarm`, {
    alarmDescription: "Messages wait for a task.",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    metricQueries: [{ ...waiting, returnData: true }],
    alarmActions: [out.arn],
  });
  new aws.cloudwatch.MetricAlarm(`${pascal(name)}InAlarm`, {
    alarmDescription: "No message waits or is being processed.",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 15,
    metricQueries: [{ id: "all", expression: "waiting + working", returnData: true }, waiting, working],
    alarmActions: [rest.arn],
  });
};

type Step = aws.types.input.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustment;
