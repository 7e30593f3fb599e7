/// <reference path="../.sst/platform/config.d.ts" />
import { type TaskName, type TaskSpec, tasks } from "../packages/functions/src/topology.ts";
import { prepareFiles } from "./bundles.ts";
import { grants, linksOf, type Parts } from "./grants.ts";
import { mapValues, pascal } from "./names.ts";

type Migration = $util.Resource[];
export type Tasks = Awaited<ReturnType<typeof createTasks>>;

/**
 * The topology's tasks: a service each, that grows with its queue and stops where there is nothing to do. Like the
 * functions they start when the schema is what they expect.
 */
export const createTasks = async (parts: Parts, migration: Migration) => {
  const { vpc, publicSubnetIds, appSubnetIds, appSecurityGroup, builderSecurityGroup } = parts.network;
  const cluster = new sst.aws.Cluster("Tasks", {
    vpc: {
      id: vpc.id,
      // Tasks build indexes.
      securityGroups: [appSecurityGroup.id, builderSecurityGroup.id],
      containerSubnets: appSubnetIds,
      loadBalancerSubnets: publicSubnetIds,
    },
  });
  const directories = await prepareFiles(tasks);
  return mapValues<TaskName, TaskSpec, sst.aws.Service>(tasks, (spec, name) => {
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
      // SST's would end tasks at their work; see below.
      cpuUtilization: false,
      memoryUtilization: false,
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
      service: (args, opts) => {
        opts.dependsOn = dependsOn;
        // A shell in the container would need rights on every session of the account.
        args.enableExecuteCommand = false;
      },
    },
  });

/** Not under `sst dev`, where the task is a process of its developer. */
export const logGroupOf = ({ nodes }: sst.aws.Service): $util.Input<string> =>
  $jsonParse($output(nodes.taskDefinition).apply((task) => task!.containerDefinitions)).apply(
    ([container]) => container.logConfiguration.options["awslogs-group"],
  );

type LogConfiguration = { options: Record<string, string> };
const withStreamPrefix = (logging: LogConfiguration) => ({
  ...logging,
  options: { ...logging.options, "awslogs-stream-prefix": "app" },
});

/** One family an account and stage: `resolve-app` in the account of production. */
const family = $app.stage === "production" ? "resolve-app" : `resolve-app-${$app.stage}`;

/**
 * Waiting messages bring up tasks, from none where the stage allows it; load does too. Tasks are ended by a quiet quarter
 * of an hour only, in which none has a message: one that waits for a service has little load and is at work.
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
    alarmDescription: "Work waits for a task.",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    metricQueries: [{ ...waiting, returnData: true }],
    alarmActions: [out.arn],
  });
  new aws.cloudwatch.MetricAlarm(`${pascal(name)}InAlarm`, {
    alarmDescription: "Nothing waits and nobody works.",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 15,
    metricQueries: [{ id: "all", expression: "waiting + working", returnData: true }, waiting, working],
    alarmActions: [rest.arn],
  });
};

type Step = aws.types.input.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustment;
