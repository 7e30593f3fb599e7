import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
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

test("M11: of concurrent writes with If-None-Match one creates the object, and later ones are refused", async () => {
  const { client, created } = await start();
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body, IfNoneMatch: "*" }));
  const results = await Promise.allSettled(["0", "1", "2", "3"].map(put));
  const winner = results.findIndex(({ status }) => status === "fulfilled");
  const refused = results.filter((one) => one.status === "rejected");
  expect(refused.map(({ reason }) => [reason.name, reason.$metadata.httpStatusCode])).toEqual(
    Array(3).fill(["PreconditionFailed", 412]),
  );
  await expect(put("later")).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect(await (await client.send(new GetObjectCommand({ Bucket, Key: "t/a" }))).Body!.transformToString()).toBe(
    String(winner),
  );
  expect((await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "t/a" }))).Versions).toHaveLength(1);
  expect(created).toHaveLength(1);
  // A deleted key can be created again.
  await client.send(new DeleteObjectCommand({ Bucket, Key: "t/a" }));
  await put("again");
});

test("M10: a bucket keeps each version and delete marker until it is deleted by its id", async () => {
  const { client } = await start();
  const Key = "t/a & b/1";
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const get = async () => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
  const list = (more = {}) => client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "t/a & b/", ...more }));
  const remove = (...ids: (string | undefined)[]) =>
    client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: ids.map((VersionId) => ({ Key, VersionId })) } }),
    );
  await put("old");
  await put("newer");
  await client.send(new PutObjectCommand({ Bucket, Key: "t/another", Body: "kept" }));
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(get()).rejects.toMatchObject({ name: "NoSuchKey" });
  const { Versions, DeleteMarkers, IsTruncated } = await list();
  expect(IsTruncated).toBe(false);
  expect(DeleteMarkers).toMatchObject([{ Key, IsLatest: true }]);
  expect(Versions).toMatchObject([
    { Key, IsLatest: false, Size: 5 },
    { Key, IsLatest: false, Size: 3 },
  ]);
  const first = await list({ MaxKeys: 2 });
  expect([first.IsTruncated, first.Versions]).toMatchObject([true, [{ Size: 5 }]]);
  const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
  expect((await list({ KeyMarker, VersionIdMarker })).Versions).toMatchObject([{ Size: 3 }]);

  expect((await remove(DeleteMarkers![0]!.VersionId)).Deleted).toHaveLength(1);
  expect(await get()).toBe("newer");
  await remove(Versions![0]!.VersionId);
  expect(await get()).toBe("old");
  await remove(Versions![1]!.VersionId);
  expect(await list()).not.toHaveProperty("Versions");
  await expect(get()).rejects.toMatchObject({ name: "NoSuchKey" });
  expect(await (await client.send(new GetObjectCommand({ Bucket, Key: "t/another" }))).Body!.transformToString()).toBe(
    "kept",
  );
});
