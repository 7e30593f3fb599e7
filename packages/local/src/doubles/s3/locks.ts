import type { IncomingMessage } from "node:http";
import { hasChecksum, readXml } from "./body.ts";
import type { BucketOptions, Exchange } from "./exchange.ts";
import { S3Error } from "./s3-error.ts";
import type { Lock, Version } from "./store.ts";
import { tags, textOf } from "./xml.ts";

/** Object lock: retention until a moment, and legal hold, of one version. */

/** The lock that a write asks for, or that the bucket gives by default. @throws S3Error */
export const locksOf = (
  request: IncomingMessage,
  bucket: BucketOptions,
  now: number,
): Pick<Version, "lock" | "hasLegalHold"> => {
  const { headers } = request;
  const [mode, until, hold] = ["mode", "retain-until-date", "legal-hold"].map((name) => {
    const value = headers[`x-amz-object-lock-${name}`];
    return value === undefined ? undefined : String(value);
  });
  if (mode ?? until ?? hold) {
    assertEnabled(bucket);
    if (!hasChecksum(request))
      throw new S3Error(400, "InvalidRequest", "An object with a lock needs Content-MD5 or a checksum");
  }
  const byDefault = bucket.lock?.days && {
    mode: bucket.lock.mode,
    until: new Date(now + bucket.lock.days * 86_400_000).toISOString(),
  };
  const lock = mode || until ? lockOf(mode, until, now) : byDefault || undefined;
  return { ...(lock ? { lock } : {}), ...(hold === "ON" ? { hasLegalHold: true } : {}) };
};

const assertEnabled = (bucket: BucketOptions): void => {
  if (!bucket.lock) throw new S3Error(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
};

const lockOf = (mode: string | undefined, until: string | undefined, now: number): Lock => {
  const moment = Date.parse(until ?? "");
  if ((mode !== "GOVERNANCE" && mode !== "COMPLIANCE") || Number.isNaN(moment))
    throw new S3Error(400, "InvalidArgument", "Mode and date are both needed");
  if (moment <= now) throw new S3Error(400, "InvalidArgument", "The retain until date must be in the future!");
  return { mode, until: new Date(moment).toISOString() };
};

const mayBypass = ({ headers }: IncomingMessage, { mode }: Lock): boolean =>
  mode === "GOVERNANCE" && String(headers["x-amz-bypass-governance-retention"]).toLowerCase() === "true";

/** @throws S3Error when the version must stay */
export const refuseLocked = (request: IncomingMessage, { lock, hasLegalHold }: Version, now: number): void => {
  const isRetained = lock && Date.parse(lock.until) > now && !mayBypass(request, lock);
  if (isRetained || hasLegalHold)
    throw new S3Error(403, "AccessDenied", "Access Denied because object protected by object lock.");
};

const versionOf = async ({ store, bucket, key, query }: Exchange): Promise<Version> => {
  const version = await store.find(bucket.name, key, query.get("versionId"));
  if (!version || version.isMarker) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  return version;
};

/** `?retention`: a lock can be made longer, and only GOVERNANCE can be made shorter, with the right to bypass it. */
export const putRetention = async (exchange: Exchange): Promise<void> => {
  const { request, response, store, bucket, key, signed, now } = exchange;
  assertEnabled(bucket);
  const xml = await readXml(request, signed);
  const lock = lockOf(textOf(xml, "Mode"), textOf(xml, "RetainUntilDate"), now);
  await store.alone(bucket.name, key, async () => {
    const version = await versionOf(exchange);
    const held = version.lock && Date.parse(version.lock.until) > now ? version.lock : undefined;
    const isLonger = !held || (lock.until >= held.until && (lock.mode === held.mode || held.mode === "GOVERNANCE"));
    if (!isLonger && !mayBypass(request, held)) throw new S3Error(403, "AccessDenied", "Access Denied");
    await store.describe(bucket.name, key, { ...version, lock });
  });
  response.writeHead(200).end();
};

export const getRetention = async (exchange: Exchange): Promise<void> => {
  const { lock } = await versionOf(exchange);
  if (!lock) throw new S3Error(404, "NoSuchObjectLockConfiguration");
  exchange.xml("Retention", tags({ Mode: lock.mode, RetainUntilDate: lock.until }));
};

export const putLegalHold = async (exchange: Exchange): Promise<void> => {
  const { request, response, store, bucket, key, signed } = exchange;
  assertEnabled(bucket);
  const status = textOf(await readXml(request, signed), "Status");
  if (status !== "ON" && status !== "OFF") throw new S3Error(400, "MalformedXML");
  await store.alone(bucket.name, key, async () => {
    const version = await versionOf(exchange);
    await store.describe(bucket.name, key, { ...version, hasLegalHold: status === "ON" });
  });
  response.writeHead(200).end();
};

export const getLegalHold = async (exchange: Exchange): Promise<void> => {
  const { hasLegalHold } = await versionOf(exchange);
  exchange.xml("LegalHold", tags({ Status: hasLegalHold ? "ON" : "OFF" }));
};
