import type { Evaluation, Inputs } from "./evaluation.ts";

/** Why AWS would refuse the inputs of one resource of this type, or undefined. `evaluation` is for what it refers to. */
type Rule = [type: string, check: (inputs: Inputs, evaluation: Evaluation) => string | undefined];

/**
 * Combinations that AWS refuses and its service models do not describe, each with the page that says so. `enums.py` checks
 * single values.
 */
const rules: Rule[] = [
  [
    "rds/instance:Instance",
    ({ storageType, iops, allocatedStorage }) =>
      storageType === "gp3" && iops && allocatedStorage < 400
        ? "gp3 with less than 400 GB has 3,000 IOPS and no other number (RDS guide, gp3 storage)"
        : undefined,
  ],
  [
    "sqs/queue:Queue",
    ({ fifoQueue, redrivePolicy }, evaluation) => {
      const dead = redrivePolicy && queueOf(evaluation, JSON.parse(redrivePolicy).deadLetterTargetArn);
      return dead && Boolean(dead["fifoQueue"]) !== Boolean(fifoQueue)
        ? "the dead-letter queue of a FIFO queue is a FIFO queue, that of another one is not (SQS guide, Dead-letter queues)"
        : undefined;
    },
  ],
  [
    "lambda/eventSourceMapping:EventSourceMapping",
    ({ eventSourceArn, batchSize, maximumBatchingWindowInSeconds: window = 0 }, evaluation) => {
      if (queueOf(evaluation, eventSourceArn)?.["fifoQueue"])
        return window > 0 || batchSize > 10
          ? "a FIFO queue has batches of at most 10, and no batching window (Lambda guide, SQS event sources)"
          : undefined;
      return batchSize > 10 && window < 1
        ? "a batch of more than 10 needs a batching window (Lambda guide, SQS event sources)"
        : undefined;
    },
  ],
  [
    "lambda/function:Function",
    ({ environment }) => {
      const variables: Record<string, string> = environment?.variables ?? {};
      const reserved = Object.keys(variables).find((name) =>
        /^(AWS_REGION|AWS_LAMBDA_|AWS_ACCESS|AWS_SECRET|_HANDLER|LAMBDA_)/.test(name),
      );
      if (reserved) return `${reserved} is a variable that Lambda sets itself (Lambda guide, Environment variables)`;
      const bytes = Buffer.byteLength(JSON.stringify(variables));
      return bytes > 4096 ? `${bytes} bytes of variables; 4,096 are allowed (Lambda quotas)` : undefined;
    },
  ],
  [
    "iam/role:Role",
    ({ inlinePolicies = [], assumeRolePolicy, managedPolicyArns = [] }) => {
      // IAM does not count white space.
      const length = (policy: string | object) =>
        (typeof policy === "string" ? policy : JSON.stringify(policy)).replace(/\s/g, "").length;
      const inline = inlinePolicies.reduce((sum: number, one: Inputs) => sum + length(one["policy"]), 0);
      if (inline > 10_240) return `${inline} characters of inline policies; 10,240 are allowed (IAM quotas)`;
      if (length(assumeRolePolicy) > 2_048) return "more than 2,048 characters of trust (IAM quotas)";
      return managedPolicyArns.length > 10 ? "more than ten managed policies (IAM quotas)" : undefined;
    },
  ],
  ["scheduler/schedule:Schedule", ({ scheduleExpression }) => expressionProblem(scheduleExpression)],
  [
    "cloudwatch/eventRule:EventRule",
    ({ scheduleExpression }) => scheduleExpression && expressionProblem(scheduleExpression),
  ],
  [
    "cloudwatch/metricAlarm:MetricAlarm",
    ({ period, metricQueries = [], evaluationPeriods }) => {
      const longest = Math.max(0, period ?? 0, ...metricQueries.map(({ metric }: Inputs) => metric?.period ?? 0));
      const allowed = longest < 3_600 ? 86_400 : 604_800;
      return longest * evaluationPeriods > allowed
        ? `it looks at ${longest * evaluationPeriods} s; ${allowed} are allowed (CloudWatch, PutMetricAlarm)`
        : undefined;
    },
  ],
  [
    "kms/key:Key",
    ({ policy }) => {
      const statements: Inputs[] = policy ? JSON.parse(policy).Statement : undefined;
      return statements?.some(({ Effect, Principal, Action }) => {
        const who = JSON.stringify(Principal);
        return Effect === "Allow" && who.includes(":root") && [Action].flat().includes("kms:*");
      }) === false
        ? "nobody could change its policy again (KMS, PutKeyPolicy: lockout safety check)"
        : undefined;
    },
  ],
  [
    "ecs/taskDefinition:TaskDefinition",
    ({ cpu, memory }) => {
      // Gigabytes by vCPU (ECS guide, Fargate task CPU and memory).
      const [least, most] = ({ 256: [0.5, 2], 512: [1, 4], 1024: [2, 8], 2048: [4, 16], 4096: [8, 30] } as const)[
        Number(cpu) as 256
      ] ?? [1, 0];
      const gigabytes = Number(memory) / 1024;
      return gigabytes < least || gigabytes > most ? `Fargate has no ${cpu} units with ${memory} MB` : undefined;
    },
  ],
  [
    "apigatewayv2/api:Api",
    ({ corsConfiguration }) =>
      corsConfiguration?.allowCredentials && corsConfiguration.allowOrigins?.includes("*")
        ? "credentials need named origins (API Gateway guide, CORS)"
        : undefined,
  ],
  [
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ({ rules }) =>
      rules.some(({ transitions = [] }: Inputs) =>
        transitions.some(({ days, storageClass }: Inputs) => storageClass === "STANDARD_IA" && days < 30),
      )
        ? "an object is at least 30 days old when it becomes STANDARD_IA (S3 guide, Lifecycle transitions)"
        : undefined,
  ],
  [
    "backup/plan:Plan",
    ({ rules }, evaluation) => {
      const locks = [...evaluation.all("backup/vaultLockConfiguration:VaultLockConfiguration").values()];
      return rules.some(({ lifecycle }: Inputs) =>
        locks.some(
          (lock) =>
            lifecycle.deleteAfter < lock["minRetentionDays"] || lifecycle.deleteAfter > lock["maxRetentionDays"],
        ),
      )
        ? "the vault's lock refuses this retention (AWS Backup guide, Vault Lock)"
        : undefined;
    },
  ],
  [
    "ec2/securityGroup:SecurityGroup",
    ({ description = "" }) =>
      /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(description)
        ? undefined
        : "EC2 refuses a character of its description (EC2, CreateSecurityGroup)",
  ],
  ["rds/subnetGroup:SubnetGroup", ({ subnetIds }, evaluation) => zonesProblem(subnetIds, evaluation)],
  ["rds/proxy:Proxy", ({ vpcSubnetIds }, evaluation) => zonesProblem(vpcSubnetIds, evaluation)],
  [
    "ec2/routeTableAssociation:RouteTableAssociation",
    ({ subnetId }, evaluation) =>
      associationsOf(subnetId, evaluation).length > 1
        ? "its subnet has another route table already (EC2, AssociateRouteTable)"
        : undefined,
  ],
  ["ec2/natGateway:NatGateway", ({ subnetId }, evaluation) => privateProblem(subnetId, evaluation)],
  ["ec2/instance:Instance", ({ subnetId }, evaluation) => privateProblem(subnetId, evaluation)],
  [
    "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    ({ connectionPoolConfig: { maxConnectionsPercent, maxIdleConnectionsPercent } }) =>
      maxIdleConnectionsPercent > maxConnectionsPercent
        ? "it keeps more idle connections than it may open (RDS, ConnectionPoolConfiguration)"
        : undefined,
  ],
  [
    "rds/instance:Instance",
    ({ caCertIdentifier: name }) =>
      ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"].includes(name)
        ? undefined
        : `RDS has no certificate authority ${name} any more (RDS guide, Using SSL/TLS)`,
  ],
  [
    "cloudwatch/eventTarget:EventTarget",
    ({ retryPolicy: { maximumRetryAttempts, maximumEventAgeInSeconds: age } }) =>
      maximumRetryAttempts > 185 || age < 60 || age > 86_400
        ? "at most 185 attempts within 60 s to a day (EventBridge, RetryPolicy)"
        : undefined,
  ],
  [
    "cognito/userPoolClient:UserPoolClient",
    (client) => {
      const outside = tokens.find(([token, least, most]) => {
        const unit = client["tokenValidityUnits"][token] as keyof typeof secondsIn;
        const seconds = client[`${token}Validity`] * secondsIn[unit];
        return seconds < least || seconds > most;
      });
      return outside && `${outside[0]} is valid for ${outside[1]} to ${outside[2]} s (Cognito, CreateUserPoolClient)`;
    },
  ],
  [
    "ecs/taskDefinition:TaskDefinition",
    ({ runtimePlatform }, { resources }) => {
      const platform = runtimePlatform?.cpuArchitecture === "ARM64" ? "linux/arm64" : "linux/amd64";
      return resources.some(
        ({ type, inputs }) => type === "docker-build:index:Image" && !inputs["platforms"].includes(platform),
      )
        ? `there is no image for ${platform}, and the task would end with "exec format error"`
        : undefined;
    },
  ],
  [
    "cloudfront/distribution:Distribution",
    ({ origins, defaultCacheBehavior, orderedCacheBehaviors = [] }) => {
      const known = origins.map(({ originId }: Inputs) => originId);
      for (const { targetOriginId, allowedMethods } of [defaultCacheBehavior, ...orderedCacheBehaviors]) {
        if (!known.includes(targetOriginId)) return `there is no origin ${targetOriginId} (CloudFront, CacheBehavior)`;
        if (!methodSets.has([...allowedMethods].sort().join()))
          return `CloudFront allows no ${allowedMethods}, but reading, reading with OPTIONS, or all (CloudFront, AllowedMethods)`;
      }
      return undefined;
    },
  ],
  [
    "wafv2/webAcl:WebAcl",
    (acl) => {
      const [, pattern] = /"regexString":"([^"]*(?:\(\?[^:]|\\\\[1-9])[^"]*)"/.exec(JSON.stringify(acl)) ?? [];
      return pattern && `WAF has no lookaround and no back reference: ${pattern} (WAF guide, Regex support)`;
    },
  ],
  [
    "cloudwatch/metricAlarm:MetricAlarm",
    (alarm, evaluation) => {
      for (const { namespace = "", metricName, dimensions = {} } of [
        alarm,
        ...(alarm["metricQueries"] ?? []).map(({ metric }: Inputs) => metric ?? {}),
      ]) {
        if (!namespace.startsWith("AWS/")) continue;
        const expected = metricsOfAws[namespace]?.[metricName];
        if (!expected) return `${namespace} has no metric ${metricName} that we know`;
        for (const [dimension, type] of Object.entries(expected))
          if (!isNameOf(dimensions[dimension], type, evaluation))
            return `${metricName} needs the dimension ${dimension} with the name of a resource of the stage`;
      }
      return undefined;
    },
  ],
];

const made = ({ resources }: Evaluation, type: string, output: string) =>
  resources.find((one) => one.type === `aws:${type}` && one.outputs.includes(output));

const zonesProblem = (subnetIds: string[], evaluation: Evaluation): string | undefined =>
  new Set(subnetIds.map((id) => made(evaluation, "ec2/subnet:Subnet", id)?.inputs["availabilityZone"])).size < 2
    ? "RDS needs subnets in two zones (RDS guide, Working with a DB instance in a VPC)"
    : undefined;

const associationsOf = (subnetId: string, evaluation: Evaluation): Inputs[] =>
  [...evaluation.all("ec2/routeTableAssociation:RouteTableAssociation").values()].filter(
    (one) => one["subnetId"] === subnetId,
  );

const privateProblem = (subnetId: string, evaluation: Evaluation): string | undefined => {
  const tables = associationsOf(subnetId, evaluation).map(({ routeTableId }) =>
    made(evaluation, "ec2/routeTable:RouteTable", routeTableId),
  );
  return tables.some((table) => table?.inputs["routes"].some(({ gatewayId }: Inputs) => gatewayId))
    ? undefined
    : "its subnet has no route to the internet gateway (VPC guide, NAT gateways)";
};

const secondsIn = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
/** The shortest and the longest validity in seconds. */
const tokens: [token: string, least: number, most: number][] = [
  ["accessToken", 300, 86_400],
  ["idToken", 300, 86_400],
  ["refreshToken", 3_600, 3_650 * 86_400],
];

const methodSets = new Set(["GET,HEAD", "GET,HEAD,OPTIONS", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"]);

/**
 * The metrics of AWS's services that the stage watches: the dimensions that each needs, and the type whose names they are
 * (pages "CloudWatch metrics" of the services). An alarm with another name or dimension never gets data. A bucket may be
 * that of the stage that this one recovers.
 */
const queueMetric = { QueueName: "sqs/queue:Queue" };
const functionMetric = { FunctionName: "lambda/function:Function" };
const proxyMetric = { ProxyName: "rds/proxy:Proxy" };
const metricsOfAws: Record<string, Record<string, Record<string, string | undefined>>> = {
  "AWS/Backup": { NumberOfBackupJobsCompleted: { BackupVaultName: "backup/vault:Vault" } },
  "AWS/Lambda": { Errors: functionMetric, Throttles: functionMetric },
  "AWS/RDS": {
    DatabaseConnections: proxyMetric,
    DatabaseConnectionsCurrentlySessionPinned: proxyMetric,
    ReplicaLag: { DBInstanceIdentifier: "rds/instance:Instance" },
  },
  "AWS/S3": {
    ReplicationLatency: { SourceBucket: undefined, DestinationBucket: "s3/bucket:Bucket", RuleId: undefined },
  },
  "AWS/WAFV2": { BlockedRequests: { WebACL: undefined, Rule: undefined } },
  "AWS/SQS": {
    ApproximateAgeOfOldestMessage: queueMetric,
    ApproximateNumberOfMessagesNotVisible: queueMetric,
    ApproximateNumberOfMessagesVisible: queueMetric,
  },
};
const isNameOf = (name: string | undefined, type: string | undefined, evaluation: Evaluation): boolean =>
  name !== undefined && (type === undefined || made(evaluation, type, name) !== undefined);

const queueOf = (evaluation: Evaluation, arn: string): Inputs | undefined =>
  [...evaluation.all("sqs/queue:Queue").values()].find(({ name }) => arn.endsWith(`:${name}`));

/** EventBridge guide, Cron and rate expressions. */
const expressionProblem = (expression: string): string | undefined => {
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (fields) {
    const [, , dayOfMonth, , dayOfWeek, year] = fields.split(" ");
    const isOne = (dayOfMonth === "?") !== (dayOfWeek === "?");
    return year && isOne ? undefined : `${expression} needs six fields, with ? for one of both days`;
  }
  return /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/.test(expression)
    ? undefined
    : `${expression} is no rate, such as rate(1 minute) or rate(2 minutes)`;
};

/** What AWS would refuse, by resource. */
export const limitProblems = (evaluation: Evaluation): string[] =>
  rules.flatMap(([type, check]) =>
    [...evaluation.all(type)].flatMap(([name, inputs]) => {
      const problem = check(inputs, evaluation);
      return problem ? [`${name}: ${problem}`] : [];
    }),
  );
