import { type Id, parseId } from "../platform/id.ts";

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `t/${tenantId}/${documentId}/${version}`;

/** Parses an object key; undefined for a key of another form. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};
