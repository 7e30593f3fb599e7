import { describe, expect, it } from "vitest";
import { type Evaluation, evaluated } from "./testing/evaluation.ts";
import { recoveryNote } from "./testing/mocks.mjs";
import { losses, planOf } from "./testing/plan.ts";

const production = evaluated("production");
const standby = evaluated("production-west-standby");
const west = evaluated("production-west-active");

const names = (evaluation: Evaluation, type: string, key: string) =>
  [...evaluation.all(type).values()].map((inputs) => inputs[key] as string);

describe("recovery", () => {
  it("N-10 production is in us-east-1, and its recovery stage in us-west-2", () => {
    for (const [evaluation, region] of [
      [production, "us-east-1"],
      [west, "us-west-2"],
    ] as const)
      expect(evaluation.one("ec2/subnet:Subnet", "AppSubnet1")["availabilityZone"]).toMatch(
        new RegExp(`^${region}[a-z]$`),
      );
    expect(JSON.stringify([...west.all("iam/role:Role")])).not.toContain("us-east-1");
  });

  it("N-10 production and its recovery stage have different addresses and different global names", () => {
    const blocks = (evaluation: Evaluation) => names(evaluation, "ec2/subnet:Subnet", "cidrBlock");
    expect(blocks(west).filter((block) => blocks(production).includes(block))).toEqual([]);
    expect(west.one("ec2/vpc:Vpc", "Network")["cidrBlock"]).toBe("10.1.0.0/16");
    for (const [type, key] of [
      ["iam/role:Role", "name"],
      ["s3/bucket:Bucket", "bucket"],
    ] as const) {
      const ours = names(production, type, key).filter(Boolean);
      expect(ours.length).toBeGreaterThan(3);
      expect(names(west, type, key).filter((name) => ours.includes(name))).toEqual([]);
    }
  });

  it("R-4 F-42 documents are replicated within 15 minutes to a storage class with immediate access", () => {
    const replication = production.one("s3/bucketReplicationConfig:BucketReplicationConfig", "DocumentsReplication");
    const replica = production.one("s3/bucket:Bucket", "DocumentsReplicaBucketBucket");
    expect(replica["region"]).toBe("us-west-2");
    expect(replication["bucket"]).toBe(production.one("s3/bucket:Bucket", "DocumentsBucketBucket")["bucket"]);
    expect(replication["rules"]).toEqual([
      expect.objectContaining({
        status: "Enabled",
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Enabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
          bucket: `arn:aws:s3:::${replica["bucket"]}`,
          storageClass: "GLACIER_IR",
          encryptionConfiguration: { replicaKmsKeyId: expect.stringContaining(":us-west-2:") },
          replicationTime: { status: "Enabled", time: { minutes: 15 } },
          metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
        },
      }),
    ]);
    const alarm = production.one("cloudwatch/metricAlarm:MetricAlarm", "ReplicationLate");
    expect(alarm).toMatchObject({
      region: "us-west-2",
      threshold: 900,
      dimensions: { RuleId: replication["rules"][0].id },
    });
  });

  it("F-58 the recovery stage uses the database, documents, keys and pepper of the lost stage and creates none", () => {
    const note = production.one("ssm/parameter:Parameter", "RecoveryNote");
    expect(note).toMatchObject({ region: "us-west-2", name: "/resolve/production/recovery", type: "SecureString" });
    const shape = (value: object) => JSON.stringify(value, (_, inner) => (typeof inner === "string" ? "" : inner));
    expect(shape(JSON.parse(note["value"]))).toBe(shape(recoveryNote));
    expect(production.one("kms/key:Key", "TenantKeys")["multiRegion"]).toBe(true);
    expect(production.one("kms/replicaKey:ReplicaKey", "TenantKeysReplica")["region"]).toBe("us-west-2");

    expect(west.one("rds/instance:Instance", "Database")["restoreToPointInTime"]).toEqual({
      sourceDbInstanceAutomatedBackupsArn: recoveryNote.databaseBackupsArn,
      useLatestRestorableTime: true,
    });
    // A key other than that of the backups would replace the instance at the second deployment.
    expect(west.one("rds/instance:Instance", "Database")).not.toHaveProperty("kmsKeyId");
    expect(production.one("rds/instance:Instance", "Database")).toHaveProperty("kmsKeyId");
    expect([...west.all("s3/bucket:Bucket").keys()]).not.toContain("DocumentsBucketBucket");
    expect([...west.all("kms/key:Key").keys()]).not.toContain("TenantKeys");
    expect(west.json).not.toContain("ApiKeyPepperValue");
    expect(west.secretOf("ApiKeyPepper")).toBe(recoveryNote.pepper);
    const role = JSON.stringify(west.one("iam/role:Role", "ApiRole"));
    for (const arn of [recoveryNote.documents.arn, recoveryNote.documents.keyArn, recoveryNote.tenantKeyArn])
      expect(role).toContain(arn);
  });

  it("R-10 the recovery stage can be deployed again, with the same or a newer note: the database is not restored twice", () => {
    expect(west.ignoreChanges("rds/instance:Instance", "Database")).toContain("restoreToPointInTime");
    const later = structuredClone(west.resources);
    const { inputs } = later.find(({ name, type }) => name === "Database" && type.endsWith(":Instance"))!;
    inputs["restoreToPointInTime"].sourceDbInstanceAutomatedBackupsArn += "-newer";
    expect(planOf(west.resources, later)).toMatchObject({ changed: [], replaced: [] });
    // Another identifier, user or key would replace it; all of them are constant or unset.
    expect(west.one("rds/instance:Instance", "Database")).toMatchObject({ username: "postgres", engine: "postgres" });
  });

  it("the standby has everything but database, NAT and traffic", () => {
    expect([...standby.all("rds/instance:Instance"), ...standby.all("rds/proxy:Proxy")]).toEqual([]);
    expect(standby.all("ec2/natGateway:NatGateway").size).toBe(0);
    expect(standby.all("lambda/invocation:Invocation").size).toBe(0);
    for (const schedule of standby.all("scheduler/schedule:Schedule").values())
      expect(schedule["state"]).toBe("DISABLED");
    for (const rule of standby.all("cloudwatch/eventRule:EventRule").values()) expect(rule["state"]).toBe("DISABLED");
    for (const schedule of west.all("scheduler/schedule:Schedule").values()) expect(schedule["state"]).toBe("ENABLED");
    for (const rule of west.all("cloudwatch/eventRule:EventRule").values()) expect(rule["state"]).toBe("ENABLED");
    expect(standby.one("ecs/service:Service", "VectorWorkerService")["desiredCount"]).toBe(0);
    expect(standby.all("iam/role:Role").size).toBe(west.all("iam/role:Role").size);
    // The name of the origin still belongs to the first region.
    expect(standby.all("route53/record:Record").size).toBe(0);
  });

  it("F-58 a recovery needs no control plane in us-east-1, except for the name of the origin in Route 53", () => {
    const plan = planOf(standby.resources, west.resources);
    expect(losses(plan, [])).toEqual([]);
    expect(plan.created).toEqual(
      expect.arrayContaining(["aws:rds/instance:Instance Database", "aws:rds/proxy:Proxy DatabaseProxy"]),
    );
    const touched = [plan.changed, plan.replaced, plan.removed].flat().map(({ resource }) => resource);
    const all = [...plan.created, ...touched];
    const global = /^aws:(iam|cloudfront|wafv2|acm|budgets|route53)\//;
    expect(all.filter((one) => global.test(one))).toEqual(
      plan.created.filter((one) => one.startsWith("aws:route53/record:")),
    );
    for (const resource of west.resources)
      if (all.includes(`${resource.type} ${resource.name}`))
        expect(resource.inputs["region"], resource.name).not.toBe("us-east-1");
  });

  it("a recovered stage that is kept has copies in the first region", () => {
    const kept = evaluated("production-west-kept");
    const note = JSON.parse(kept.one("ssm/parameter:Parameter", "RecoveryNote")["value"]);
    // The key of the tenants is the original one.
    expect(note.tenantKeyArn).toBe(recoveryNote.tenantKeyArn.replace("us-west-2", "us-east-1"));
    const replication = kept.one("s3/bucketReplicationConfig:BucketReplicationConfig", "DocumentsReplication");
    expect(replication["bucket"]).toBe(recoveryNote.documents.name);
    expect(kept.one("s3/bucket:Bucket", "DocumentsReplicaBucketBucket")["region"]).toBe("us-east-1");
    expect(kept.one("backup/vault:Vault", "RecoveryVault")["region"]).toBe("us-east-1");
  });

  it("only production replicates its documents", () => {
    for (const stage of ["staging", "developer", "production-west"] as const)
      expect(evaluated(stage).all("s3/bucketReplicationConfig:BucketReplicationConfig").size).toBe(0);
  });
});
