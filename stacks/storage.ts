/// <reference path="../.sst/platform/config.d.ts" />

export type Storage = ReturnType<typeof createStorage>;

/** The documents bucket. Its events go to the default bus, where the topology's rules pick them up. */
export const createStorage = () => {
  const documents = new sst.aws.Bucket("DocumentsBucket", {
    versioning: true,
    // Browsers PUT straight to a presigned URL, which is the credential; there are no cookies to steal.
    cors: { allowMethods: ["PUT", "GET", "HEAD"], allowOrigins: ["*"], allowHeaders: ["*"], exposeHeaders: ["ETag"] },
    // A customer's current document is never deleted by age; what was replaced is kept for a month (F-41).
    lifecycle: [{ id: "housekeeping" }],
    transform: {
      bucket: { forceDestroy: false },
      lifecycle: {
        rules: [
          {
            id: "housekeeping",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration("DocumentsEncryption", {
    bucket: documents.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new aws.s3.BucketNotification("DocumentsEvents", { bucket: documents.name, eventbridge: true });
  const staticAssets = new sst.aws.Bucket("StaticBucket", {
    policy: [
      {
        actions: ["s3:GetObject", "s3:ListBucket"],
        principals: [{ type: "service", identifiers: ["cloudfront.amazonaws.com"] }],
        paths: ["", "*"],
      },
    ],
  });
  const region = aws.getRegionOutput().region;
  const link = new sst.Linkable("Documents", { properties: { name: documents.name, region } });
  return { documents, staticAssets, link };
};
