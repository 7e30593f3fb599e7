import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { S3Error } from "./s3-error.ts";
import type { Signed } from "./signature.ts";

/** Bytes of a body that are complete and have the signed hash and the declared checksums. */
export type Staged = { file: string; size: number; md5: Buffer; checksums: Record<string, string> };

/** The largest object of one PUT, and the largest XML body (10,000 parts). */
const objectBytesMax = 5 * 1024 ** 3;
const xmlBytesMax = 2 * 1024 ** 2;

/** Writes a body to a file of `folder`. @throws S3Error when it is not what the client has declared; then no file is left. */
export const stage = async (request: IncomingMessage, signed: Signed, folder: string): Promise<Staged> => {
  if (Number(request.headers["content-length"]) > objectBytesMax) throw new S3Error(400, "EntityTooLarge");
  const file = join(folder, randomUUID());
  const digests = newDigests(request);
  try {
    await pipeline(
      request,
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          digests.update(part);
          yield part;
        }
      },
      createWriteStream(file),
    );
    return { file, ...digests.check(signed) };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
};

/** The XML of a request. @throws S3Error when it is not what the client has declared */
export const readXml = async (request: IncomingMessage, signed: Signed): Promise<string> => {
  if (Number(request.headers["content-length"]) > xmlBytesMax) throw new S3Error(400, "MalformedXML");
  const body = await buffer(request);
  const digests = newDigests(request);
  digests.update(body);
  digests.check(signed);
  return body.toString("utf8");
};

/** Checksums of the protocol that Node computes. Others are refused, because they could not be checked. */
const algorithms = ["sha256", "sha1", "crc32"] as const;
const checksumHeader = /^x-amz-checksum-(?!mode$|type$|algorithm$)(.+)$/;

const newDigests = ({ headers }: IncomingMessage) => {
  if (String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-"))
    throw new S3Error(501, "NotImplemented", "The local runtime does not decode aws-chunked bodies.");
  const declared = Object.entries(headers).flatMap(([name, value]) => {
    const algorithm = checksumHeader.exec(name)?.[1];
    return algorithm ? [[algorithm, String(value)] as const] : [];
  });
  for (const [algorithm] of declared)
    if (!algorithms.some((one) => one === algorithm))
      throw new S3Error(501, "NotImplemented", `The local runtime does not compute ${algorithm}.`);
  const hashes = { md5: createHash("md5"), sha1: createHash("sha1"), sha256: createHash("sha256") };
  let crc = 0;
  let size = 0;
  return {
    update: (part: Buffer): void => {
      for (const hash of Object.values(hashes)) hash.update(part);
      crc = crc32(part, crc);
      size += part.length;
    },
    check: ({ payloadHash }: Signed): Omit<Staged, "file"> => {
      const [md5, sha1, sha256] = [hashes.md5.digest(), hashes.sha1.digest(), hashes.sha256.digest()];
      const crcBytes = Buffer.alloc(4);
      crcBytes.writeUInt32BE(crc);
      const computed: Record<string, Buffer> = { sha256, sha1, crc32: crcBytes };
      if (/^[0-9a-f]{64}$/.test(payloadHash) && sha256.toString("hex") !== payloadHash)
        throw new S3Error(400, "XAmzContentSHA256Mismatch");
      const wrong = declared.some(([algorithm, value]) => computed[algorithm]!.toString("base64") !== value);
      const declaredMd5 = headers["content-md5"];
      if (wrong || (declaredMd5 !== undefined && md5.toString("base64") !== declaredMd5))
        throw new S3Error(400, "BadDigest", "The checksum does not match the bytes");
      return { size, md5, checksums: Object.fromEntries(declared) };
    },
  };
};

/** True when the client has declared a checksum, which S3 requires of an object with a lock. */
export const hasChecksum = ({ headers }: IncomingMessage): boolean =>
  headers["content-md5"] !== undefined || Object.keys(headers).some((name) => checksumHeader.test(name));
