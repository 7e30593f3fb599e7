/// <reference path="../.sst/platform/config.d.ts" />
import { createTopic } from "./alarms.ts";
import type { Database } from "./database.ts";
import type { OriginVerify } from "./edge.ts";
import type { Documents, Recovered } from "./parts.ts";
import type { Secrets } from "./secrets.ts";
import type { Region, Stage } from "./stage.ts";
import type { Storage } from "./storage.ts";

const noteOf = (stageName: string) => `/resolve/${stageName}/recovery`;

/** Reads the note that `keepCopies` of the lost stage wrote in this region. */
export const findRecovered = ({ recovers }: Stage): Recovered | undefined => {
  if (!recovers) return undefined;
  const { value } = aws.ssm.getParameterOutput({ name: noteOf(recovers) });
  // `keepCopies` writes exactly this type.
  const note = $jsonParse(value) as $util.Output<$util.Unwrap<Recovered>>;
  const { databaseBackupsArn, documents, tenantKeyArn, pepper, originVerify } = note;
  return {
    databaseBackupsArn,
    documents: { name: documents.name, arn: documents.arn, keyArn: documents.keyArn },
    tenantKeyArn,
    pepper,
    originVerify,
  };
};

type Kept = { database: Database; storage: Storage; secrets: Secrets; originVerify: OriginVerify };

/**
 * Keeps copies of everything in `Recovered` in the recovery region, and a note there with their names
 * (docs/recovery.md).
 */
export const keepCopies = (stage: Stage, { database, storage, secrets, originVerify }: Kept): void => {
  const region = stage.recoveryRegion;
  const { replica } = storage;
  if (!region || !database.instance || !replica) return;
  const backups = copyBackups(stage, database.instance, region);
  replicate(stage.region, storage.documents, region, replica);
  new aws.cloudwatch.MetricAlarm("ReplicationLate", {
    region,
    alarmDescription: "Documents are more than 15 minutes behind in the recovery region; see docs/recovery.md.",
    namespace: "AWS/S3",
    metricName: "ReplicationLatency",
    dimensions: { SourceBucket: storage.documents.name, DestinationBucket: replica.name, RuleId: ruleId },
    statistic: "Maximum",
    period: 300,
    evaluationPeriods: 2,
    comparisonOperator: "GreaterThanThreshold",
    threshold: withinMinutes * 60,
    treatMissingData: "notBreaching",
    alarmActions: [createTopic("RecoveryAlarms", region).arn],
  });
  const tenantKeyArn = keepTenantKey(stage, secrets.keyArn, region);
  new aws.ssm.Parameter("RecoveryNote", {
    region,
    name: noteOf($app.stage),
    type: "SecureString",
    value: $jsonStringify({
      databaseBackupsArn: backups.id,
      documents: { name: replica.name, arn: replica.arn, keyArn: replica.keyArn },
      tenantKeyArn,
      pepper: secrets.pepper,
      originVerify: $output(originVerify?.accepted ?? []),
    } satisfies Recovered),
  });
};

/** The key in the other region has the same id. A recovered stage uses the replica, so the other one is the original. */
const keepTenantKey = (stage: Stage, keyArn: $util.Output<string>, region: Region): $util.Output<string> =>
  stage.recovers
    ? keyArn.apply((arn) => arn.replace(`:${stage.region}:`, `:${region}:`))
    : new aws.kms.ReplicaKey("TenantKeysReplica", {
        region,
        description: "Wraps the data key of every tenant.",
        primaryKeyArn: keyArn,
        deletionWindowInDays: 30,
      }).arn;

/** Replicates RDS's automated backups with their logs: restorable to any second, some minutes behind (R-7, F-56). */
const copyBackups = (stage: Stage, instance: aws.rds.Instance, region: Region) => {
  const key = new aws.kms.Key("DatabaseCopiesKey", {
    region,
    description: "Copies of the database's backups.",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  return new aws.rds.InstanceAutomatedBackupsReplication("DatabaseCopies", {
    region,
    sourceDbInstanceArn: instance.arn,
    kmsKeyId: key.arn,
    retentionPeriod: stage.database.backupDays,
  });
};

/** 15 minutes, the only value that S3 Replication Time Control offers. */
const withinMinutes = 15;
const ruleId = "documents";

/** Replicates new objects within 15 minutes, to a storage class with immediate access (R-4, F-42). */
const replicate = (from: Region, documents: Documents, to: Region, replica: Documents): void => {
  const within = (region: Region, { arn }: Documents) => [
    { test: "StringEquals", variable: "kms:ViaService", values: [`s3.${region}.amazonaws.com`] },
    { test: "StringEquals", variable: "kms:EncryptionContext:aws:s3:arn", values: [arn] },
  ];
  const role = new aws.iam.Role("ReplicationRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "s3.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "exact",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [documents.arn] },
            {
              actions: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
              resources: [$interpolate`${documents.arn}/*`],
            },
            {
              actions: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
              resources: [$interpolate`${replica.arn}/*`],
            },
            { actions: ["kms:Decrypt"], resources: [documents.keyArn], conditions: within(from, documents) },
            {
              actions: ["kms:Encrypt", "kms:GenerateDataKey"],
              resources: [replica.keyArn],
              conditions: within(to, replica),
            },
          ],
        }).json,
      },
    ],
  });
  new aws.s3.BucketReplicationConfig(
    "DocumentsReplication",
    {
      bucket: documents.name,
      role: role.arn,
      rules: [
        {
          id: ruleId,
          status: "Enabled",
          filter: { prefix: "" },
          // Deletions are replicated, so that a restored stage does not show deleted documents.
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: replica.arn,
            storageClass: "GLACIER_IR",
            encryptionConfiguration: { replicaKmsKeyId: replica.keyArn },
            replicationTime: { status: "Enabled", time: { minutes: withinMinutes } },
            metrics: { status: "Enabled", eventThreshold: { minutes: withinMinutes } },
          },
        },
      ],
    },
    // A recovered stage's documents are in a bucket of the lost stage, which exists.
    { dependsOn: [documents.bucket, replica.bucket].filter((bucket) => bucket !== undefined) },
  );
};
