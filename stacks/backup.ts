/// <reference path="../.sst/platform/config.d.ts" />
import { type Alarms, minutes } from "./alarms.ts";
import type { Database } from "./database.ts";
import type { Region, Stage } from "./stage.ts";

/** Retention of the daily snapshots. RDS itself keeps backups for at most 35 days (F-40). */
const keptDays = 90;

/** Daily snapshots of the database in two regions, in locked vaults. */
export const createBackup = (stage: Stage, { instance }: Database, { topic, alarm }: Alarms): void => {
  const { recoveryRegion } = stage;
  if (!recoveryRegion || !instance) return;
  const vault = createVault("BackupVault", stage.region);
  const copies = createVault("RecoveryVault", recoveryRegion);
  const kept = { deleteAfter: keptDays };
  const plan = new aws.backup.Plan("DailyBackups", {
    name: `resolve-${$app.stage}`,
    rules: [
      {
        ruleName: "daily",
        targetVaultName: vault.name,
        // After the backup window of RDS.
        schedule: "cron(30 5 * * ? *)",
        startWindow: 60,
        completionWindow: 480,
        lifecycle: kept,
        copyActions: [{ destinationVaultArn: copies.arn, lifecycle: kept }],
      },
    ],
  });
  const role = new aws.iam.Role("BackupRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }),
    managedPolicyArns: [
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    ],
  });
  new aws.backup.Selection("Database", {
    name: `resolve-${$app.stage}`,
    planId: plan.id,
    iamRoleArn: role.arn,
    resources: [instance.arn],
  });
  new aws.backup.VaultNotifications("BackupFailures", {
    backupVaultName: vault.name,
    snsTopicArn: topic.arn,
    backupVaultEvents: ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"],
  });
  // A job that did not start in time sends no notification (AWS Backup, PutBackupVaultNotifications: BACKUP_JOB_EXPIRED is
  // no longer in use), and neither does one that was never created. The metric exists only when a job has completed.
  alarm("SnapshotMissing", {
    summary: "No snapshot of the database was completed within 30 hours.",
    runbook: "snapshot-missing",
    namespace: "AWS/Backup",
    metricName: "NumberOfBackupJobsCompleted",
    dimensions: { BackupVaultName: vault.name },
    statistic: "Sum",
    period: minutes(360),
    evaluationPeriods: 5,
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    treatMissingData: "breaching",
  });
};

/**
 * A vault whose lock can be removed within three days of its creation; afterwards nobody can remove it, AWS included.
 */
const createVault = (name: string, region: Region) => {
  const key = new aws.kms.Key(`${name}Key`, {
    region,
    description: "Snapshots of the database.",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  const vault = new aws.backup.Vault(name, {
    region,
    name: `resolve-${$app.stage}-${region}`,
    kmsKeyArn: key.arn,
  });
  new aws.backup.VaultLockConfiguration(`${name}Lock`, {
    region,
    backupVaultName: vault.name,
    minRetentionDays: keptDays,
    maxRetentionDays: keptDays,
    changeableForDays: 3,
  });
  return vault;
};
