import type { Readable } from "node:stream";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { now } from "../clock.ts";
import { resource } from "../resources.ts";

/** The documents bucket. Drivers: S3, and the S3 double of the local runtime over the same protocol. */
export const blobs = {
  /**
   * A URL for one PUT of exactly these bytes: length, checksum and `If-None-Match: *` are signed headers, so S3 responds
   * 412 once the object exists. The checksum must not move to the query, where S3 ignores it (aws-sdk-js-v3 issue 3906).
   */
  async presignPut(input: {
    key: string;
    contentType: string;
    sizeBytes: number;
    sha256?: Buffer | undefined;
    expiresInSeconds: number;
  }) {
    const headers: Record<string, string> = { "content-type": input.contentType, "if-none-match": "*" };
    const command = new PutObjectCommand({
      Bucket: bucket(),
      Key: input.key,
      ContentLength: input.sizeBytes,
      ContentType: input.contentType,
      IfNoneMatch: "*",
      ...(input.sha256 ? { ChecksumSHA256: input.sha256.toString("base64") } : {}),
    });
    if (input.sha256) headers["x-amz-checksum-sha256"] = input.sha256.toString("base64");
    const signed = new Set(["host", "content-length", ...Object.keys(headers)]);
    const signingDate = now();
    const url = await getSignedUrl(client(), command, {
      expiresIn: input.expiresInSeconds,
      signingDate,
      signableHeaders: signed,
      unhoistableHeaders: new Set(["x-amz-checksum-sha256"]),
    });
    return {
      method: "PUT" as const,
      url,
      headers,
      expiresAt: new Date(signingDate.getTime() + input.expiresInSeconds * 1000),
    };
  },

  /** A URL that returns the object as an attachment of this name. */
  presignGet: (input: { key: string; fileName: string; expiresInSeconds: number }): Promise<string> =>
    getSignedUrl(
      client(),
      new GetObjectCommand({
        Bucket: bucket(),
        Key: input.key,
        ResponseContentDisposition: `attachment; filename*=UTF-8''${extendedValue(input.fileName)}`,
      }),
      { expiresIn: input.expiresInSeconds, signingDate: now() },
    ),

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    await client().send(new PutObjectCommand({ Bucket: bucket(), Key: key, Body: bytes, ContentType: contentType }));
  },

  /** Undefined when the key does not exist. */
  async head(key: string): Promise<{ sizeBytes: number } | undefined> {
    try {
      const { ContentLength } = await client().send(new HeadObjectCommand({ Bucket: bucket(), Key: key }));
      return { sizeBytes: ContentLength ?? 0 };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  /** Undefined when the key does not exist. */
  async get(key: string): Promise<Readable | undefined> {
    try {
      const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket(), Key: key }));
      // In Node the SDK's body is a Readable.
      return Body as Readable | undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  /**
   * Deletes every version and delete marker of the objects in a folder, in the bucket and in its replica. S3 does not
   * replicate the deletion of a version. Repeatable. @throws Error when something is left, such as a locked version.
   */
  async purge(folder: `${string}t/${string}/`): Promise<void> {
    await purgeBucket(client(), bucket(), folder);
    const { replica } = resource("Documents");
    if (replica) await purgeBucket(client(replica.region), replica.name, folder);
  },
};

const purgeBucket = async (s3: S3Client, Bucket: string, folder: string): Promise<void> => {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix: folder,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    // A page has at most 1,000 versions, as many as one request may delete.
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors[0]) throw new Error(`${Errors.length} versions in ${Bucket} were not deleted: ${Errors[0].Code}`);
  } while (page.IsTruncated);
};

/** RFC 8187: `encodeURIComponent` leaves four characters that an extended header value must escape. */
const extendedValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

const isMissing = (error: unknown): boolean =>
  error instanceof Error && (error.name === "NotFound" || error.name === "NoSuchKey");

const bucket = (): string => resource("Documents").name;

const clients = new Map<string, S3Client>();
const client = (region = resource("Documents").region): S3Client => {
  const known = clients.get(region);
  if (known) return known;
  const { endpoint, accessKeyId, secretAccessKey } = resource("Documents");
  const s3 = new S3Client({
    region,
    // Otherwise the SDK signs the checksum of an empty body into presigned URLs.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
  clients.set(region, s3);
  return s3;
};
