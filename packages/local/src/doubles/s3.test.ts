import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, expect, test } from "vitest";
import { startS3 } from "./s3.ts";

/** The double of S3, used through the AWS client. */
const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
const region = "us-east-1";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const start = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const created: unknown[] = [];
  const s3 = await startS3({
    dataDir,
    buckets: ["documents"],
    credentials,
    onObjectCreated: (event) => created.push(event.detail),
  });
  closers.push(async () => rmSync(dataDir, { recursive: true }), s3.close);
  const client = new S3Client({
    endpoint: s3.endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return { client, created, endpoint: s3.endpoint };
};
const Bucket = "documents";

test("an object can be read, its creation is announced with its size, and a wrong key is refused", async () => {
  const { client, created, endpoint } = await start();
  const Key = "t/één/o'clock file.txt";
  await client.send(new PutObjectCommand({ Bucket, Key, Body: "content", ContentType: "text/plain" }));
  const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect([await Body!.transformToString(), ContentType]).toEqual(["content", "text/plain"]);
  expect(created).toMatchObject([{ bucket: { name: Bucket }, object: { key: Key, size: 7 } }]);
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: "t/none" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  const stranger = new S3Client({
    endpoint,
    region,
    credentials: { ...credentials, secretAccessKey: "guessed" },
    forcePathStyle: true,
  });
  await expect(stranger.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  expect((await fetch(`${endpoint}/${Bucket}/t/none`)).status).toBe(403);
});

test("tagging is refused, because the store behind would lose the object", async () => {
  const { client } = await start();
  await client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "kept" }));
  await expect(
    client.send(new PutObjectTaggingCommand({ Bucket, Key: "t/a", Tagging: { TagSet: [] } })),
  ).rejects.toThrow();
  expect(await (await client.send(new GetObjectCommand({ Bucket, Key: "t/a" }))).Body!.transformToString()).toBe(
    "kept",
  );
});
