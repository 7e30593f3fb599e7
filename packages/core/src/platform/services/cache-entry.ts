import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import * as kms from "./kms.ts";
import { pepper } from "./linked-secrets.ts";

/** `text` is JSON, or empty for `undefined`; `loadMs`: how long it took to load. */
const Entry = z.object({ text: z.string(), loadMs: z.number(), expiresAt: z.number() });
export type Entry = z.output<typeof Entry>;

/** The tenant is a part of every key. A key may contain what people write, so it is hashed. */
export const keyOf = (tenantId: string, namespace: string, version: string, key: string): string =>
  `c1:${tenantId}:${namespace}:${version}:${createHash("sha256").update(key).digest("base64url")}`;

/**
 * Whether this reader should load the value again, though it has not expired: the more likely the nearer the expiry, and the earlier the
 * longer loading takes, so that almost always one reader does so in time (XFetch: Vattani, Chierichetti and Lowenstein, "Optimal
 * Probabilistic Cache Stampede Prevention", VLDB 2015). `random` is in [0, 1).
 */
export const isDue = ({ loadMs, expiresAt }: Entry, atMs: number, random: number): boolean =>
  atMs - loadMs * Math.log(1 - random) >= expiresAt;

/** For Redis: values contain what documents say, and Redis may be another company's. The key of the entry is authenticated. */
export const seal = async (tenantId: string, entryKey: string, entry: Entry): Promise<string> =>
  kms.seal(await secretOf(tenantId), Buffer.from(JSON.stringify(entry)), entryKey).toString("base64");

/** Undefined when the bytes are not this entry of this tenant: they are then loaded and replaced. */
export const open = async (tenantId: string, entryKey: string, sealed: string): Promise<Entry | undefined> => {
  const secret = await secretOf(tenantId);
  try {
    const text = kms.open(secret, Buffer.from(sealed, "base64"), entryKey).toString("utf8");
    return Entry.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof kms.Undecryptable) return undefined;
    throw error;
  }
};

/** Derived, since the tenant's data key would cost a fresh process a call of KMS and a transaction before its first value. */
const secretOf = async (tenantId: string): Promise<Buffer> =>
  createHmac("sha256", await pepper())
    .update(`resolve cache key v1 ${tenantId}`)
    .digest();
