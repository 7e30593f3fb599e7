import { describe, expect, it } from "vitest";
import { type EvaluatedName, evaluated, variants } from "./testing/evaluation.ts";
import { recorder } from "./testing/mocks.mjs";
import { identityOf, nameProblem } from "./testing/names.mjs";

describe("names", () => {
  it.each(Object.keys(variants) as EvaluatedName[])("AWS accepts the name of every resource of %s", (stage) => {
    for (const { type, name, inputs } of evaluated(stage).resources)
      expect(nameProblem(type, name, inputs), name).toBeUndefined();
  });

  it.each(Object.keys(variants) as EvaluatedName[])("no two resources of %s have the same name", (stage) => {
    const names = evaluated(stage).resources.flatMap(
      ({ type, name, inputs }) => identityOf(type, name, inputs, "us-east-1") ?? [],
    );
    expect(names.length).toBeGreaterThan(50);
    expect(new Set(names).size).toBe(names.length);
  });

  const proxy = "aws:rds/proxy:Proxy";
  it("the evaluation fails for an RDS resource without an explicit name, since its automatic name has a capital letter", () => {
    const made = { type: proxy, name: "DatabaseProxy", inputs: {}, id: "", custom: true };
    expect(() => recorder(1).mocks.newResource(made)).toThrow('AWS refuses the name "DatabaseProxy-');
  });

  it("the evaluation fails for a second resource with the same name", () => {
    const { mocks } = recorder(1);
    const queue = (name: string) => ({
      type: "aws:sqs/queue:Queue",
      name,
      inputs: { name: "same" },
      id: "",
      custom: true,
    });
    mocks.newResource(queue("One"));
    expect(() => mocks.newResource(queue("Other"))).toThrow("Other has the name of One: same.");
  });

  it.each([
    [proxy, { name: "Resolve-production" }],
    [proxy, { name: "resolve--pr" }],
    [proxy, { name: `a${"b".repeat(63)}` }],
    ["aws:rds/instance:Instance", { identifier: "1st" }],
    ["aws:s3/bucket:Bucket", { bucket: "Resolve" }],
    ["aws:sqs/queue:Queue", { name: "a.queue" }],
    ["aws:iam/role:Role", { name: "r".repeat(65) }],
    ["aws:secretsmanager/secret:Secret", { name: "resolve/production-AbCdE1" }],
    ["aws:cognito/userPoolDomain:UserPoolDomain", { domain: "my-aws-login" }],
    ["aws:elasticache/replicationGroup:ReplicationGroup", { replicationGroupId: "r".repeat(41) }],
    ["aws:ecs/cluster:Cluster", { name: "our tasks" }],
    ["aws:cloudwatch/eventArchive:EventArchive", { name: "a".repeat(49) }],
  ])("AWS refuses %s %o", (type, inputs) => {
    expect(nameProblem(type, "Logical", inputs)).toContain("AWS refuses");
  });

  it("a type without a rule is an error", () => {
    expect(nameProblem("aws:rds/optionGroup:OptionGroup", "Options", { name: "options" })).toContain("no naming rule");
  });
});
