import { type Id, parseId } from "../platform/id.ts";

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `t/${tenantId}/${documentId}/${version}`;

/** What an object key says; undefined for a key that is none of ours. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};
