import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, expect, test, vi } from "vitest";
import { startS3 } from "./s3.ts";

/** The double of S3, used through the AWS client and through the product's own calls. */
const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

const clientOf = (endpoint: string, region = "us-east-1", secretAccessKey = credentials.secretAccessKey) =>
  new S3Client({ endpoint, region, credentials: { ...credentials, secretAccessKey }, forcePathStyle: true });

const start = async (dataDir = mkdtempSync(join(tmpdir(), "resolve-s3-"))) => {
  const created: Record<string, unknown>[] = [];
  let at: number | undefined;
  const s3 = await startS3({
    dataDir,
    buckets: [
      { name: "documents", region: "us-east-1", replica: "copies" },
      { name: "copies", region: "eu-west-1" },
      { name: "locked", region: "us-east-1", lock: { mode: "GOVERNANCE" } },
    ],
    credentials,
    now: () => at ?? Date.now(),
    onObjectCreated: (event) => created.push(event.detail),
  });
  closers.push(async () => rmSync(dataDir, { recursive: true, force: true }), s3.close);
  const client = clientOf(s3.endpoint);
  const read = async (Key: string, more = {}) =>
    (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();
  const setTime = (moment: number) => {
    at = moment;
  };
  return { s3, client, created, read, setTime, dataDir, endpoint: s3.endpoint };
};
const Bucket = "documents";

/** The product's calls. Its module keeps links and clients, so each test loads it anew. */
const blobsOn = async (endpoint: string) => {
  vi.resetModules();
  const replica = { name: "copies", region: "eu-west-1" };
  const Documents = { name: Bucket, region: "us-east-1", endpoint, replica, ...credentials };
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify({ Documents }));
  return (await import("@resolve/core/platform/services/blob")).blobs;
};

test("an object can be read, its creation is announced with its size, and a wrong key is refused", async () => {
  const { client, created, endpoint, read } = await start();
  const Key = "t/één/o'clock file=1+2 & 100%.txt";
  await client.send(new PutObjectCommand({ Bucket, Key, Body: "content", ContentType: "text/plain" }));
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect([await got.Body!.transformToString(), got.ContentType, got.ContentLength]).toEqual([
    "content",
    "text/plain",
    7,
  ]);
  expect(created).toMatchObject([{ bucket: { name: Bucket }, object: { key: Key, size: 7 }, reason: "PutObject" }]);
  expect(await read(Key, { Range: "bytes=1-3" })).toBe("ont");
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: "t/none" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  const stranger = clientOf(endpoint, "us-east-1", "guessed");
  await expect(stranger.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  await expect(clientOf(endpoint, "eu-west-1").send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    name: "AuthorizationHeaderMalformed",
  });
  await expect(client.send(new GetObjectCommand({ Bucket: "none", Key }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
  expect((await fetch(`${endpoint}/${Bucket}/t/none`)).status).toBe(403);
  // Keys that are folders of each other, or look like paths of the file system.
  for (const odd of ["t", "t/één", "../../up", "a//b/.", "a/"]) {
    await client.send(new PutObjectCommand({ Bucket, Key: odd, Body: odd }));
    expect(await read(odd)).toBe(odd);
  }
});

test("an operation that the double does not have is refused, and the object stays", async () => {
  const { client, read } = await start();
  await client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "kept" }));
  await expect(
    client.send(new PutObjectTaggingCommand({ Bucket, Key: "t/a", Tagging: { TagSet: [] } })),
  ).rejects.toMatchObject({ name: "NotImplemented" });
  expect(await read("t/a")).toBe("kept");
});

test("a body that is not what was declared is refused, and nothing is stored", async () => {
  const { client, created, dataDir, endpoint } = await start();
  const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "content", ...more }));
  const wrong = createHash("sha256").update("other").digest("base64");
  await expect(put({ ChecksumSHA256: wrong })).rejects.toMatchObject({ name: "BadDigest" });
  await expect(put({ ContentMD5: createHash("md5").update("other").digest("base64") })).rejects.toMatchObject({
    name: "BadDigest",
  });
  await expect(client.send(new PutObjectCommand({ Bucket, Key: "x".repeat(1025), Body: "" }))).rejects.toMatchObject({
    name: "KeyTooLongError",
  });
  // The connection ends in the middle of the body.
  const { presignPut } = await blobsOn(endpoint);
  const url = await presignPut({ key: "t/a", contentType: "text/plain", sizeBytes: 10, expiresInSeconds: 60 });
  const aborted = request(url.url, { method: "PUT", headers: { ...url.headers, "content-length": 10 } });
  aborted.on("error", () => {});
  aborted.write("12345");
  await new Promise((done) => setTimeout(done, 100));
  aborted.destroy();
  await expect.poll(() => readdirSync(join(dataDir, ".staging"))).toEqual([]);
  await expect(client.send(new GetObjectCommand({ Bucket, Key: "t/a" }))).rejects.toMatchObject({ name: "NoSuchKey" });
  expect(created).toEqual([]);
});

test("M11: of concurrent writes with If-None-Match one creates the object, and later ones are refused", async () => {
  const { client, created, read } = await start();
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body, IfNoneMatch: "*" }));
  const results = await Promise.allSettled(["0", "1", "2", "3"].map(put));
  const winner = results.findIndex(({ status }) => status === "fulfilled");
  const refused = results.filter((one) => one.status === "rejected");
  expect(refused.map(({ reason }) => [reason.name, reason.$metadata.httpStatusCode])).toEqual(
    Array(3).fill(["PreconditionFailed", 412]),
  );
  await expect(put("later")).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect(await read("t/a")).toBe(String(winner));
  expect((await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "t/a" }))).Versions).toHaveLength(1);
  expect(created).toHaveLength(1);
  // A deleted key can be created again.
  await client.send(new DeleteObjectCommand({ Bucket, Key: "t/a" }));
  const { ETag } = await put("again");
  const replace = (IfMatch: string, Key = "t/a") =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: "replaced", IfMatch }));
  await expect(replace('"0123"')).rejects.toMatchObject({ name: "PreconditionFailed" });
  await expect(replace(ETag!, "t/none")).rejects.toMatchObject({ name: "NoSuchKey" });
  await replace(ETag!);
  expect(await read("t/a")).toBe("replaced");
});

test("M10: a bucket keeps each version and delete marker until it is deleted by its id", async () => {
  const { client, read } = await start();
  const Key = "t/a & b/1";
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const list = (more = {}) => client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "t/a & b/", ...more }));
  const remove = (...ids: (string | undefined)[]) =>
    client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: ids.map((VersionId) => ({ Key, VersionId })) } }),
    );
  await put("old");
  const newer = await put("newer");
  await client.send(new PutObjectCommand({ Bucket, Key: "t/another", Body: "kept" }));
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(marker.DeleteMarker).toBe(true);
  await expect(read(Key)).rejects.toMatchObject({ name: "NoSuchKey" });
  expect(await read(Key, { VersionId: newer.VersionId })).toBe("newer");
  await expect(read(Key, { VersionId: marker.VersionId })).rejects.toMatchObject({ name: "MethodNotAllowed" });
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
  expect(await read(Key)).toBe("newer");
  await remove(Versions![0]!.VersionId);
  expect(await read(Key)).toBe("old");
  await remove(Versions![1]!.VersionId);
  expect(await list()).not.toHaveProperty("Versions");
  await expect(read(Key)).rejects.toMatchObject({ name: "NoSuchKey" });
  expect(await read("t/another")).toBe("kept");
});

test("versions are still there after the store is started again, and what an aborted write left is gone", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const { s3, client } = await start(dataDir);
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "first" }));
  await client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "second" }));
  await s3.close();
  const { read } = await start(dataDir);
  expect([await read("t/a"), await read("t/a", { VersionId })]).toEqual(["second", "first"]);
});

test("a multipart upload becomes one object when it is completed, and leaves nothing when it is aborted", async () => {
  const { client, created, read, dataDir } = await start();
  const Key = "t/large";
  const begin = async () =>
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "text/plain" }))).UploadId!;
  const part = async (UploadId: string, PartNumber: number, Body: string) => {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { ETag, PartNumber };
  };
  const complete = (UploadId: string, Parts: { ETag: string | undefined; PartNumber: number }[], more = {}) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
  const large = "x".repeat(5 * 1024 ** 2);

  const UploadId = await begin();
  await part(UploadId, 1, "replaced by the next one");
  const [one, two] = [await part(UploadId, 1, large), await part(UploadId, 2, "end")];
  expect((await client.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts).toMatchObject([
    { PartNumber: 1, Size: large.length },
    { PartNumber: 2, Size: 3 },
  ]);
  await expect(read(Key)).rejects.toMatchObject({ name: "NoSuchKey" });
  await expect(complete(UploadId, [{ ...one, ETag: '"0"' }, two])).rejects.toMatchObject({ name: "InvalidPart" });
  await expect(complete(UploadId, [two, one])).rejects.toMatchObject({ name: "InvalidPartOrder" });
  const { ETag } = await complete(UploadId, [one, two], { IfNoneMatch: "*" });
  expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  expect(await read(Key, { Range: "bytes=-4" })).toBe("xend");
  expect(created).toMatchObject([{ object: { size: large.length + 3 }, reason: "CompleteMultipartUpload" }]);
  await expect(complete(UploadId, [one, two])).rejects.toMatchObject({ name: "NoSuchUpload" });

  const other = await begin();
  const small = [await part(other, 1, "small"), await part(other, 2, "end")];
  await expect(complete(other, small)).rejects.toMatchObject({ name: "EntityTooSmall" });
  // A refused completion keeps the parts.
  await expect(complete(other, small.slice(0, 1), { IfNoneMatch: "*" })).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
    { Key, UploadId: other },
  ]);
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: other }));
  expect(await client.send(new ListMultipartUploadsCommand({ Bucket }))).not.toHaveProperty("Uploads");
  expect(readdirSync(join(dataDir, ".uploads", Bucket))).toEqual([]);
});

test("a locked version is deleted only when its time is over or the lock is bypassed, and never under legal hold", async () => {
  const { client, setTime } = await start();
  const at = Date.now();
  const put = (ObjectLockMode: "GOVERNANCE" | "COMPLIANCE", Key: string) =>
    client.send(
      new PutObjectCommand({
        ...{ Bucket: "locked", Key, Body: "x", ObjectLockMode },
        ObjectLockRetainUntilDate: new Date(at + 3_600_000),
      }),
    );
  const remove = (Key: string, VersionId: string | undefined, BypassGovernanceRetention = false) =>
    client.send(new DeleteObjectCommand({ Bucket: "locked", Key, VersionId, BypassGovernanceRetention }));
  const strict = await put("COMPLIANCE", "strict");
  const loose = await put("GOVERNANCE", "loose");
  expect(await client.send(new GetObjectRetentionCommand({ Bucket: "locked", Key: "strict" }))).toMatchObject({
    Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(at + 3_600_000) },
  });
  // A delete marker hides a locked version; the version stays.
  await client.send(new DeleteObjectCommand({ Bucket: "locked", Key: "strict" }));
  await expect(remove("strict", strict.VersionId, true)).rejects.toMatchObject({ name: "AccessDenied" });
  const { Errors } = await client.send(
    new DeleteObjectsCommand({
      ...{ Bucket: "locked", Delete: { Quiet: true, Objects: [{ Key: "loose", VersionId: loose.VersionId }] } },
    }),
  );
  expect(Errors).toMatchObject([{ Key: "loose", Code: "AccessDenied" }]);
  const hold = (Status: "ON" | "OFF") =>
    client.send(new PutObjectLegalHoldCommand({ Bucket: "locked", Key: "loose", LegalHold: { Status } }));
  await hold("ON");
  await expect(remove("loose", loose.VersionId, true)).rejects.toMatchObject({ name: "AccessDenied" });
  await hold("OFF");
  await remove("loose", loose.VersionId, true);
  const shorten = new PutObjectRetentionCommand({
    ...{ Bucket: "locked", Key: "strict", VersionId: strict.VersionId },
    Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(at + 60_000) },
  });
  await expect(client.send(shorten)).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", ObjectLockLegalHoldStatus: "ON" })),
  ).rejects.toMatchObject({ name: "InvalidRequest" });
  setTime(at + 3_601_000);
  client.config.systemClockOffset = 3_601_000;
  await remove("strict", strict.VersionId);
});

test("new versions and delete markers reach the replica in its own region; the deletion of a version does not", async () => {
  const { client, s3, endpoint } = await start();
  const replica = clientOf(endpoint, "eu-west-1");
  const Key = "t/a";
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body: "words" }));
  await s3.replicated();
  expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ReplicationStatus).toBe("COMPLETED");
  const copy = await replica.send(new GetObjectCommand({ Bucket: "copies", Key }));
  expect([await copy.Body!.transformToString(), copy.VersionId, copy.ReplicationStatus]).toEqual([
    "words",
    VersionId,
    "REPLICA",
  ]);
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await s3.replicated();
  await expect(replica.send(new GetObjectCommand({ Bucket: "copies", Key }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
  await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  const { Versions, DeleteMarkers } = await replica.send(new ListObjectVersionsCommand({ Bucket: "copies" }));
  expect([Versions?.length, DeleteMarkers?.length]).toEqual([1, 1]);
});

test("every call of the product works: presigned PUT and GET, put, head, get, and a purge of bucket and replica", async () => {
  const { s3, client, endpoint } = await start();
  const blobs = await blobsOn(endpoint);
  const bytes = Buffer.from("uploaded words");
  const key = "t/ten/doc/1";
  const presigned = await blobs.presignPut({
    ...{ key, contentType: "text/plain", sizeBytes: bytes.length, expiresInSeconds: 60 },
    sha256: createHash("sha256").update(bytes).digest(),
  });
  const put = (body: Uint8Array, headers: Record<string, string> = presigned.headers) =>
    fetch(presigned.url, { method: "PUT", headers, body });
  expect((await put(Buffer.from("uploaded lords"))).status).toBe(400);
  expect((await put(Buffer.from("too short"))).status).toBe(403);
  expect((await put(bytes, { ...presigned.headers, "content-type": "text/html" })).status).toBe(403);
  expect((await put(bytes, { ...presigned.headers, "x-amz-acl": "public-read" })).status).toBe(403);
  expect((await put(bytes)).status).toBe(200);
  expect((await put(bytes)).status).toBe(412);

  const fileName = "Bericht; größer (1) 'neu'.txt";
  const url = await blobs.presignGet({ key, fileName, expiresInSeconds: 60 });
  const got = await fetch(url);
  expect([await got.text(), got.headers.get("content-disposition")]).toEqual([
    "uploaded words",
    `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}`,
  ]);
  expect((await fetch(url.replace("attachment", "inline"))).status).toBe(403);
  expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
  expect((await fetch(`${url}&response-content-type=text%2Fhtml`)).status).toBe(403);

  await blobs.put("t/ten/doc/2", Buffer.from("more"), "text/plain");
  expect(await blobs.head("t/ten/doc/2")).toEqual({ sizeBytes: 4 });
  expect(await blobs.head("t/ten/doc/3")).toBeUndefined();
  expect(await blobs.get("t/ten/doc/3")).toBeUndefined();
  expect(String(await (await blobs.get("t/ten/doc/2"))!.toArray())).toBe("more");

  await client.send(new PutObjectCommand({ Bucket, Key: "t/ten/doc2/1", Body: "kept" }));
  await s3.replicated();
  await blobs.purge("t/ten/doc/");
  for (const [region, name] of [
    ["us-east-1", Bucket],
    ["eu-west-1", "copies"],
  ] as const) {
    const left = await clientOf(endpoint, region).send(new ListObjectVersionsCommand({ Bucket: name }));
    expect(left.Versions?.map(({ Key }) => Key)).toEqual(["t/ten/doc2/1"]);
  }
});

test("a browser may upload and download with the headers that the bucket's CORS rules name, and with no others", async () => {
  const { endpoint } = await start();
  const ask = (method: string, headers: string) =>
    fetch(`${endpoint}/${Bucket}/t/a`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": method,
        "access-control-request-headers": headers,
      },
    });
  const allowed = await ask("PUT", "content-type,if-none-match,x-amz-checksum-sha256");
  expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  expect((await ask("DELETE", "content-type")).status).toBe(403);
  expect((await ask("PUT", "x-amz-acl")).status).toBe(403);
});
