import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Reading } from "../identity/index.ts";
import { blobs } from "../platform/services/blob.ts";
import { DocumentFailure } from "./failures.ts";

/** An original in storage with its declared properties. */
export type Original = {
  objectKey: string;
  sizeBytes: number;
  sha256: Buffer | null;
  name: string;
  contentType: string | null;
  /** The request contained it as text, so its type is not detected from its first bytes. */
  isText: boolean;
  /** As the document says, or else its tenant. */
  reading: Reading;
};

/** The stored bytes. @throws DocumentFailure when they are missing, or of another size or checksum than declared */
export const readOriginal = async (original: Original): Promise<{ bytes: Buffer; sha256: Buffer }> => {
  const body = await blobs.get(original.objectKey);
  if (!body) throw new DocumentFailure("storage-missing");
  const { bytes, sha256 } = await collect(body, original.sizeBytes);
  if (bytes.length !== original.sizeBytes) throw new DocumentFailure("size-mismatch");
  if (original.sha256 && !sha256.equals(original.sha256)) throw new DocumentFailure("checksum-mismatch");
  return { bytes, sha256 };
};

/**
 * Reads the body into one buffer of the declared size, so that a large file is in memory only once. Each part is hashed when it
 * arrives: hashing a large file at once would block the thread.
 */
const collect = async (body: Readable, sizeBytes: number): Promise<{ bytes: Buffer; sha256: Buffer }> => {
  const hash = createHash("sha256");
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let size = 0;
  // A stream without an encoding yields buffers.
  for await (const part of body as AsyncIterable<Buffer>) {
    if (size + part.length > sizeBytes) {
      body.destroy();
      throw new DocumentFailure("size-mismatch");
    }
    hash.update(part);
    size += part.copy(bytes, size);
  }
  return { bytes: bytes.subarray(0, size), sha256: hash.digest() };
};
