/// <reference path="../.sst/platform/config.d.ts" />
import {
  deadLetterRetentionSeconds,
  isTask,
  messageBytesMax,
  type QueueName,
  type QueueSpec,
  queues,
} from "../packages/functions/src/topology.ts";
import { breakpointSeconds, mapValues, pascal } from "./names.ts";
import type { Functions, Queue, Queues } from "./parts.ts";
import type { Stage } from "./stage.ts";

export const createQueues = (): Queues => mapValues<QueueName, QueueSpec, Queue>(queues, createQueue);

/** Connects each queue with its consumer, after the functions exist. A task polls its queue itself. */
export const subscribeConsumers = (queues: Queues, functions: Functions, stage: Stage): void => {
  for (const { queue, spec } of Object.values(queues))
    if (!isTask(spec.consumer))
      queue.subscribe(functions[spec.consumer].arn, {
        batch: { size: spec.batchSize, partialResponses: true },
        transform: { eventSourceMapping: scaling(spec, stage) },
      });
};

const createQueue = (spec: QueueSpec, name: QueueName): Queue => {
  const component = pascal(name);
  const dead = new sst.aws.Queue(`${component}Dlq`, {
    fifo: spec.fifo,
    transform: {
      queue: {
        messageRetentionSeconds: deadLetterRetentionSeconds,
        maxMessageSize: messageBytesMax,
        sqsManagedSseEnabled: true,
      },
    },
  });
  const queue = new sst.aws.Queue(`${component}Queue`, {
    fifo: spec.fifo,
    visibilityTimeout: `${$dev ? breakpointSeconds : spec.visibilityTimeoutSeconds} seconds`,
    dlq: { queue: dead.arn, retry: spec.maxReceiveCount },
    transform: {
      queue: {
        messageRetentionSeconds: spec.retentionSeconds,
        maxMessageSize: messageBytesMax,
        receiveWaitTimeSeconds: 20,
        sqsManagedSseEnabled: true,
      },
    },
  });
  const link = new sst.Linkable(component, { properties: { url: queue.url } });
  return { spec, queue, dead, link };
};

/** Lambda's minimum for maximumConcurrency is 2. */
const scaling = (spec: QueueSpec, stage: Stage) => ({
  scalingConfig: { maximumConcurrency: Math.max(2, Math.round(spec.maximumConcurrency * stage.concurrencyShare)) },
});
