import { readXml } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { removeOne } from "./objects.ts";
import { S3Error } from "./s3-error.ts";
import { element, elementsOf, tags, textOf } from "./xml.ts";

/** S3 lists up to 1,000 versions and may list fewer. Small pages test that callers read all of them. */
const pageMax = 10;
const deletesMax = 1_000;

/** `?versions`: versions and delete markers by key, the newest first. */
export const listVersions = async ({ store, bucket, query, xml }: Exchange): Promise<void> => {
  const prefix = query.get("prefix") ?? "";
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("version-id-marker")];
  if (query.has("delimiter")) throw new S3Error(501, "NotImplemented");
  const all = await store.list(bucket.name, prefix);
  const rest = all.filter(
    (one) => one.key > keyMarker || (one.key === keyMarker && idMarker !== null && Number(one.id) < Number(idMarker)),
  );
  const size = Math.min(Number(query.get("max-keys") ?? pageMax), pageMax);
  const page = rest.slice(0, size);
  const last = rest.length > size ? page.at(-1) : undefined;
  const isEncoded = query.get("encoding-type") === "url";
  const shown = (key: string) => (isEncoded ? encodeURIComponent(key).replaceAll("%2F", "/") : key);
  const items = page.map(async ({ key, id, isLatest }) => {
    const version = await store.find(bucket.name, key, id);
    // It was deleted meanwhile.
    if (!version) return "";
    const { isMarker, storedAt, size, etag } = version;
    return element(isMarker ? "DeleteMarker" : "Version", {
      Key: shown(key),
      VersionId: id,
      IsLatest: isLatest,
      LastModified: storedAt,
      ...(isMarker ? {} : { ETag: etag, Size: size, StorageClass: "STANDARD" }),
    });
  });
  const head = tags({
    Name: bucket.name,
    Prefix: shown(prefix),
    MaxKeys: size,
    IsTruncated: last !== undefined,
    EncodingType: isEncoded ? "url" : undefined,
    NextKeyMarker: last && shown(last.key),
    NextVersionIdMarker: last?.id,
  });
  xml("ListVersionsResult", head + (await Promise.all(items)).join(""));
};

/** `?delete`: up to 1,000 versions or keys. Each is deleted or refused for itself. */
export const deleteObjects = async (exchange: Exchange): Promise<void> => {
  const body = await readXml(exchange.request, exchange.signed);
  const objects = elementsOf(body, "Object");
  if (objects.length === 0 || objects.length > deletesMax) throw new S3Error(400, "MalformedXML");
  const isQuiet = textOf(body, "Quiet") === "true";
  const results: string[] = [];
  for (const object of objects) {
    const [key, id] = [textOf(object, "Key"), textOf(object, "VersionId")];
    if (key === undefined) throw new S3Error(400, "MalformedXML");
    try {
      const removed = await removeOne(exchange, key, id);
      const marker = removed.isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: removed.id } : {};
      if (!isQuiet) results.push(element("Deleted", { Key: key, VersionId: id, ...marker }));
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      results.push(element("Error", { Key: key, VersionId: id, Code: error.code, Message: error.message }));
    }
  }
  exchange.xml("DeleteResult", results.join(""));
};
