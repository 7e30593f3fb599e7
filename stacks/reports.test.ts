// Faults of other people's first or second deployments with the same resource types, from public reports, and why ours do not have
// them. Rules for what one service sends to another are in order.test.ts: firewall logs (terraform-provider-aws#25296), consumers of
// queues (sst#5737).
import { describe, expect, it } from "vitest";
import { type EvaluatedName, evaluated, variants } from "./testing/evaluation.ts";
import { reach } from "./testing/references.ts";

const production = evaluated("production");
const stages = Object.keys(variants) as EvaluatedName[];

/** The resources that one waits for, directly or not. */
const earlierThan = (type: string, name: string) =>
  reach(
    new Map(production.resources.map((one) => [`${one.type} ${one.name}`, one.dependencies])),
    `aws:${type} ${name}`,
  );

describe("faults of other first deployments", () => {
  it("R-4 a bucket is replicated when both buckets keep versions (terraform-aws-remote-state-s3-backend#107)", () => {
    const earlier = earlierThan("s3/bucketReplicationConfig:BucketReplicationConfig", "DocumentsReplication");
    for (const name of ["DocumentsBucket", "DocumentsReplicaBucket"])
      expect(earlier).toContain(`aws:s3/bucketVersioning:BucketVersioning ${name}Versioning`);
  });

  it.each(stages)(
    "the log of a distribution is delivered once, from us-east-1, in %s (terraform-provider-aws#42194, terraform-aws-cloudfront#197)",
    (stage) => {
      const evaluation = evaluated(stage);
      const types = ["logDelivery:LogDelivery", "logDeliverySource:LogDeliverySource"] as const;
      for (const type of types)
        for (const [name, inputs] of evaluation.all(`cloudwatch/${type}`))
          expect(inputs["region"], name).toBe("us-east-1");
      const sources = [...evaluation.all("cloudwatch/logDelivery:LogDelivery").values()].map(
        (one) => one["deliverySourceName"],
      );
      expect(new Set(sources).size).toBe(sources.length);
    },
  );

  it("logs that AWS delivers are below /aws/vendedlogs, which its policy allows without naming each group (sst#125)", () => {
    for (const name of ["HttpApiAccessLog", "EdgeLogs"])
      expect(production.one("cloudwatch/logGroup:LogGroup", name)["name"], name).toMatch(/^\/aws\/vendedlogs\//);
    const [firewall] = production.one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "FirewallLogging")[
      "logDestinationConfigs"
    ];
    expect(firewall).toContain(":log-group:aws-waf-logs-");
  });

  it("warm instances are part of what the function may run at once (sst#5829)", () => {
    for (const warm of production.all("lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig").values()) {
      const reserved = [...production.all("lambda/function:Function").values()].find(
        (one) => one["name"] === warm["functionName"],
      )!["reservedConcurrentExecutions"];
      expect(warm["provisionedConcurrentExecutions"]).toBeLessThanOrEqual(reserved);
    }
  });

  it("the proxy gets its target when the instance is available (aws-cdk#31304)", () => {
    expect(earlierThan("rds/proxyTarget:ProxyTarget", "DatabaseProxyTarget")).toContain(
      "aws:rds/instance:Instance Database",
    );
  });

  it("the constraints of Cognito's attributes are explicit, and those of a standard attribute are Cognito's own (terraform-provider-aws#21654, #38224)", () => {
    for (const { name, attributeDataType, stringAttributeConstraints } of production.one(
      "cognito/userPool:UserPool",
      "Users",
    )["schemas"]) {
      expect(attributeDataType, name).toBe("String");
      expect(Object.keys(stringAttributeConstraints).sort(), name).toEqual(["maxLength", "minLength"]);
      if (name === "email") expect(stringAttributeConstraints).toEqual({ minLength: "0", maxLength: "2048" });
    }
  });

  it("tasks are started by launch type, so that they need no capacity provider of the cluster (terraform-aws-ecs#27)", () => {
    expect(production.one("ecs/service:Service", "VectorWorkerService")).toMatchObject({ launchType: "FARGATE" });
    expect(production.one("ecs/service:Service", "VectorWorkerService")).not.toHaveProperty(
      "capacityProviderStrategies",
    );
  });

  it("a deployment with a canary never moves an alias that has warm instances (terraform-provider-aws#48116)", () => {
    // Lambda refuses to set warm instances while it moves the alias from one version to the next.
    for (const name of ["ApiLive", "ApiWaitLive"])
      expect(evaluated("staging-canary").ignoreChanges("lambda/alias:Alias", name)).toContain("functionVersion");
  });
});
