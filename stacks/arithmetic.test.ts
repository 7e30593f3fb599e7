import { readFileSync } from "node:fs";
import { BlockList } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functions, isTask, queues, routes, schedules } from "../packages/functions/src/topology.ts";
import { stageOf } from "./stage.ts";
import { evaluated, root } from "./testing/evaluation.ts";

const stages = ["production", "production-west", "production-lean", "staging", "developer"] as const;
const production = evaluated("production");

describe("addresses", () => {
  it.each(stages)("N-1 subnets of %s are in its network and do not overlap", (stage) => {
    const evaluation = evaluated(stage);
    const { cidrBlock } = evaluation.one("ec2/vpc:Vpc", "Network");
    const network = blockOf(cidrBlock);
    const blocks = [...evaluation.all("ec2/subnet:Subnet").values()].map((subnet) => subnet["cidrBlock"] as string);
    expect(blocks).toHaveLength(6);
    for (const block of blocks) {
      for (const address of edgesOf(block)) expect(network.check(address), `${block} in ${cidrBlock}`).toBe(true);
      for (const other of blocks.filter((one) => one !== block))
        for (const address of edgesOf(block))
          expect(blockOf(other).check(address), `${block} and ${other}`).toBe(false);
    }
  });
});

describe("times", () => {
  it("F-32 each timeout is longer than the next inner one: CloudFront, API Gateway, function, SQL statement", () => {
    const [api] = production.one("cloudfront/distribution:Distribution", "EdgeDistribution")["origins"];
    // The fixed integration timeout of an HTTP API.
    const gatewaySeconds = 30;
    expect(api.customOriginConfig.originReadTimeout).toBeGreaterThanOrEqual(gatewaySeconds);
    for (const name of new Set(Object.values(routes)))
      expect(functions[name].timeoutSeconds).toBeLessThan(gatewaySeconds);
    const roles = readFileSync(join(root, "packages/core/migrations/0001_baseline.sql"), "utf8");
    const statementSeconds = Number(/\('api'[^)]*?'(\d+)s'/.exec(roles)?.[1]);
    expect(statementSeconds).toBeGreaterThan(0);
    expect(functions.api.timeoutSeconds).toBeGreaterThan(statementSeconds);
  });

  it("a scheduled run ends before two more runs have started", () => {
    for (const { expression, target } of Object.values(schedules)) {
      const [, count, unit] = /^rate\((\d+) (minute|hour)/.exec(expression) ?? [];
      const seconds = count ? Number(count) * (unit === "hour" ? 3600 : 60) : 86_400;
      expect(functions[target].timeoutSeconds, target).toBeLessThanOrEqual(2 * seconds);
    }
  });

  it("F-35 dead-letter queues keep messages at least as long as their source queues", () => {
    for (const [name, queue] of production.all("sqs/queue:Queue")) {
      const redrive = queue["redrivePolicy"] && JSON.parse(queue["redrivePolicy"]);
      if (!redrive) continue;
      const dead = [...production.all("sqs/queue:Queue").values()].find((one) =>
        redrive.deadLetterTargetArn.endsWith(`:${one["name"]}`),
      )!;
      expect(dead["messageRetentionSeconds"], name).toBeGreaterThanOrEqual(queue["messageRetentionSeconds"]);
      // All receives of a message take less time than its retention.
      expect(redrive.maxReceiveCount * queue["visibilityTimeoutSeconds"], name).toBeLessThan(
        queue["messageRetentionSeconds"],
      );
    }
  });

  it("F-45 reserved, consumer and request concurrency together stay below the account's 1,000", () => {
    const reserved = [...production.all("lambda/function:Function").values()].map(
      (one) => one["reservedConcurrentExecutions"] ?? 0,
    );
    const consumed = Object.values(queues).map((spec) => (isTask(spec.consumer) ? 0 : spec.maximumConcurrency));
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    // 2,000 requests per second of 100 ms each (stage.throttle) are 200 concurrent executions.
    const { throttlingRateLimit } = production.one("apigatewayv2/stage:Stage", "HttpApiStage")["defaultRouteSettings"];
    expect(sum(reserved) + sum(consumed) + throttlingRateLimit * 0.1).toBeLessThan(1_000);
  });

  it.each(stages)("X-10 F-66 API Gateway limits the requests per second of %s", (stage) => {
    const { requestsPerSecond, burst } = stageOf(stage).throttle;
    const { defaultRouteSettings } = evaluated(stage).one("apigatewayv2/stage:Stage", "HttpApiStage");
    expect(defaultRouteSettings).toMatchObject({
      throttlingRateLimit: requestsPerSecond,
      throttlingBurstLimit: burst,
    });
  });
});

const blockOf = (cidr: string): BlockList => {
  const [address, bits] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(address!, Number(bits));
  return list;
};

/** First and last address of a block. */
const edgesOf = (cidr: string): string[] => {
  const [address, bits] = cidr.split("/");
  const first = address!.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const last = first + 2 ** (32 - Number(bits)) - 1;
  return [first, last].map((number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join("."));
};
