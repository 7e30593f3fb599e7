import { describe, expect, it } from "vitest";
import { queueOf as jobQueueOf, jobTypes, vectorKinds } from "../packages/core/src/jobs/index.ts";
import {
  type FunctionName,
  functions,
  isTask,
  queues,
  routes,
  rules,
  schedules,
} from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated, type Inputs } from "./testing/evaluation.ts";

const production = evaluated("production");

/** Component names of resources, such as `ProcessDocument` for the ARN of its function. */
const functionOf = (arn: string): string => {
  const found = [...production.all("lambda/function:Function")].find(([, { name }]) => arn.includes(`:${name}`));
  return found ? found[0].replace(/Function$/, "") : arn;
};
const queueOf = (arn: string): string => {
  const found = [...production.all("sqs/queue:Queue")].find(([, { name }]) => arn.endsWith(`:${name}`));
  return found ? found[0].replace(/Queue$/, "") : arn;
};
const inputs = (type: string): Inputs[] => [...production.all(type).values()];

/** Source and target of every connection in the evaluated resources. */
const evaluatedConnections = () => [
  ...inputs("lambda/eventSourceMapping:EventSourceMapping").map(
    (one) => `queue ${queueOf(one["eventSourceArn"])} → ${functionOf(one["functionName"])}`,
  ),
  ...inputs("cloudwatch/eventTarget:EventTarget").map(
    (one) => `rule ${one["rule"].replace(/-\w+$/, "")} → ${functionOf(one["arn"])}`,
  ),
  ...inputs("scheduler/schedule:Schedule").map(
    (one) => `schedule ${one["scheduleExpression"]} → ${functionOf(one["target"].arn)}`,
  ),
  ...inputs("apigatewayv2/route:Route").map((one) => `route ${one["routeKey"]}`),
];

/** The same connections in the topology, which the local runtime starts from. */
const topologyConnections = () => [
  ...Object.entries(queues)
    .filter(([, { consumer }]) => !isTask(consumer))
    .map(([name, { consumer }]) => `queue ${pascal(name)}Queue → ${pascal(consumer)}`),
  ...Object.entries(rules).map(([name, { target }]) => `rule ${pascal(name)}Rule → ${pascal(target)}`),
  ...Object.values(schedules).map(({ expression, target }) => `schedule ${expression} → ${pascal(target)}`),
  ...Object.keys(routes).map((route) => `route ${route}`),
];

describe("topology", () => {
  it("F-65 G-5 G-6 AWS and the local runtime have the same connections", () => {
    expect(evaluatedConnections().sort()).toEqual(topologyConnections().sort());
  });

  it("Fargate runs vector jobs and oversized documents only; jobs without vectors run in a function", () => {
    expect(Object.keys(vectorKinds).sort()).toEqual(["check", "index", "prune", "reembed", "reindex"]);
    expect(Object.values(queues).filter(({ consumer }) => isTask(consumer))).toHaveLength(1);
    expect(queues["vector-jobs"].consumer).toBe("vector-worker");
    for (const type of jobTypes) expect(jobQueueOf(type), type).toBe(type in vectorKinds ? "vector-jobs" : "job-steps");
    const runner = functions[queues["job-steps"].consumer as FunctionName];
    // A step of 40 s fits, after the 20 s in which steps begin.
    expect(runner).toMatchObject({ timeoutSeconds: 60, network: "vpc" });
    expect(runner.links).not.toContain("BuilderDatabase");
  });

  it("every function has a trigger, except those that people, deployments and Secrets Manager invoke", () => {
    const called = [...Object.values(queues).map(({ consumer }) => consumer), ...Object.values(routes)].concat(
      [...Object.values(rules), ...Object.values(schedules)].map(({ target }) => target),
    );
    const byHand = Object.keys(functions).filter((name) => !called.includes(name as never));
    expect(byHand).toEqual(["bootstrap", "migrate", "rotate-login"]);
  });
});
