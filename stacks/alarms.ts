/// <reference path="../.sst/platform/config.d.ts" />
import type { Region, Stage } from "./stage.ts";

/** One page of docs/runbooks for each kind of alarm. */
type Runbook =
  | "api-errors"
  | "api-slow"
  | "blocked-requests"
  | "budget"
  | "dead-letters"
  | "denied-requests"
  | "function-errors"
  | "function-throttles"
  | "pinned-connections"
  | "queue-age"
  | "replica-lag"
  | "rotation-failed"
  | "parked-work"
  | "search-recall"
  | "snapshot-missing"
  | "webhooks-late";

type Alarm = { summary: string; runbook: Runbook } & Pick<aws.cloudwatch.MetricAlarmArgs, "threshold"> &
  Partial<Omit<aws.cloudwatch.MetricAlarmArgs, "threshold">>;

/** A period in seconds. */
export const minutes = (count: number): number => count * 60;

export type Alarms = ReturnType<typeof createAlarms>;

const description = ({ summary, runbook }: Pick<Alarm, "summary" | "runbook">): string =>
  `${summary} See docs/runbooks/${runbook}.md.`;

/**
 * Creates the alarm topic and returns functions that create alarms. Each alarm notifies the topic when it starts and
 * ends.
 */
export const createAlarms = ({ region }: Stage) => {
  const topic = createTopic("Alarms", region);

  const alarm = (name: string, { summary, runbook, ...args }: Alarm) =>
    new aws.cloudwatch.MetricAlarm(name, {
      alarmDescription: description({ summary, runbook }),
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      evaluationPeriods: 1,
      // A metric without data means no traffic, which is not a fault.
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...(args.metricQueries ? {} : { period: 60, statistic: "Maximum" }),
      ...args,
    });
  /** An alarm that fires when all given alarms are on. Those alarms have no actions of their own. */
  const composite = (
    name: string,
    { summary, runbook, all }: Omit<Alarm, "threshold"> & { all: aws.cloudwatch.MetricAlarm[] },
  ) =>
    new aws.cloudwatch.CompositeAlarm(name, {
      alarmName: `resolve-${$app.stage}-${name}`,
      alarmDescription: description({ summary, runbook }),
      alarmRule: $util
        .all(all.map((one) => one.name))
        .apply((names) => names.map((one) => `ALARM("${one}")`).join(" AND ")),
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  return { topic, alarm, composite };
};

/**
 * An encrypted topic needs a customer-managed key: the AWS-managed key of SNS does not let CloudWatch, Budgets and
 * Backup publish. The returned ARN exists after the policy, because Backup refuses a topic to which it may not publish.
 */
export const createTopic = (name: string, region: Region): Pick<aws.sns.Topic, "arn"> => {
  const key = new aws.kms.Key(`${name}Key`, {
    region,
    description: "Alarms in SNS.",
    enableKeyRotation: true,
    policy: aws.iam.getPolicyDocumentOutput({ statements: [ownedByAccount, usedBySenders] }).json,
  });
  const topic = new aws.sns.Topic(name, { region, kmsMasterKeyId: key.id });
  const policy = new aws.sns.TopicPolicy(`${name}Policy`, {
    region,
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        { actions: ["sns:Publish"], resources: [topic.arn], principals: senders, conditions: ofThisAccount },
      ],
    }).json,
  });
  return { arn: policy.arn };
};

const account = aws.getCallerIdentityOutput().accountId;
const senders = [
  { type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "backup.amazonaws.com"] },
];
const ofThisAccount = [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }];
const ownedByAccount = {
  actions: ["kms:*"],
  resources: ["*"],
  principals: [{ type: "AWS", identifiers: [$interpolate`arn:aws:iam::${account}:root`] }],
};
const usedBySenders = { actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: ["*"], principals: senders };
