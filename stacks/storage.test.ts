import { describe, expect, it } from "vitest";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("storage", () => {
  it("R-3 S-5 F-41 is versioned, private, over TLS only, and never expires a current document", () => {
    const bucket = production.one("s3/bucket:Bucket", "DocumentsBucketBucket");
    expect(bucket["forceDestroy"]).toBe(false);
    expect(
      production.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "DocumentsBucketPublicAccessBlock"),
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(production.one("s3/bucketPolicy:BucketPolicy", "DocumentsBucketPolicy")["policy"]).toContain(
      "aws:SecureTransport",
    );
    const { rules: lifecycle } = production.one(
      "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "DocumentsBucketLifecycle",
    );
    for (const rule of lifecycle) expect(rule).not.toHaveProperty("expiration");
  });
});
