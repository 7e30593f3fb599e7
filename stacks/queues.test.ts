import { describe, expect, it } from "vitest";
import { fetchSeconds } from "../packages/core/src/documents/fetch.ts";
import { attemptSeconds } from "../packages/core/src/webhooks/send.ts";
import { reserveSeconds } from "../packages/functions/src/queues/each-message.ts";
import {
  type FunctionName,
  functions,
  isTask,
  messageBytesMax,
  queues,
  type TaskName,
  tasks,
} from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

const timeoutOf = (consumer: FunctionName | TaskName): number =>
  isTask(consumer) ? Number.POSITIVE_INFINITY : functions[consumer].timeoutSeconds;

describe("queues", () => {
  it.each(Object.entries(queues))("F-35 %s has the settings of the topology", (name, spec) => {
    const queue = production.one("sqs/queue:Queue", `${pascal(name)}QueueQueue`);
    const dead = production.one("sqs/queue:Queue", `${pascal(name)}DlqQueue`);
    expect(queue).toMatchObject({
      fifoQueue: spec.fifo,
      visibilityTimeoutSeconds: spec.visibilityTimeoutSeconds,
      messageRetentionSeconds: spec.retentionSeconds,
      maxMessageSize: messageBytesMax,
      receiveWaitTimeSeconds: 20,
      sqsManagedSseEnabled: true,
    });
    const redrive = JSON.parse(queue["redrivePolicy"]);
    expect(redrive.maxReceiveCount).toBe(spec.maxReceiveCount);
    expect(redrive.deadLetterTargetArn.endsWith(`:${dead["name"]}`)).toBe(true);
    expect(dead).toMatchObject({ fifoQueue: spec.fifo, messageRetentionSeconds: 14 * 86_400 });
    if (isTask(spec.consumer)) return;
    // AWS recommends at least six times the function's timeout, so that a slow batch is not received twice. Q-5 fixes
    // 60 s for webhooks.
    const factor = spec.visibilityTimeoutSeconds / functions[spec.consumer].timeoutSeconds;
    expect(factor).toBeGreaterThanOrEqual(name === "webhook-delivery" ? 3 : 6);
  });

  it.each([
    ["webhook-delivery", attemptSeconds],
    ["url-fetch", fetchSeconds],
  ] as const)("F-35 H2 the consumer of %s has time for the longest message and its report", (name, seconds) => {
    // The messages of a batch are handled at the same time.
    expect(timeoutOf(queues[name].consumer)).toBeGreaterThanOrEqual(seconds + 5);
  });

  it("H2 consumers that handle one message after the other stop beginning messages before they are stopped", () => {
    for (const { consumer, batchSize } of Object.values(queues))
      if (batchSize > 1) expect(timeoutOf(consumer), consumer).toBeGreaterThanOrEqual(2 * reserveSeconds);
  });

  it("Q-1 Q-2 Q-3 Q-4 Q-5 Q-6 F-34 document-processing and webhook-delivery have the blueprint's figures", () => {
    expect(queues["document-processing"]).toMatchObject({
      fifo: true,
      retentionSeconds: 1_209_600,
      visibilityTimeoutSeconds: 300,
      maxReceiveCount: 3,
    });
    expect(queues["webhook-delivery"]).toMatchObject({
      fifo: false,
      retentionSeconds: 345_600,
      visibilityTimeoutSeconds: 60,
      batchSize: 10,
    });
  });

  it("G-5 every consumer reports single failures of a batch and has a concurrency limit", () => {
    const mappings = [...production.all("lambda/eventSourceMapping:EventSourceMapping").values()];
    expect(mappings).toHaveLength(Object.keys(queues).length - Object.keys(tasks).length);
    for (const mapping of mappings) {
      expect(mapping["functionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
      const spec = Object.entries(queues).find(([name]) =>
        mapping["eventSourceArn"].includes(`${pascal(name)}Queue`),
      )![1];
      expect(mapping).toMatchObject({
        batchSize: spec.batchSize,
        scalingConfig: { maximumConcurrency: spec.maximumConcurrency },
      });
      expect(mapping["functionName"]).toContain(`${pascal(spec.consumer)}Function`);
    }
  });
});
