import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readXml, stage } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { locksOf } from "./locks.ts";
import { checkWrite, headersOf } from "./objects.ts";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./store.ts";
import { element, elementsOf, tags, textOf } from "./xml.ts";

/** Multipart uploads: parts are files of a folder beside the objects, until the upload is completed or aborted. */

/** Every part but the last one has at least 5 MB (S3 user guide, "Multipart upload limits"). */
const partBytesMin = 5 * 1024 ** 2;
const partsMax = 10_000;

type Upload = { key: string; startedAt: string } & Pick<Version, "headers" | "lock" | "hasLegalHold">;
type Part = { number: number; size: number; md5: string; storedAt: string };

const uploadsOf = ({ root, bucket }: Exchange): string => join(root, ".uploads", bucket.name);

export const createUpload = async (exchange: Exchange): Promise<void> => {
  const { request, bucket, key, now } = exchange;
  const id = randomUUID().replaceAll("-", "");
  const folder = join(uploadsOf(exchange), id);
  const upload: Upload = {
    key,
    startedAt: new Date(now).toISOString(),
    headers: headersOf(request),
    ...locksOf(request, bucket, now),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "upload.json"), JSON.stringify(upload));
  exchange.xml("InitiateMultipartUploadResult", tags({ Bucket: bucket.name, Key: key, UploadId: id }));
};

/** The folder of the upload that the query names. @throws S3Error */
const find = async (exchange: Exchange): Promise<{ folder: string; upload: Upload }> => {
  const id = exchange.query.get("uploadId") ?? "";
  const folder = join(uploadsOf(exchange), id);
  const text = /^[0-9a-f]{32}$/.test(id)
    ? await readFile(join(folder, "upload.json"), "utf8").catch(() => undefined)
    : undefined;
  // Written by `createUpload`.
  const upload = text === undefined ? undefined : (JSON.parse(text) as Upload);
  if (upload?.key !== exchange.key)
    throw new S3Error(
      404,
      "NoSuchUpload",
      "The upload ID may be invalid, or the upload may have been aborted or completed.",
    );
  return { folder, upload };
};

export const putPart = async (exchange: Exchange): Promise<void> => {
  const { request, response, store, signed, query } = exchange;
  const number = Number(query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > partsMax)
    throw new S3Error(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  const { folder } = await find(exchange);
  const { file, size, md5 } = await stage(request, signed, store.staging);
  // The name holds what describes the part, so that one rename replaces an earlier part as a whole.
  const name = `${number}.${size}.${md5.toString("hex")}`;
  const earlier = (await partsIn(folder)).filter((part) => part.number === number);
  await rename(file, join(folder, name));
  for (const part of earlier) if (nameOf(part) !== name) await rm(join(folder, nameOf(part)), { force: true });
  response.writeHead(200, { etag: `"${md5.toString("hex")}"` }).end();
};

const nameOf = ({ number, size, md5 }: Part): string => `${number}.${size}.${md5}`;

const partsIn = async (folder: string): Promise<Part[]> => {
  const names = await readdir(folder);
  const parts = names.flatMap((name): Part[] => {
    const [, number, size, md5] = /^(\d+)\.(\d+)\.([0-9a-f]{32})$/.exec(name) ?? [];
    return md5 ? [{ number: Number(number), size: Number(size), md5, storedAt: new Date().toISOString() }] : [];
  });
  return parts.sort((a, b) => a.number - b.number);
};

export const listParts = async (exchange: Exchange): Promise<void> => {
  const { folder } = await find(exchange);
  const parts = (await partsIn(folder)).map(({ number, size, md5, storedAt }) =>
    element("Part", { PartNumber: number, LastModified: storedAt, ETag: `"${md5}"`, Size: size }),
  );
  const { bucket, key, query } = exchange;
  const head = tags({ Bucket: bucket.name, Key: key, UploadId: query.get("uploadId") ?? "", IsTruncated: false });
  exchange.xml("ListPartsResult", head + parts.join(""));
};

export const listUploads = async (exchange: Exchange): Promise<void> => {
  const folder = uploadsOf(exchange);
  const ids = await readdir(folder).catch(() => []);
  const uploads = await Promise.all(
    ids.map(async (id) => {
      // Written by `createUpload`.
      const { key, startedAt } = JSON.parse(await readFile(join(folder, id, "upload.json"), "utf8")) as Upload;
      return element("Upload", { Key: key, UploadId: id, Initiated: startedAt });
    }),
  );
  exchange.xml(
    "ListMultipartUploadsResult",
    tags({ Bucket: exchange.bucket.name, IsTruncated: false }) + uploads.join(""),
  );
};

export const abortUpload = async (exchange: Exchange): Promise<void> => {
  const { folder } = await find(exchange);
  await rm(folder, { recursive: true, force: true });
  exchange.response.writeHead(204).end();
};

/** Joins the parts that the client names. A refused completion leaves the upload as it is. */
export const completeUpload = async (exchange: Exchange): Promise<void> => {
  const { request, store, bucket, key, signed } = exchange;
  const xml = await readXml(request, signed);
  const { folder, upload } = await find(exchange);
  const stored = new Map((await partsIn(folder)).map((part) => [part.number, part]));
  const chosen = elementsOf(xml, "Part").map((part) => {
    const found = stored.get(Number(textOf(part, "PartNumber")));
    const etag = textOf(part, "ETag")?.replaceAll('"', "");
    if (!found || found.md5 !== etag)
      throw new S3Error(400, "InvalidPart", "One or more of the specified parts could not be found.");
    return found;
  });
  if (chosen.length === 0) throw new S3Error(400, "MalformedXML");
  if (chosen.some(({ number }, n) => n > 0 && number <= chosen[n - 1]!.number))
    throw new S3Error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
  if (chosen.slice(0, -1).some(({ size }) => size < partBytesMin))
    throw new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
  checkWrite(request, await store.find(bucket.name, key));

  const file = join(store.staging, randomUUID());
  await pipeline(async function* () {
    for (const part of chosen) yield* createReadStream(join(folder, nameOf(part)));
  }, createWriteStream(file));
  const hash = createHash("md5");
  for (const { md5 } of chosen) hash.update(Buffer.from(md5, "hex"));
  const etag = `"${hash.digest("hex")}-${chosen.length}"`;
  const size = chosen.reduce((sum, part) => sum + part.size, 0);
  const { headers, lock, hasLegalHold } = upload;
  const version = await exchange.commit({ size, etag, headers, lock, hasLegalHold }, file);
  await rm(folder, { recursive: true, force: true });
  exchange.response.setHeader("x-amz-version-id", version.id);
  exchange.xml("CompleteMultipartUploadResult", tags({ Bucket: bucket.name, Key: key, ETag: etag }));
  exchange.created(version, "CompleteMultipartUpload");
};
