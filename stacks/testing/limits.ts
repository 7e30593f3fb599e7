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
];

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
