import { type Id, parseId } from "../platform/id.ts";

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `${objectFolder(tenantId, documentId)}${version}`;

/** The folder with the originals of all versions of a document. */
export const objectFolder = (tenantId: Id<"tenant">, documentId: Id<"document">): `t/${string}/` =>
  `t/${tenantId}/${documentId}/`;

/** The key of a text that is too large for a response of the API. Not below `t/`, where each new object is an upload. */
export const textKey = (originalKey: string): string => `text/${originalKey}.json`;

/** The folder with the texts of all versions, by the folder of the originals. */
export const textFolder = <F extends string>(folder: F): `text/${F}` => `text/${folder}`;

/** Parses an object key; undefined for a key of another form. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};
