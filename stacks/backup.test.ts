import { describe, expect, it } from "vitest";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

const keyOf = (name: string) => production.one("kms/key:Key", name);

describe("backup", () => {
  it("R-1 RDS keeps 30 days of backups, taken between 03:00 and 04:00", () => {
    const instances = [...production.all("rds/instance:Instance").values()].filter((one) => !one["replicateSourceDb"]);
    expect(instances).toEqual([expect.objectContaining({ backupRetentionPeriod: 30, backupWindow: "03:00-04:00" })]);
  });

  it("R-6 R-7 T-10 F-40 F-56 RDS replicates backups and logs to us-west-2, for a restore to any second", () => {
    const copies = production.one(
      "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      "DatabaseCopies",
    );
    expect(copies).toMatchObject({ region: "us-west-2", retentionPeriod: 30 });
    expect(copies["kmsKeyId"]).toContain("arn:aws:kms:us-west-2:");
    expect(copies["sourceDbInstanceArn"]).toContain("arn:aws:rds:us-east-1:");
    expect(keyOf("DatabaseCopiesKey")["region"]).toBe("us-west-2");
  });

  it("R-2 daily snapshots are kept for 90 days, in us-east-1 and us-west-2", () => {
    const [rule] = production.one("backup/plan:Plan", "DailyBackups")["rules"];
    const vault = production.one("backup/vault:Vault", "BackupVault");
    const copies = production.one("backup/vault:Vault", "RecoveryVault");
    expect(rule).toMatchObject({ schedule: "cron(30 5 * * ? *)", targetVaultName: vault["name"] });
    expect(rule.lifecycle).toEqual({ deleteAfter: 90 });
    expect(rule.copyActions).toEqual([
      { destinationVaultArn: expect.stringContaining(copies["name"]), lifecycle: { deleteAfter: 90 } },
    ]);
    expect([vault["region"], copies["region"]]).toEqual(["us-east-1", "us-west-2"]);
    const { resources } = production.one("backup/selection:Selection", "Database");
    expect(resources).toEqual([expect.stringContaining("arn:aws:rds:us-east-1:")]);
  });

  it("R-2 vault locks prevent the early deletion of snapshots", () => {
    for (const name of ["BackupVault", "RecoveryVault"])
      expect(production.one("backup/vaultLockConfiguration:VaultLockConfiguration", `${name}Lock`)).toMatchObject({
        minRetentionDays: 90,
        maxRetentionDays: 90,
        changeableForDays: 3,
      });
  });

  it("the operator is notified when a backup or a copy fails, and when there is no snapshot of the last 30 hours", () => {
    const { snsTopicArn, backupVaultEvents } = production.one(
      "backup/vaultNotifications:VaultNotifications",
      "BackupFailures",
    );
    expect(snsTopicArn).toContain("Alarms");
    // AWS accepts BACKUP_JOB_EXPIRED and others, and sends nothing for them.
    expect(backupVaultEvents).toEqual(["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]);
    const missing = production.one("cloudwatch/metricAlarm:MetricAlarm", "SnapshotMissing");
    expect(missing).toMatchObject({
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
    });
    expect(missing["dimensions"]).toEqual({
      BackupVaultName: production.one("backup/vault:Vault", "BackupVault")["name"],
    });
    expect(missing["period"] * missing["evaluationPeriods"]).toBe(30 * 3600);
    const { Statement } = JSON.parse(production.one("sns/topicPolicy:TopicPolicy", "AlarmsPolicy")["policy"]);
    expect(Statement[0].Principal.Service).toContain("backup.amazonaws.com");
  });

  it("only production has backup vaults", () => {
    for (const stage of ["production-west", "staging", "developer"] as const)
      expect(evaluated(stage).all("backup/vault:Vault").size).toBe(0);
  });
});
