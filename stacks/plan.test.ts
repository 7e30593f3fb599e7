import { describe, expect, it } from "vitest";
import { type EvaluatedName, type EvaluatedResource, evaluated, type Inputs, variants } from "./testing/evaluation.ts";
import { describePlan, holders, losses, planOf } from "./testing/plan.ts";

const production = evaluated("production").resources;

/** Production after a change of one resource's inputs. */
const after = (name: string, change: (inputs: Inputs) => void): EvaluatedResource[] => {
  const resources = structuredClone(production);
  change(resources.find((one) => one.name === name && !/^sst:|:Selection$/.test(one.type))!.inputs);
  return resources;
};
const planAfter = (name: string, change: (inputs: Inputs) => void) => planOf(production, after(name, change));

describe("a plan", () => {
  it("is empty for the same program", () => {
    const plan = planOf(production, evaluated("production-again").resources);
    expect(plan).toMatchObject({ created: [], changed: [], replaced: [], removed: [] });
    expect(plan.unchanged).toBeGreaterThan(400);
  });

  it("shows what is created, changed and removed, with both values", () => {
    const bigger = planAfter("ApiFunction", (one) => (one["memorySize"] = 2048));
    const difference = { property: "memorySize", before: "1024", after: "2048" };
    expect(bigger.changed).toMatchObject([
      { resource: "aws:lambda/function:Function ApiFunction", differences: [difference] },
    ]);
    expect([bigger.created, bigger.replaced, bigger.removed]).toEqual([[], [], []]);
    const fewer = production.filter(({ name }) => name !== "HighErrorRate");
    expect(planOf(production, fewer).removed).toMatchObject([
      { resource: "aws:cloudwatch/metricAlarm:MetricAlarm HighErrorRate" },
    ]);
    expect(planOf(fewer, production).created).toEqual(["aws:cloudwatch/metricAlarm:MetricAlarm HighErrorRate"]);
    const text = describePlan("production", bigger, []);
    expect(text).toContain("### production: 0 created, 1 changed, 0 replaced, 0 removed");
    expect(text).toContain("`memorySize`: `1024` → `2048`");
  });

  const replacements: [name: string, change: (inputs: Inputs) => void][] = [
    ["Database", (one) => (one["storageEncrypted"] = false)],
    ["Database", (one) => (one["identifier"] = "resolve-other")],
    ["Database", (one) => (one["kmsKeyId"] = "arn:aws:kms:us-east-1:123456789012:key/other")],
    ["DocumentsBucketBucket", (one) => (one["region"] = "us-west-2")],
    ["TenantKeys", (one) => (one["multiRegion"] = false)],
    ["DocumentProcessingQueueQueue", (one) => (one["fifoQueue"] = false)],
    ["Users", (one) => (one["usernameConfiguration"].caseSensitive = true)],
    ["ApiKeyPepperValue", (one) => (one["length"] = 64)],
    ["AppDatabaseLogin", (one) => (one["name"] = "resolve/production/Other")],
    ["BackupVault", (one) => (one["kmsKeyArn"] = "arn:aws:kms:us-east-1:123456789012:key/other")],
    ["EventArchive", (one) => (one["name"] = "other")],
  ];
  it.each(replacements)(
    "refuses to replace %s, which holds data, unless it is allowed by name (%s)",
    (name, change) => {
      const plan = planAfter(name, change);
      expect(losses(plan, [])).toHaveLength(1);
      expect(losses(plan, [])[0]).toMatch(new RegExp(` ${name}$`));
      expect(losses(plan, [name])).toEqual([]);
      expect(describePlan("production", plan, [])).toContain("Data would be lost");
      expect(describePlan("production", plan, [name])).not.toContain("Data would be lost");
    },
  );

  it("includes each type of ours that holds data, also one that is added later", () => {
    const stateful =
      /:(Instance|Bucket|Key|ReplicaKey|Secret|Queue|Topic|UserPool|LogGroup|EventArchive|Vault|Table|FileSystem|Cluster|Repository|Volume|Random\w+)$/;
    // A NAT instance and the cluster of Fargate tasks hold nothing, and a random id is part of a name.
    const empty = ["aws:ec2/instance:Instance", "aws:ecs/cluster:Cluster", "random:index/randomId:RandomId"];
    const types = (Object.keys(variants) as EvaluatedName[]).flatMap((name) =>
      evaluated(name).resources.flatMap(({ type }) => (type.startsWith("sst:") ? [] : type)),
    );
    const held = [...new Set(types)].filter((type) => stateful.test(type) && !empty.includes(type));
    expect(held.filter((type) => !(type in holders))).toEqual([]);
    expect(Object.keys(holders).filter((type) => !types.includes(type))).toEqual([]);
  });

  it("refuses to replace a topic, whose subscribers would have to confirm again, and allows to remove the cache", () => {
    expect(
      losses(
        planAfter("Alarms", (one) => (one["name"] = "other")),
        [],
      ),
    ).toEqual(["aws:sns/topic:Topic Alarms"]);
    const options = evaluated("production-options").resources;
    const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
    const plan = planOf(
      options,
      options.filter(({ type }) => type !== cache),
    );
    expect(plan.removed).toMatchObject([{ resource: `${cache} RedisCluster` }]);
    expect(losses(plan, [])).toEqual([]);
  });

  it("calls a change of Cognito's attributes no replacement, because the provider refuses it", () => {
    expect(
      losses(
        planAfter("Users", (one) => one["schemas"].push({ name: "locale" })),
        [],
      ),
    ).toEqual([]);
  });

  it("refuses to remove what holds data", () => {
    const plan = planOf(
      production,
      production.filter(({ name }) => name !== "DocumentsBucketBucket"),
    );
    expect(losses(plan, [])).toEqual(["aws:s3/bucket:Bucket DocumentsBucketBucket"]);
  });

  it("does not call other changes of these resources a replacement", () => {
    const plan = planAfter("Database", (one) => (one["instanceClass"] = "db.r6g.4xlarge"));
    expect(plan.changed).toHaveLength(1);
    expect(losses(plan, [])).toEqual([]);
  });

  it("leaves out properties that keep the value of the previous deployment", () => {
    expect(planAfter("Database", (one) => (one["password"] = "other"))).toMatchObject({ changed: [], replaced: [] });
  });

  it("shows no secret value", () => {
    const plan = planAfter("ApiFunction", (one) => (one["environment"] = { $secret: "hidden-value" }));
    expect(describePlan("production", plan, [])).not.toContain("hidden-value");
  });
});
