/// <reference path="../.sst/platform/config.d.ts" />
import type { FunctionName, QueueName, QueueSpec, RuleName } from "../packages/functions/src/topology.ts";

/** Types that several files of this folder share. They are here so that no two files import each other. */

export type Functions = Record<FunctionName, sst.aws.Function>;
/** The ARN that API Gateway invokes, by function. */
export type Aliases = Partial<Record<FunctionName, $util.Output<string>>>;
/** A queue with its dead-letter queue, and the link for the handlers. */
export type Queue = {
  spec: QueueSpec;
  queue: sst.aws.Queue;
  dead: sst.aws.Queue;
  link: sst.Linkable<{ url: $util.Output<string> }>;
};
export type Queues = Record<QueueName, Queue>;
/** The dead-letter queue of each rule, for events that could not be delivered. */
export type DeadLetters = Record<RuleName, sst.aws.Queue>;
export type RequestMetric = "count" | "errors" | "refusals" | "denied" | "duration" | "prompt" | "slow";
export type RequestMetrics = Record<
  RequestMetric,
  { namespace: string; metricName: string; dimensions: { stage: string } }
>;

export type Bucket = { name: $util.Output<string>; arn: $util.Output<string> };
/** A bucket for documents and its encryption key. `bucket` is set when the stage owns the bucket. */
export type Documents = Bucket & { keyArn: $util.Output<string>; bucket?: sst.aws.Bucket };

/** Resources of the lost stage that its recovering stage uses. */
export type Recovered = {
  databaseBackupsArn: $util.Output<string>;
  documents: Documents;
  tenantKeyArn: $util.Output<string>;
  pepper: $util.Output<string>;
  /** Values of X-Origin-Verify that the lost stage's CloudFront sends. */
  originVerify: $util.Output<string[]>;
};
