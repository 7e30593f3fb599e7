/// <reference path="../.sst/platform/config.d.ts" />
import { pascal } from "./names.ts";
import type { Queues } from "./queues.ts";
import type { Region, Stage } from "./stage.ts";

/** A message in a dead-letter queue, or one that nobody takes, tells the operator: whoever subscribes to the topic. */
export const createAlarms = (queues: Queues, { region }: Stage) => {
  const topic = createTopic("Alarms", region);
  for (const [name, { queue, dead, spec }] of Object.entries(queues)) {
    const alarm = (
      kind: string,
      args: Pick<aws.cloudwatch.MetricAlarmArgs, "metricName" | "threshold" | "dimensions" | "alarmDescription">,
    ) =>
      new aws.cloudwatch.MetricAlarm(`${pascal(name)}${kind}`, {
        namespace: "AWS/SQS",
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        ...args,
      });
    alarm("DeadLetters", {
      alarmDescription: `${name}: a message was given up; see docs/jobs.md, docs/pipeline.md.`,
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 1,
      dimensions: { QueueName: dead.nodes.queue.name },
    });
    alarm("Age", {
      alarmDescription: `${name}: the oldest message waits; see docs/jobs.md, docs/pipeline.md.`,
      metricName: "ApproximateAgeOfOldestMessage",
      // What fails comes back after the visibility timeout, up to maxReceiveCount times, before it is given up.
      threshold: spec.visibilityTimeoutSeconds * Math.min(spec.maxReceiveCount, 3) + 300,
      dimensions: { QueueName: queue.nodes.queue.name },
    });
  }
  return topic;
};

/** CloudWatch may not use the key that SNS has by itself: a topic under that one never hears of an alarm. */
export const createTopic = (name: string, region: Region): aws.sns.Topic => {
  const account = $interpolate`arn:aws:iam::${aws.getCallerIdentityOutput().accountId}:root`;
  const key = new aws.kms.Key(`${name}Key`, {
    region,
    description: "Alarms in SNS.",
    enableKeyRotation: true,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        { actions: ["kms:*"], resources: ["*"], principals: [{ type: "AWS", identifiers: [account] }] },
        {
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          resources: ["*"],
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        },
      ],
    }).json,
  });
  return new aws.sns.Topic(name, { region, kmsMasterKeyId: key.id });
};
