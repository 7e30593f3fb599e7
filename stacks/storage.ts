/// <reference path="../.sst/platform/config.d.ts" />
import type { Bucket, Documents, Recovered } from "./parts.ts";
import type { Region, Stage } from "./stage.ts";

export type Storage = ReturnType<typeof createStorage>;

/**
 * The buckets of a stage. Events of the documents go to the default bus, where the topology's rules pick them up. A stage
 * that recovers another takes over the replica of its documents.
 */
export const createStorage = (stage: Stage, recovered?: Recovered) => {
  const { region } = stage;
  const logs = createLogs(stage, "LogsBucket", region);
  const documents = recovered?.documents ?? createDocuments(stage, "Documents", region, logs);
  const exports = createBucket(stage, "ExportsBucket", {
    region,
    logs,
    keyArn: documents.keyArn,
    // An export can be made again.
    daysMax: 7,
  });
  const staticAssets = createBucket(stage, "StaticBucket", {
    region,
    logs,
    policy: [
      {
        // Without s3:ListBucket what is missing would be forbidden.
        actions: ["s3:GetObject", "s3:ListBucket"],
        principals: [{ type: "service", identifiers: ["cloudfront.amazonaws.com"] }],
        // Any of the account: its own would have to exist before the bucket that it is made for.
        conditions: [{ test: "ArnLike", variable: "aws:SourceArn", values: [distributions()] }],
        paths: ["", "*"],
      },
    ],
  });
  const link = new sst.Linkable("Documents", { properties: { name: documents.name, region } });
  return { documents, exports, staticAssets, logs, link };
};

const account = () => aws.getCallerIdentityOutput().accountId;
const distributions = () => $interpolate`arn:aws:cloudfront::${account()}:distribution/*`;

/** What `blobs.presignPut` asks a browser to send; the rest of a request needs no permission. */
const uploadHeaders = ["content-type", "x-amz-checksum-sha256"];

export const createDocuments = (stage: Stage, name: string, region: Region, logs: Bucket): Documents => {
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
    // Browsers come straight with a presigned URL, which is the credential; there are no cookies to steal.
    cors: { allowMethods: ["PUT", "GET"], allowOrigins: ["*"], allowHeaders: uploadHeaders, maxAge: "1 day" },
    // Both classes are read at once (R-5, F-41).
    transitions: [
      { days: 30, storageClass: "STANDARD_IA" },
      { days: 90, storageClass: "GLACIER_IR" },
    ],
  });
  new aws.s3.BucketNotification(`${name}Events`, { region, bucket: bucket.name, eventbridge: true });
  return { bucket, name: bucket.name, arn: bucket.arn, keyArn: key.arn };
};

/** Takes the access logs of the region's buckets. */
export const createLogs = (stage: Stage, name: string, region: Region): Bucket =>
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
  /** Its own key. S3's for what CloudFront serves or S3's logging writes: neither could use ours. */
  keyArn?: $util.Input<string>;
  logs?: Bucket;
  /** Age at which objects are deleted. Without it they stay, and what is replaced or deleted stays for a year more. */
  daysMax?: number;
  transitions?: aws.types.input.s3.BucketLifecycleConfigurationRuleTransition[];
};

/** Encrypted, over TLS only, closed to the public. */
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
      // SST's rules know neither transitions nor former versions.
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
            // S3 then asks KMS for a key that serves it for a while, not once an object.
            bucketKeyEnabled: true,
          }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ],
  });
  if (logs)
    new aws.s3.BucketLogging(`${name}Logging`, {
      region,
      bucket: bucket.name,
      targetBucket: logs.name,
      targetPrefix: `s3/${name}/`,
    });
  return bucket;
};
