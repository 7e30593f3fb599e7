import { describe, expect, it } from "vitest";
import { routes } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type Evaluation, evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");
const served = [...new Set(Object.values(routes))].map(pascal);

describe("release", () => {
  it("P-2 some instances of production's API are warm, behind the alias that is called", () => {
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

  it("T-5 callers reach an alias of a published version", () => {
    const integrations = [...production.all("apigatewayv2/integration:Integration").values()];
    expect(integrations).toHaveLength(Object.keys(routes).length);
    for (const { integrationUri } of integrations) expect(integrationUri).toMatch(/Live|:live/);
    for (const name of served) {
      expect(production.one("lambda/function:Function", `${name}Function`)["publish"]).toBe(true);
      expect(production.one("lambda/alias:Alias", `${name}Live`)["name"]).toBe("live");
    }
  });

  describe("the code behind the API and behind the queues", () => {
    const type = "lambda/alias:Alias";
    /** Where Pulumi leaves an alias: an ignored property of one that exists keeps its value. */
    const versionAfter = (evaluation: Evaluation, name: string, before?: string): string =>
      before !== undefined && evaluation.ignoreChanges(type, name).includes("functionVersion")
        ? before
        : evaluation.one(type, name)["functionVersion"];
    const plain = evaluated("staging");
    const canary = evaluated("staging-canary");
    const published = "2";

    it.each(served.map((name) => `${name}Live`))("T-5 %s is on the version that sst deploy publishes", (name) => {
      expect(versionAfter(plain, name), "first deployment").toBe(published);
      expect(versionAfter(plain, name, "1"), "second deployment").toBe(published);
    });

    it.each(served.map((name) => `${name}Live`))("T-5 scripts/deploy.sh leaves %s to CodeDeploy", (name) => {
      expect(versionAfter(canary, name), "first deployment, where there is nothing to move").toBe(published);
      expect(versionAfter(canary, name, "1"), "second deployment").toBe("1");
      expect(canary.ignoreChanges(type, name)).toContain("routingConfig");
      // Also after a canary that was taken back, sst deploy brings API and consumers to the same version again.
      expect(versionAfter(plain, name, versionAfter(canary, name, "1"))).toBe(published);
    });

    it("consumers are reached without an alias: their code changes with the deployment", () => {
      for (const [name, { functionName }] of plain.all("lambda/eventSourceMapping:EventSourceMapping"))
        expect(functionName, name).not.toMatch(/:\w+$/);
    });
  });

  it("X-13 a tenth of the callers for five minutes, back at the first alarm", () => {
    const group = production.one("codedeploy/deploymentGroup:DeploymentGroup", "ReleaseGroup");
    expect(group).toMatchObject({
      deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      autoRollbackConfiguration: { enabled: true },
    });
    expect(group["alarmConfiguration"].alarms).toHaveLength(1 + served.length);
    expect(group["autoRollbackConfiguration"].events).toContain("DEPLOYMENT_STOP_ON_ALARM");
    const alarms = production.all("cloudwatch/metricAlarm:MetricAlarm");
    for (const name of served) expect(alarms.get(`${name}LiveErrors`)!["dimensions"].Resource).toMatch(/:live$/);
    // Long enough to be seen within the five minutes.
    expect(alarms.get("FailedRequests")).toMatchObject({ period: 60, evaluationPeriods: 3, datapointsToAlarm: 2 });
  });

  it("sst dev has neither: its functions run on a laptop", () => {
    const dev = evaluated("developer-dev");
    expect(dev.all("lambda/alias:Alias").size).toBe(0);
    expect(dev.all("codedeploy/deploymentGroup:DeploymentGroup").size).toBe(0);
  });
});
