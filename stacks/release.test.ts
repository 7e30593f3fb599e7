import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { routes } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type Evaluation, evaluated, root } from "./testing/evaluation.ts";

const production = evaluated("production");
const apiFunctions = [...new Set(Object.values(routes))].map(pascal);

describe("release", () => {
  it("P-2 production's API has provisioned concurrency on the alias that API Gateway invokes", () => {
    const warm = (stage: "production" | "production-lean") => [
      ...evaluated(stage).all("lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig").values(),
    ];
    expect(warm("production")).toEqual([
      {
        functionName: production.one("lambda/function:Function", "ApiFunction")["name"],
        qualifier: "live",
        provisionedConcurrentExecutions: 5,
      },
    ]);
    expect(warm("production-lean")).toEqual([]);
  });

  it("T-5 API Gateway invokes an alias of a published version", () => {
    const integrations = [...production.all("apigatewayv2/integration:Integration").values()];
    expect(integrations).toHaveLength(Object.keys(routes).length);
    for (const { integrationUri } of integrations) expect(integrationUri).toMatch(/Live|:live/);
    for (const name of apiFunctions) {
      expect(production.one("lambda/function:Function", `${name}Function`)["publish"]).toBe(true);
      expect(production.one("lambda/alias:Alias", `${name}Live`)["name"]).toBe("live");
    }
  });

  describe("the code behind the API and behind the queues", () => {
    const type = "lambda/alias:Alias";
    /** The alias's version after a deployment: Pulumi keeps the current value of an ignored property. */
    const versionAfter = (evaluation: Evaluation, name: string, before?: string): string =>
      before !== undefined && evaluation.ignoreChanges(type, name).includes("functionVersion")
        ? before
        : evaluation.one(type, name)["functionVersion"];
    const plain = evaluated("staging");
    const canary = evaluated("staging-canary");
    const published = "2";

    it.each(apiFunctions.map((name) => `${name}Live`))(
      "T-5 sst deploy moves %s to the version that it publishes",
      (name) => {
        expect(versionAfter(plain, name), "first deployment").toBe(published);
        expect(versionAfter(plain, name, "1"), "second deployment").toBe(published);
      },
    );

    it.each(apiFunctions.map((name) => `${name}Live`))("T-5 scripts/deploy.sh leaves %s to CodeDeploy", (name) => {
      expect(versionAfter(canary, name), "first deployment, without an earlier version").toBe(published);
      expect(versionAfter(canary, name, "1"), "second deployment").toBe("1");
      expect(canary.ignoreChanges(type, name)).toContain("routingConfig");
      // After a canary that was rolled back, sst deploy brings API and consumers to the same version again.
      expect(versionAfter(plain, name, versionAfter(canary, name, "1"))).toBe(published);
    });

    it("consumers have no alias: their code changes with the deployment", () => {
      for (const [name, { functionName }] of plain.all("lambda/eventSourceMapping:EventSourceMapping"))
        expect(functionName, name).not.toMatch(/:\w+$/);
    });
  });

  it("X-13 a tenth of the requests go to the new version for five minutes, and an alarm rolls back", () => {
    for (const name of apiFunctions) {
      const group = production.one("codedeploy/deploymentGroup:DeploymentGroup", `${name}ReleaseGroup`);
      expect(group).toMatchObject({
        deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        autoRollbackConfiguration: { enabled: true },
      });
      // Those of the other function too: both versions are one deployment's code.
      expect(group["alarmConfiguration"].alarms).toHaveLength(1 + apiFunctions.length);
      expect(group["autoRollbackConfiguration"].events).toContain("DEPLOYMENT_STOP_ON_ALARM");
    }
    const alarms = production.all("cloudwatch/metricAlarm:MetricAlarm");
    for (const name of apiFunctions) expect(alarms.get(`${name}LiveErrors`)!["dimensions"].Resource).toMatch(/:live$/);
    // Two of three minutes, so that the alarm fires within the five minutes.
    expect(alarms.get("FailedRequests")).toMatchObject({ period: 60, evaluationPeriods: 3, datapointsToAlarm: 2 });
  });

  it("sst dev has neither alias nor deployment group: its functions run on the developer's machine", () => {
    const dev = evaluated("developer-dev");
    expect(dev.all("lambda/alias:Alias").size).toBe(0);
    expect(dev.all("codedeploy/deploymentGroup:DeploymentGroup").size).toBe(0);
  });
});

describe("X-13 each tier is replaced without losing work", () => {
  it("X-13 the API: requests stay on the published version until CodeDeploy shifts them, with warm instances there", () => {
    const canary = evaluated("staging-canary");
    for (const name of ["ApiLive", "ApiWaitLive"])
      expect(canary.ignoreChanges("lambda/alias:Alias", name)).toEqual(["functionVersion", "routingConfig"]);
    const warm = production.one("lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "ApiWarm");
    expect(warm["qualifier"]).toBe(production.one("lambda/alias:Alias", "ApiLive")["name"]);
  });

  it("X-13 consumers: a message whose function is replaced stays in its queue and is received again", () => {
    for (const [name, { functionName, eventSourceArn, functionResponseTypes }] of production.all(
      "lambda/eventSourceMapping:EventSourceMapping",
    )) {
      const invoked = [...production.all("lambda/function:Function").values()].find((one) =>
        functionName.endsWith(one["name"]),
      )!;
      const queue = [...production.all("sqs/queue:Queue").values()].find((one) =>
        eventSourceArn.endsWith(`:${one["name"]}`),
      )!;
      expect(queue["visibilityTimeoutSeconds"], name).toBeGreaterThan(invoked["timeout"]);
      expect(JSON.parse(queue["redrivePolicy"]).maxReceiveCount, name).toBeGreaterThan(1);
      expect(functionResponseTypes, name).toEqual(["ReportBatchItemFailures"]);
    }
  });

  it("X-13 tasks: new ones start before old ones stop, which have longer than the worker's grace; a bad image is rolled back", async () => {
    const service = production.one("ecs/service:Service", "VectorWorkerService");
    expect(service["deploymentCircuitBreaker"]).toEqual({ enable: true, rollback: true });
    // ECS's default keeps 100 % and allows 200 %.
    expect(service["deploymentMinimumHealthyPercent"] ?? 100).toBe(100);
    expect(service["deploymentMaximumPercent"] ?? 200).toBe(200);
    const task = production.one("ecs/taskDefinition:TaskDefinition", "VectorWorkerTask");
    const [{ stopTimeout }] = JSON.parse(task["containerDefinitions"]);
    const program = await readFile(join(root, "packages/jobs/src/main.ts"), "utf8");
    const graceSeconds = Number(/graceMs = ([\d_]+)/.exec(program)![1]!.replaceAll("_", "")) / 1000;
    expect(graceSeconds).toBeGreaterThan(60);
    expect(stopTimeout).toBeGreaterThan(graceSeconds);
  });
});
