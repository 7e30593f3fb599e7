import { type Id, parseId } from "../platform/id.ts";

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `${objectFolder(tenantId, documentId)}${version}`;

/** The folder with the originals of all versions of a document. */
export const objectFolder = (tenantId: Id<"tenant">, documentId: Id<"document">): `t/${string}/` =>
  `t/${tenantId}/${documentId}/`;

/** Parses an object key; undefined for a key of another form. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};
