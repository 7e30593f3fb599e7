import { type Id, parseId } from "../platform/id.ts";

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `t/${tenantId}/${documentId}/${version}`;

/** Where a text is kept that is too large for a response of the API. Uploads are announced by their prefix `t/`, so it has another. */
export const textKey = (originalKey: string): string => `text/${originalKey}.json`;

/** What an object key says; undefined for a key that is none of ours. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};
