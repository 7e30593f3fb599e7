import { describe, expect, it } from "vitest";
import { evaluated } from "./testing/evaluation.ts";

const elasticache = evaluated("production-options");
const group = () => elasticache.one("elasticache/replicationGroup:ReplicationGroup", "RedisCluster");

describe("cache", () => {
  it("C-1 is a primary and a replica in two zones, with automatic failover", () => {
    expect(group()).toMatchObject({
      engine: "redis",
      nodeType: "cache.r6g.xlarge",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
    });
    const { subnetIds } = elasticache.one("elasticache/subnetGroup:SubnetGroup", "RedisSubnetGroup");
    expect(subnetIds).toEqual([expect.stringContaining("DataSubnet1"), expect.stringContaining("DataSubnet2")]);
  });

  it("C-2 C-3 F-20 evicts the least recently used keys and closes idle connections", () => {
    const { family, parameters } = elasticache.one("elasticache/parameterGroup:ParameterGroup", "RedisParameterGroup");
    expect(family).toBe("redis7");
    expect(
      Object.fromEntries(parameters.map(({ name, value }: { name: string; value: string }) => [name, value])),
    ).toEqual({
      "cluster-enabled": "no",
      "maxmemory-policy": "allkeys-lru",
      timeout: "300",
      "tcp-keepalive": "60",
    });
  });

  it("C-4 S-5 is encrypted in transit and at rest, and requires a password", () => {
    expect(group()).toMatchObject({
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
    });
    expect(elasticache.link("Cache")["url"]).toMatch(/^rediss:/);
    const token = elasticache.secretOf("Cache");
    expect(token).toBe(group()["authToken"]);
    expect(token.length).toBeGreaterThanOrEqual(16);
  });

  it("N-8 accepts connections from functions and tasks only", () => {
    const { ingress, egress } = elasticache.one("ec2/securityGroup:SecurityGroup", "CacheSecurityGroup");
    const securityGroups = [expect.stringContaining("AppSecurityGroup")];
    expect(ingress).toEqual([{ protocol: "tcp", fromPort: 6379, toPort: 6379, securityGroups }]);
    expect(egress).toEqual([]);
    expect(group()["securityGroupIds"]).toEqual([expect.stringContaining("CacheSecurityGroup")]);
  });

  it("tells the API alone how long results of searches are kept, where the stage keeps them", () => {
    expect(elasticache.link("SearchResults")).toEqual({ keptSeconds: 300 });
    expect(evaluated("production").links()).not.toContain("SearchResults");
  });

  it("is Upstash by default", () => {
    const production = evaluated("production");
    expect(production.all("elasticache/replicationGroup:ReplicationGroup").size).toBe(0);
    expect(production.link("Cache")).toMatchObject({ url: "value-of-UpstashRedisRestUrl" });
    expect(production.secretOf("Cache")).toBe("value-of-UpstashRedisRestToken");
  });
});
