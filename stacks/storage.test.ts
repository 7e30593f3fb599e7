import { describe, expect, it } from "vitest";
import { blobs } from "../packages/core/src/platform/services/blob.ts";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");
const buckets = ["Documents", "DocumentsReplica", "Static", "Exports", "Logs", "RecoveryLogs"];
const withDocuments = ["Documents", "DocumentsReplica"];

const bucket = (name: string) => production.one("s3/bucket:Bucket", `${name}BucketBucket`);
const lifecycle = (name: string) =>
  production.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${name}BucketLifecycle`)["rules"][0];

describe("storage", () => {
  it("I-2 there is a bucket for documents and one for static assets", () => {
    expect(bucket("Documents")).toMatchObject({ region: "us-east-1", forceDestroy: false });
    expect(bucket("Static")).toMatchObject({ region: "us-east-1", forceDestroy: false });
  });

  it.each(buckets)("F-39 %s blocks public access and requires TLS", (name) => {
    expect(
      production.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${name}BucketPublicAccessBlock`),
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const { Statement } = JSON.parse(production.one("s3/bucketPolicy:BucketPolicy", `${name}BucketPolicy`)["policy"]);
    const arn = `arn:aws:s3:::${bucket(name)["bucket"]}`;
    expect(Statement).toContainEqual({
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": ["false"] } },
    });
  });

  it.each([...withDocuments, "Exports"])(
    "F-39 S-5 %s is encrypted with a customer-managed key of its region",
    (name) => {
      const [rule] = production.one(
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        `${name}BucketEncryption`,
      )["rules"];
      expect(rule).toMatchObject({
        bucketKeyEnabled: true,
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: expect.stringContaining(`arn:aws:kms:${bucket(name)["region"]}:`),
        },
      });
      for (const [key, { enableKeyRotation }] of production.all("kms/key:Key"))
        expect(enableKeyRotation, key).toBe(true);
    },
  );

  it.each(withDocuments)("R-3 %s is versioned", (name) => {
    const { versioningConfiguration } = production.one(
      "s3/bucketVersioning:BucketVersioning",
      `${name}BucketVersioning`,
    );
    expect(versioningConfiguration).toEqual({ status: "Enabled" });
  });

  it.each(withDocuments)(
    "R-5 F-41 objects of %s are not deleted by age, and every storage class has immediate access",
    (name) => {
      expect(lifecycle(name)).toMatchObject({
        status: "Enabled",
        filter: { prefix: "" },
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 90, storageClass: "GLACIER_IR" },
        ],
        noncurrentVersionExpiration: { noncurrentDays: 365 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      });
      expect(lifecycle(name)).not.toHaveProperty("expiration");
    },
  );

  it("F-41 exports are deleted after 7 days, logs after a year", () => {
    expect(lifecycle("Exports")["expiration"]).toEqual({ days: 7 });
    expect(lifecycle("Logs")["expiration"]).toEqual({ days: 365 });
  });

  it.each(["Documents", "Static", "Exports"])(
    "S3, and nothing else, writes access logs of %s to the logs bucket",
    (name) => {
      const logs = bucket("Logs")["bucket"];
      expect(production.one("s3/bucketLogging:BucketLogging", `${name}BucketLogging`)["targetBucket"]).toBe(logs);
      const { Statement } = JSON.parse(production.one("s3/bucketPolicy:BucketPolicy", "LogsBucketPolicy")["policy"]);
      expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow")).toEqual([
        expect.objectContaining({ Principal: { Service: ["logging.s3.amazonaws.com"] }, Action: ["s3:PutObject"] }),
      ]);
    },
  );

  it("M10 the link of documents names the replica where the stage has one, since purges delete its versions too", () => {
    expect(production.link("Documents")).toEqual({
      name: bucket("Documents")["bucket"],
      region: "us-east-1",
      replica: { name: bucket("DocumentsReplica")["bucket"], region: "us-west-2" },
    });
    expect(evaluated("developer").link("Documents")).not.toHaveProperty("replica");
  });

  it("F-39 CORS allows exactly the headers of a presigned upload", async () => {
    const keys = { accessKeyId: "a", secretAccessKey: "b" };
    process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Documents: { name: "documents", ...keys } });
    const sha256 = Buffer.alloc(32);
    const upload = { key: "t/1", contentType: "text/plain", sizeBytes: 1, sha256, expiresInSeconds: 60 };
    const { method, headers } = await blobs.presignPut(upload);
    for (const name of withDocuments) {
      const [rule] = production.one("s3/bucketCorsConfiguration:BucketCorsConfiguration", `${name}BucketCors`)[
        "corsRules"
      ];
      expect(rule["allowedHeaders"]).toEqual(Object.keys(headers));
      expect(rule["allowedMethods"]).toEqual([method, "GET"]);
    }
    expect(production.all("s3/bucketCorsConfiguration:BucketCorsConfiguration").size).toBe(withDocuments.length);
  });
});
