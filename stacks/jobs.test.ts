import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tasks } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated, imageOf } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("tasks", () => {
  it.each(Object.entries(tasks))(
    "X-1 X-2 X-5 X-6 %s has the links of the topology and the blueprint's size",
    (name, spec) => {
      const task = production.one("ecs/taskDefinition:TaskDefinition", `${pascal(name)}Task`);
      expect(task).toMatchObject({ family: "resolve-app", networkMode: "awsvpc", cpu: "2048", memory: "4096" });
      const [container] = JSON.parse(task["containerDefinitions"]);
      expect(container).toMatchObject({
        healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
        portMappings: [{ containerPort: 5000 }],
        stopTimeout: 120,
        logConfiguration: {
          options: {
            "awslogs-group": "/ecs/resolve-app",
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "app",
          },
        },
      });
      const given = container.environment.map((one: { name: string }) => one.name);
      for (const link of spec.links.filter((link) => link !== "Ocr")) expect(given).toContain(`SST_RESOURCE_${link}`);
      expect(given).not.toContain("SST_RESOURCE_Ocr");
      const service = production.one("ecs/service:Service", `${pascal(name)}Service`);
      expect(service).toMatchObject({ desiredCount: 3, enableExecuteCommand: false });
      expect(service["networkConfiguration"]).toMatchObject({ assignPublicIp: false });
      expect(service["networkConfiguration"].subnets).toEqual([
        expect.stringContaining("AppSubnet1"),
        expect.stringContaining("AppSubnet2"),
      ]);
    },
  );

  it("X-7 X-8 X-9 T-10 F-66 tasks scale with load and with their queue, from zero where the stage allows it", () => {
    const target = (stage: "production" | "production-lean") =>
      evaluated(stage).one("appautoscaling/target:Target", "VectorWorkerAutoScalingTarget");
    expect(target("production")).toMatchObject({ minCapacity: 3, maxCapacity: 20 });
    expect(target("production-lean")).toMatchObject({ minCapacity: 0, maxCapacity: 20 });
    const policy = (name: string) => production.one("appautoscaling/policy:Policy", `VectorWorker${name}`);
    for (const [name, targetValue] of [
      ["CPU", 70],
      ["Memory", 80],
    ] as const)
      expect(policy(name)["targetTrackingScalingPolicyConfiguration"]).toMatchObject({
        targetValue,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
        disableScaleIn: true,
      });
    const lean = evaluated("production-lean");
    const alarm = (name: string) => lean.one("cloudwatch/metricAlarm:MetricAlarm", `VectorWorker${name}Alarm`);
    const metrics = (name: string) =>
      alarm(name)["metricQueries"].flatMap(
        ({ metric }: { metric?: { metricName: string } }) => metric?.metricName ?? [],
      );
    // Messages in work do not start another task, and they prevent scaling in.
    expect(metrics("Out")).toEqual(["ApproximateNumberOfMessagesVisible"]);
    expect(metrics("In")).toEqual(["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"]);
    expect([alarm("Out"), alarm("In")]).toMatchObject([{ evaluationPeriods: 1 }, { evaluationPeriods: 15 }]);
    expect(alarm("Out")["alarmActions"]).toEqual([expect.stringContaining("VectorWorkerOut")]);
  });

  it("the image's program starts, reports its health, and ends on SIGTERM", async () => {
    const directory = imageOf("vector-worker");
    expect(await readFile(join(directory, "Dockerfile"), "utf8")).toContain("main.mjs");
    const port = await freePort();
    const queue = { url: "http://127.0.0.1:9/queue", endpoint: "http://127.0.0.1:9" };
    const child = spawn(process.execPath, [join(directory, "main.mjs"), "--port", String(port)], {
      env: {
        SST_RESOURCE_VectorJobs: JSON.stringify(queue),
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
        AWS_REGION: "us-east-1",
      },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    const health = async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.status;
    try {
      await expect.poll(health, { timeout: 40_000 }).toBe(200);
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    } finally {
      // Nothing when it has ended.
      child.kill("SIGKILL");
    }
  });
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};
