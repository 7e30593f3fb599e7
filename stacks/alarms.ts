/// <reference path="../.sst/platform/config.d.ts" />
import type { Region, Stage } from "./stage.ts";

/** The pages of docs/runbooks, each for one kind of alarm. */
type Runbook =
  | "api-errors"
  | "api-slow"
  | "budget"
  | "dead-letters"
  | "function-errors"
  | "function-throttles"
  | "pinned-connections"
  | "queue-age"
  | "replica-lag"
  | "rotation-failed"
  | "search-recall";

type Alarm = { says: string; runbook: Runbook } & Pick<aws.cloudwatch.MetricAlarmArgs, "threshold"> &
  Partial<Omit<aws.cloudwatch.MetricAlarmArgs, "threshold">>;

export type Alarms = ReturnType<typeof createAlarms>;

const description = ({ says, runbook }: Pick<Alarm, "says" | "runbook">): string =>
  `${says} See docs/runbooks/${runbook}.md.`;

/** Where alarms go, and how they are made: whoever subscribes to the topic is told, and told again when it is over. */
export const createAlarms = ({ region }: Stage) => {
  const topic = createTopic("Alarms", region);

  const alarm = (name: string, { says, runbook, ...args }: Alarm) =>
    new aws.cloudwatch.MetricAlarm(name, {
      alarmDescription: description({ says, runbook }),
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      evaluationPeriods: 1,
      // Silence is no fault: nothing is measured where nothing is asked.
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...(args.metricQueries ? {} : { period: 60, statistic: "Maximum" }),
      ...args,
    });
  /** An alarm when all of others are on; they themselves tell nobody. */
  const composite = (
    name: string,
    { says, runbook, all }: Omit<Alarm, "threshold"> & { all: aws.cloudwatch.MetricAlarm[] },
  ) =>
    new aws.cloudwatch.CompositeAlarm(name, {
      alarmName: `resolve-${$app.stage}-${name}`,
      alarmDescription: description({ says, runbook }),
      alarmRule: $util
        .all(all.map((one) => one.name))
        .apply((names) => names.map((one) => `ALARM("${one}")`).join(" AND ")),
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  return { topic, alarm, composite };
};

/** Services may not use the key that SNS has by itself: a topic under that one never hears of an alarm. */
export const createTopic = (name: string, region: Region): aws.sns.Topic => {
  const key = new aws.kms.Key(`${name}Key`, {
    region,
    description: "Alarms in SNS.",
    enableKeyRotation: true,
    policy: aws.iam.getPolicyDocumentOutput({ statements: [ownedByAccount, usedBySenders] }).json,
  });
  const topic = new aws.sns.Topic(name, { region, kmsMasterKeyId: key.id });
  new aws.sns.TopicPolicy(`${name}Policy`, {
    region,
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        { actions: ["sns:Publish"], resources: [topic.arn], principals: senders, conditions: ofThisAccount },
      ],
    }).json,
  });
  return topic;
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
