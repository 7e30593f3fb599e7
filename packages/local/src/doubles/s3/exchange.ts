import type { IncomingMessage, ServerResponse } from "node:http";
import type { Signed } from "./signature.ts";
import type { Lock, ObjectStore, Version } from "./store.ts";

/** A bucket with versions. */
export type BucketOptions = {
  name: string;
  region: string;
  /** The bucket that receives a copy of each new version and delete marker. */
  replica?: string;
  /** Object lock is enabled; with `days`, a version without a lock of its own gets this one. */
  lock?: { mode: Lock["mode"]; days?: number };
};

/** A verified request and what its operation needs to answer it. */
export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  signed: Signed;
  store: ObjectStore;
  root: string;
  bucket: BucketOptions;
  key: string;
  query: URLSearchParams;
  now: number;
  /** Adds a version to the key, if the conditions of the request hold, and starts its replication. @throws S3Error */
  commit(version: Pick<Version, "size" | "etag" | "headers" | "lock" | "hasLegalHold">, file: string): Promise<Version>;
  replicate(key: string, version: Version): void;
  /** Publishes the event. */
  created(version: Version, reason: string): void;
  xml(root: string, content: string): void;
};
