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

/** Without a route to the internet gateway. */
const appSubnet = production.one("ec2/routeTableAssociation:RouteTableAssociation", "App1RoutesOfSubnet")["subnetId"];

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
      "an apostrophe in a description",
      "ec2/securityGroup:SecurityGroup",
      "AppSecurityGroup",
      (one) => (one["description"] = "The functions' group"),
    ],
    ["one zone of a database", "rds/subnetGroup:SubnetGroup", "DatabaseSubnets", (one) => one["subnetIds"].pop()],
    ["one zone of a proxy", "rds/proxy:Proxy", "DatabaseProxy", (one) => one["vpcSubnetIds"].pop()],
    [
      "two route tables of a subnet",
      "ec2/routeTableAssociation:RouteTableAssociation",
      "App2RoutesOfSubnet",
      (one) => (one["subnetId"] = appSubnet),
    ],
    ["a NAT gateway without internet", "ec2/natGateway:NatGateway", "Nat1", (one) => (one["subnetId"] = appSubnet)],
    [
      "more idle connections than open ones",
      "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
      "DatabaseProxyTargets",
      (one) => (one["connectionPoolConfig"].maxIdleConnectionsPercent = 95),
    ],
    [
      "a certificate authority of yesterday",
      "rds/instance:Instance",
      "Database",
      (one) => (one["caCertIdentifier"] = "rds-ca-2019"),
    ],
    [
      "186 attempts of EventBridge",
      "cloudwatch/eventTarget:EventTarget",
      "UploadStoredTarget",
      (one) => (one["retryPolicy"].maximumRetryAttempts = 186),
    ],
    [
      "an id token of 60 days",
      "cognito/userPoolClient:UserPoolClient",
      "WebClient",
      (one) => (one["tokenValidityUnits"].idToken = "days"),
    ],
    [
      "a task for another processor than its image",
      "ecs/taskDefinition:TaskDefinition",
      "VectorWorkerTask",
      (one) => (one["runtimePlatform"].cpuArchitecture = "X86_64"),
    ],
    [
      "a behaviour without an origin",
      "cloudfront/distribution:Distribution",
      "EdgeDistribution",
      (one) => (one["defaultCacheBehavior"].targetOriginId = "assets"),
    ],
    [
      "a page with GET and POST",
      "cloudfront/distribution:Distribution",
      "EdgeDistribution",
      (one) => (one["orderedCacheBehaviors"][1].allowedMethods = ["GET", "POST"]),
    ],
    [
      "a pattern with a lookahead",
      "wafv2/webAcl:WebAcl",
      "Firewall",
      (one) => {
        const [, , body] = one["rules"][3].statement.orStatement.statements;
        body.andStatement.statements[1].notStatement.statements[0].regexMatchStatement.regexString = "^(?!/api)";
      },
    ],
    [
      "a metric that does not exist",
      "cloudwatch/metricAlarm:MetricAlarm",
      "OnboardingAge",
      (one) => (one["metricName"] = "ApproximateAgeOfOldestMessages"),
    ],
    [
      "a dimension that the metric does not have",
      "cloudwatch/metricAlarm:MetricAlarm",
      "PinnedConnections",
      (one) => (one["metricQueries"][1].metric.dimensions = { DBProxyName: "resolve-production" }),
    ],
    [
      "an alarm of a queue that does not exist",
      "cloudwatch/metricAlarm:MetricAlarm",
      "VectorWorkerOutAlarm",
      (one) => (one["metricQueries"][0].metric.dimensions.QueueName = "resolve-production-other"),
    ],
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
