import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { stage } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { locksOf, refuseLocked } from "./locks.ts";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./store.ts";

/** Headers that an object keeps, and that a GET may override by its query (S3 API reference, GetObject). */
const keptHeaders = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];
const metadataBytesMax = 2048;

/** The headers with which a GET will respond. @throws S3Error */
export const headersOf = ({ headers }: IncomingMessage): Record<string, string> => {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  const bytes = metadata.reduce((sum, [name, value]) => sum + name.length - 11 + String(value).length, 0);
  if (bytes > metadataBytesMax) throw new S3Error(400, "MetadataTooLarge");
  const kept = keptHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
  return {
    "content-type": "binary/octet-stream",
    ...Object.fromEntries(kept),
    ...Object.fromEntries(metadata.map(([name, value]) => [name, String(value)])),
  };
};

/** Checks `If-None-Match` and `If-Match` of a write against the current version. @throws S3Error */
export const checkWrite = ({ headers }: IncomingMessage, current: Version | undefined): void => {
  const existing = current?.isMarker ? undefined : current;
  const [none, match] = [headers["if-none-match"], headers["if-match"]];
  if (none !== undefined && none !== "*") throw new S3Error(501, "NotImplemented");
  if (none === "*" && existing)
    throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  if (match === undefined) return;
  if (!existing) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  if (match !== existing.etag) throw new S3Error(412, "PreconditionFailed");
};

export const putObject = async (exchange: Exchange): Promise<void> => {
  const { request, response, store, bucket, signed } = exchange;
  if (request.headers["content-length"] === undefined) throw new S3Error(411, "MissingContentLength");
  const [headers, lock] = [headersOf(request), locksOf(request, bucket, exchange.now)];
  const staged = await stage(request, signed, store.staging);
  const etag = `"${staged.md5.toString("hex")}"`;
  const checksums = Object.fromEntries(
    Object.entries(staged.checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value]),
  );
  const { file, size } = staged;
  const version = await exchange.commit({ size, etag, headers: { ...headers, ...checksums }, ...lock }, file);
  response.writeHead(200, { etag, "x-amz-version-id": version.id, ...checksums }).end();
  exchange.created(version, "PutObject");
};

/** GET and HEAD of an object or of one of its versions. */
export const getObject = async ({ request, response, store, bucket, key, query }: Exchange): Promise<void> => {
  const id = query.get("versionId");
  const version = await store.find(bucket.name, key, id);
  if (!version) throw new S3Error(404, id ? "NoSuchVersion" : "NoSuchKey", "The specified key does not exist.");
  if (version.isMarker) {
    const marked = { "x-amz-delete-marker": "true", "x-amz-version-id": version.id };
    if (id) throw new S3Error(405, "MethodNotAllowed", "A delete marker has no content", marked);
    throw new S3Error(404, "NoSuchKey", "The specified key does not exist.", marked);
  }
  const part = rangeOf(request.headers.range, version.size);
  // The checksums are those of the whole object.
  const withChecksums = !part && String(request.headers["x-amz-checksum-mode"]).toUpperCase() === "ENABLED";
  const kept = Object.entries(version.headers).filter(([name]) => withChecksums || !name.startsWith("x-amz-checksum-"));
  const described: Record<string, string | number> = {
    ...Object.fromEntries(kept),
    etag: version.etag,
    "last-modified": new Date(version.storedAt).toUTCString(),
    "accept-ranges": "bytes",
    "x-amz-version-id": version.id,
    ...(version.replication ? { "x-amz-replication-status": version.replication } : {}),
    ...(version.lock
      ? {
          "x-amz-object-lock-mode": version.lock.mode,
          "x-amz-object-lock-retain-until-date": version.lock.until,
        }
      : {}),
    ...(version.hasLegalHold ? { "x-amz-object-lock-legal-hold": "ON" } : {}),
  };
  const { "if-match": match, "if-none-match": none } = request.headers;
  if (match !== undefined && match !== version.etag) throw new S3Error(412, "PreconditionFailed");
  if (none === version.etag) {
    response.writeHead(304, { etag: version.etag }).end();
    return;
  }
  const overrides = keptHeaders.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === null ? [] : [[name, value]];
  });
  response.writeHead(part ? 206 : 200, {
    ...described,
    ...Object.fromEntries(overrides),
    "content-length": part ? part.end - part.start + 1 : version.size,
    ...(part ? { "content-range": `bytes ${part.start}-${part.end}/${version.size}` } : {}),
  });
  if (request.method === "HEAD" || version.size === 0) response.end();
  // A client that goes away ends the transfer; its headers have been sent.
  else await pipeline(createReadStream(store.fileOf(bucket.name, key, version.id), part), response).catch(() => {});
};

/** Undefined for the whole object. S3 ignores a range that it cannot read. @throws S3Error when it is outside of the object */
const rangeOf = (range: string | undefined, size: number): { start: number; end: number } | undefined => {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || start > end)
    throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
      "content-range": `bytes */${size}`,
    });
  return { start, end };
};

/** Without a version a delete marker, and the versions stay; with a version that version is gone. */
export const deleteObject = async (exchange: Exchange): Promise<void> => {
  const removed = await removeOne(exchange, exchange.key, exchange.query.get("versionId"));
  exchange.response
    .writeHead(204, {
      ...(removed.id ? { "x-amz-version-id": removed.id } : {}),
      ...(removed.isMarker ? { "x-amz-delete-marker": "true" } : {}),
    })
    .end();
};

/** The version that was deleted, or the marker that was made. @throws S3Error */
export const removeOne = (
  { request, store, bucket, now, replicate }: Exchange,
  key: string,
  id: string | null | undefined,
): Promise<{ id?: string; isMarker: boolean }> =>
  store.alone(bucket.name, key, async () => {
    const version = await store.find(bucket.name, key, id);
    if (id) {
      if (!version) return { id, isMarker: false };
      refuseLocked(request, version, now);
      await store.remove(bucket.name, key, id);
      return { id, isMarker: version.isMarker };
    }
    const marker = {
      id: store.newId(version),
      isMarker: true,
      size: 0,
      etag: "",
      storedAt: new Date(now).toISOString(),
      headers: {},
    };
    await store.add(bucket.name, key, marker);
    replicate(key, marker);
    return marker;
  });

/** Deletes a body that is not needed, because its write was refused. */
export const discard = (file: string): Promise<void> => rm(file, { force: true });
