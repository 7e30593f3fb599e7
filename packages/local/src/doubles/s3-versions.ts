import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type S3rver from "s3rver";
import S3Error from "s3rver/lib/models/error.js";
import { Refused, type Signed } from "./s3-checks.ts";

type Store = S3rver["store"];
/** A version or a delete marker. Later ids are greater; an object that was stored without versions has the id "null". */
type Version = { key: string; id: string; isMarker: boolean };

/** S3 lists up to 1,000 versions and may list fewer. Small pages test that callers read all of them. */
const pageMax = 10;

/**
 * Adds versions to s3rver's store. The file of the current object is a hard link to the file of its newest version, and a
 * delete marker is an empty file. Metadata are kept for the current version only.
 *
 * s3rver itself responds before the bytes are in the file and overwrites the old file, so that a kill could lose or
 * truncate an acknowledged object. Here the whole object is written to a temporary file, which is then renamed.
 */
export const makeVersioned = (store: Store): void => {
  const removeCurrent = store.deleteObject.bind(store);

  store.putObject = async ({ bucket, key, content, metadata }) => {
    const path = store.getResourcePath(bucket, key, "object");
    const partial = `${path}.${randomUUID()}`;
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash("md5");
    let size = 0;
    await pipeline(
      Buffer.isBuffer(content) ? Readable.from([content]) : content,
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          hash.update(part);
          size += part.length;
          yield part;
        }
      },
      createWriteStream(partial),
    );
    const version = fileOf(path, { id: newVersionId(), isMarker: false });
    await rename(partial, version);
    if (!Buffer.isBuffer(content) && content.headers["if-none-match"] === "*")
      // Of concurrent requests, one creates the link.
      await link(version, path).catch(async (error) => {
        await rm(version);
        throw error.code === "EEXIST" ? new S3Error("PreconditionFailed", "The key exists.") : error;
      });
    else await makeCurrent(version, path);
    const md5 = hash.digest("hex");
    await store.putMetadata(bucket, key, metadata, md5);
    return { size, md5 };
  };

  store.deleteObject = async (bucket, key) => {
    await writeFile(fileOf(store.getResourcePath(bucket, key, "object"), { id: newVersionId(), isMarker: true }), "");
    await removeCurrent(bucket, key);
  };

  store.deleteVersion = async (bucket, key, id) => {
    const versions = (await listVersions(store, bucket, key)).filter((one) => one.key === key);
    const version = versions.find((one) => one.id === id);
    if (!version) return;
    const path = store.getResourcePath(bucket, key, "object");
    await rm(fileOf(path, version), { force: true });
    const [newest, next] = versions;
    if (version !== newest) return;
    await rm(`${path}.md5`, { force: true });
    if (next && !next.isMarker) await makeCurrent(fileOf(path, next), path);
    else await removeCurrent(bucket, key);
  };
};

const fileOf = (path: string, { id, isMarker }: Omit<Version, "key">): string =>
  `${path}.${isMarker ? "marker" : "version"}-${id}`;

const makeCurrent = async (version: string, path: string): Promise<void> => {
  const partial = `${path}.${randomUUID()}`;
  await link(version, partial);
  await rename(partial, path);
};

let lastId = 0;
const newVersionId = (): string => {
  lastId = Math.max(lastId + 1, Date.now() * 1000);
  return String(lastId);
};

/** By key, the newest first. */
const listVersions = async (store: Store, bucket: string, prefix: string): Promise<Version[]> => {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const names = await readdir(join(store.getBucketPath(bucket), folder), { recursive: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const versions = names.flatMap((name): Version[] => {
    const [, path, kind, id] = /^(.+)\._S3rver_object(?:\.(version|marker)-(\d+))?$/.exec(name) ?? [];
    const key = `${folder}${path}`;
    return path && key.startsWith(prefix) ? [{ key, id: id ?? "null", isMarker: kind === "marker" }] : [];
  });
  const versioned = new Set(versions.filter(({ id, isMarker }) => id !== "null" && !isMarker).map(({ key }) => key));
  return versions
    .filter(({ key, id }) => id !== "null" || !versioned.has(key))
    .sort((a, b) => (a.key === b.key ? ageOf(b) - ageOf(a) : a.key < b.key ? -1 : 1));
};
const ageOf = ({ id }: { id: string }): number => (id === "null" ? 0 : Number(id));

/** True for ListObjectVersions and DeleteObjects, which s3rver has only without versions. */
export const isVersionRequest = ({ searchParams }: URL): boolean =>
  searchParams.has("versions") || searchParams.has("delete");

/** @throws Refused */
export const respondVersions = async (
  store: Store,
  request: IncomingMessage,
  response: ServerResponse,
  { payloadHash }: Signed,
): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://store");
  const bucket = basename(url.pathname);
  const body = await buffer(request);
  if (/^[0-9a-f]{64}$/.test(payloadHash) && createHash("sha256").update(body).digest("hex") !== payloadHash)
    throw new Refused(400, "XAmzContentSHA256Mismatch");
  const operation = `${request.method} ${[...url.searchParams.keys()].find((name) => /^(versions|delete)$/.test(name))}`;
  if (operation !== "GET versions" && operation !== "POST delete") throw new Refused(501, "NotImplemented");
  const xml = await (operation === "GET versions"
    ? versionsPage(store, bucket, url.searchParams)
    : deleteVersions(store, bucket, String(body)));
  response.writeHead(200, { "content-type": "application/xml" }).end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
};

const versionsPage = async (store: Store, bucket: string, query: URLSearchParams): Promise<string> => {
  const prefix = query.get("prefix") ?? "";
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("version-id-marker")];
  const all = await listVersions(store, bucket, prefix);
  const rest = all.filter(
    (one) => one.key > keyMarker || (one.key === keyMarker && idMarker && ageOf(one) < ageOf({ id: idMarker })),
  );
  const page = rest.slice(0, Math.min(Number(query.get("max-keys") ?? pageMax), pageMax));
  const last = rest.length > page.length ? page.at(-1) : undefined;
  const items = page.map(async (one) => {
    const isLatest = all.find(({ key }) => key === one.key) === one;
    const path = store.getResourcePath(bucket, one.key, "object");
    const { size, mtime } = await stat(one.id === "null" ? path : fileOf(path, one));
    return element(one.isMarker ? "DeleteMarker" : "Version", {
      Key: one.key,
      VersionId: one.id,
      IsLatest: isLatest,
      LastModified: mtime.toISOString(),
      ...(one.isMarker ? {} : { Size: size, StorageClass: "STANDARD" }),
    });
  });
  const next = last ? tags({ NextKeyMarker: last.key, NextVersionIdMarker: last.id }) : "";
  const head = tags({ Name: bucket, Prefix: prefix, IsTruncated: last !== undefined });
  return `<ListVersionsResult>${head}${next}${(await Promise.all(items)).join("")}</ListVersionsResult>`;
};

const deleteVersions = async (store: Store, bucket: string, xml: string): Promise<string> => {
  const deleted: string[] = [];
  for (const [, object = ""] of xml.matchAll(/<Object>(.*?)<\/Object>/gs)) {
    const [key, id] = ["Key", "VersionId"].map((name) => textOf(object, name));
    if (key === undefined) throw new Refused(400, "MalformedXML");
    if (id) await store.deleteVersion(bucket, key, id);
    else if (await store.existsObject(bucket, key)) await store.deleteObject(bucket, key);
    deleted.push(element("Deleted", { Key: key, ...(id ? { VersionId: id } : {}) }));
  }
  return `<DeleteResult>${textOf(xml, "Quiet") === "true" ? "" : deleted.join("")}</DeleteResult>`;
};

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const tags = (values: Record<string, string | number | boolean>): string =>
  Object.entries(values)
    .map(([name, value]) => `<${name}>${String(value).replace(/[&<>"']/g, (one) => entities[one]!)}</${name}>`)
    .join("");
const element = (name: string, values: Parameters<typeof tags>[0]): string => `<${name}>${tags(values)}</${name}>`;
const textOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(.*?)</${name}>`, "s")
    .exec(xml)?.[1]
    ?.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => Object.keys(entities).find((one) => entities[one] === entity)!);
