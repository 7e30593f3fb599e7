/// <reference path="../.sst/platform/config.d.ts" />
import type { FunctionName, QueueName, QueueSpec, RuleName } from "../packages/functions/src/topology.ts";

/** Types of what the files of this folder pass to each other. They stand here so that no two files import one another. */

export type Functions = Record<FunctionName, sst.aws.Function>;
/** ARNs that API Gateway calls, by function. */
export type Aliases = Partial<Record<FunctionName, $util.Output<string>>>;
/** A queue with its dead-letter queue and the link that handlers read. */
export type Queue = {
  spec: QueueSpec;
  queue: sst.aws.Queue;
  dead: sst.aws.Queue;
  link: sst.Linkable<{ url: $util.Output<string> }>;
};
export type Queues = Record<QueueName, Queue>;
/** Where events go that a rule could not deliver, by rule. */
export type DeadLetters = Record<RuleName, sst.aws.Queue>;
export type RequestMetric = "count" | "errors" | "refusals" | "duration" | "prompt" | "slow";
export type RequestMetrics = Record<RequestMetric, { namespace: string; metricName: string }>;

export type Bucket = { name: $util.Output<string>; arn: $util.Output<string> };
/** A bucket for documents, with the key they are encrypted with; `bucket` where it is the stage's own. */
export type Documents = Bucket & { keyArn: $util.Output<string>; bucket?: sst.aws.Bucket };

/** What another stage left for the one that recovers it. */
export type Recovered = {
  databaseBackupsArn: $util.Output<string>;
  documents: Documents;
  tenantKeyArn: $util.Output<string>;
  pepper: $util.Output<string>;
  /** By which the CloudFront in front of the lost region proves itself. */
  originVerify: $util.Output<string[]>;
};
