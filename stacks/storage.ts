/// <reference path="../.sst/platform/config.d.ts" />
import type { Documents, Recovered } from "./parts.ts";
import type { Region, Stage } from "./stage.ts";

export type Storage = ReturnType<typeof createStorage>;

/**
 * The buckets of a stage. S3 sends events of documents to the default bus, where the topology's rules match them. A
 * recovering stage uses the replica of the lost stage's documents. The link names the stage's own replica, because S3 does
 * not replicate the deletion of a version: purges delete there too.
 */
export const createStorage = (stage: Stage, recovered?: Recovered) => {
  const { region, recoveryRegion } = stage;
  const logs = createLogs(stage, "LogsBucket", region);
  const documents = recovered?.documents ?? createDocuments(stage, "Documents", region, logs);
  const replica = recoveryRegion && !$dev ? createReplica(stage, recoveryRegion) : undefined;
  const exports = createBucket(stage, "ExportsBucket", {
    region,
    logs,
    keyArn: documents.keyArn,
    // An export can be repeated.
    daysMax: 7,
  });
  const staticAssets = createBucket(stage, "StaticBucket", {
    region,
    logs,
    policy: [
      {
        // Without s3:ListBucket, S3 responds 403 instead of 404 for a missing file.
        actions: ["s3:GetObject", "s3:ListBucket"],
        principals: [{ type: "service", identifiers: ["cloudfront.amazonaws.com"] }],
        // Any distribution of the account: the distribution needs the bucket first, so its own ARN is not known yet.
        conditions: [{ test: "ArnLike", variable: "aws:SourceArn", values: [distributions()] }],
        paths: ["", "*"],
      },
    ],
  });
  const link = new sst.Linkable("Documents", {
    properties: {
      name: documents.name,
      region,
      ...(replica ? { replica: { name: replica.name, region: replica.region } } : {}),
    },
  });
  return { documents, replica, exports, staticAssets, logs, link };
};

/** `keepCopies` in recovery.ts configures the replication. */
const createReplica = (stage: Stage, region: Region) => ({
  ...createDocuments(stage, "DocumentsReplica", region, createLogs(stage, "RecoveryLogsBucket", region)),
  region,
});

const account = () => aws.getCallerIdentityOutput().accountId;
const distributions = () => $interpolate`arn:aws:cloudfront::${account()}:distribution/*`;

/** Headers that a browser sends with an upload to `blobs.presignPut`'s URL and that need CORS permission. */
const uploadHeaders = ["content-type", "if-none-match", "x-amz-checksum-sha256"];

const createDocuments = (stage: Stage, name: string, region: Region, logs: sst.aws.Bucket): Documents => {
  const key = new aws.kms.Key(`${name}Key`, {
    region,
    description: "Documents in S3.",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  const bucket = createBucket(stage, `${name}Bucket`, {
    region,
    logs,
    keyArn: key.arn,
    // Browsers upload directly with a presigned URL, which is the credential; there are no cookies.
    cors: { allowMethods: ["PUT", "GET"], allowOrigins: ["*"], allowHeaders: uploadHeaders, maxAge: "1 day" },
    // Both storage classes have immediate access (R-5, F-41).
    transitions: [
      { days: 30, storageClass: "STANDARD_IA" },
      { days: 90, storageClass: "GLACIER_IR" },
    ],
  });
  new aws.s3.BucketNotification(`${name}Events`, { region, bucket: bucket.name, eventbridge: true });
  return { bucket, name: bucket.name, arn: bucket.arn, keyArn: key.arn };
};

/** The bucket for the access logs of the region's buckets. */
const createLogs = (stage: Stage, name: string, region: Region): sst.aws.Bucket =>
  createBucket(stage, name, {
    region,
    daysMax: 365,
    policy: [
      {
        actions: ["s3:PutObject"],
        principals: [{ type: "service", identifiers: ["logging.s3.amazonaws.com"] }],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account()] }],
        paths: ["*"],
      },
    ],
  });

type BucketOptions = Pick<sst.aws.BucketArgs, "cors" | "policy"> & {
  region: Region;
  /**
   * A customer-managed key. By default S3's own key, for buckets that CloudFront reads or S3 logging writes: neither
   * can use ours.
   */
  keyArn?: $util.Input<string>;
  logs?: sst.aws.Bucket;
  /** Age in days at which objects are deleted. By default objects stay, and old versions are kept for one more year. */
  daysMax?: number;
  transitions?: aws.types.input.s3.BucketLifecycleConfigurationRuleTransition[];
};

/** An encrypted bucket, without public access, over TLS only. */
const createBucket = (stage: Stage, name: string, options: BucketOptions): sst.aws.Bucket => {
  const { region, keyArn, logs, daysMax, transitions, cors = false, policy = [] } = options;
  const bucket = new sst.aws.Bucket(name, {
    cors,
    policy,
    versioning: !daysMax,
    lifecycle: [{ id: "housekeeping" }],
    transform: {
      bucket: { region, forceDestroy: !stage.permanent },
      versioning: { region },
      publicAccessBlock: { region },
      policy: { region },
      cors: { region },
      // SST's lifecycle rules support neither transitions nor old versions.
      lifecycle: {
        region,
        rules: [
          {
            id: "housekeeping",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            ...(daysMax ? { expiration: { days: daysMax } } : { noncurrentVersionExpiration: { noncurrentDays: 365 } }),
            ...(transitions ? { transitions } : {}),
          },
        ],
      },
    },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    region,
    bucket: bucket.name,
    rules: [
      keyArn
        ? {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            // S3 then calls KMS once per bucket key, not once per object.
            bucketKeyEnabled: true,
          }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ],
  });
  if (logs)
    new aws.s3.BucketLogging(
      `${name}Logging`,
      { region, bucket: bucket.name, targetBucket: logs.name, targetPrefix: `s3/${name}/` },
      // Its policy lets S3 write there.
      { dependsOn: [logs] },
    );
  return bucket;
};
