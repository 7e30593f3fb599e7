import { describe, expect, it } from "vitest";
import { queues } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("alarms", () => {
  it("tell of every dead letter and of every queue that nobody takes from", () => {
    for (const name of Object.keys(queues).map(pascal)) {
      const dead = production.one("cloudwatch/metricAlarm:MetricAlarm", `${name}DeadLetters`);
      expect(dead).toMatchObject({ threshold: 1, metricName: "ApproximateNumberOfMessagesVisible" });
      expect(dead["dimensions"].QueueName).toBe(production.one("sqs/queue:Queue", `${name}DlqQueue`)["name"]);
      expect(dead["alarmActions"]).toEqual([expect.stringContaining("Alarms")]);
      const age = production.one("cloudwatch/metricAlarm:MetricAlarm", `${name}Age`);
      expect(age["dimensions"].QueueName).toBe(production.one("sqs/queue:Queue", `${name}QueueQueue`)["name"]);
    }
  });
});
