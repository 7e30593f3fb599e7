import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Id } from "../platform/id.ts";
import { kms, open } from "../platform/services/kms.ts";

/**
 * The headers that the tenant has set for an endpoint, as their row stores them, for the sender alone: they may contain a
 * password, and messages lie in the outbox, in queues and in dead-letter queues.
 */
export const SealedHeaders = z.object({
  /** What the bytes are sealed with in addition to the key. */
  context: z.string(),
  headers: z.base64(),
  /** The tenant's data key, as KMS has wrapped it. */
  key: z.base64(),
});
export type SealedHeaders = z.output<typeof SealedHeaders>;

type WrappedKey = { tenantId: Id<"tenant">; key: string };
/** Unwrapped data keys of tenants seen by this process, by tenant and wrapped form. */
const keys = new LRUCache<string, Buffer, WrappedKey>({
  max: 1_000,
  fetchMethod: (_id, _known, { context }) => kms().unwrap(context.tenantId, Buffer.from(context.key, "base64")),
});

/** @throws Undecryptable */
export async function openHeaders(tenantId: Id<"tenant">, sealed: SealedHeaders): Promise<Record<string, string>> {
  const wrapped = { tenantId, key: sealed.key };
  const key = await keys.forceFetch(`${tenantId} ${sealed.key}`, { context: wrapped });
  // `sealHeaders` alone seals with this context.
  return JSON.parse(open(key, Buffer.from(sealed.headers, "base64"), sealed.context).toString("utf8")) as Record<
    string,
    string
  >;
}
