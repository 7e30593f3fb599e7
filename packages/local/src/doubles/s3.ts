import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listeningPort } from "../listening-port.ts";
import type { BucketOptions, Exchange } from "./s3/exchange.ts";
import { checkWrite, discard } from "./s3/objects.ts";
import { operations, subresourcesOf } from "./s3/operations.ts";
import { S3Error } from "./s3/s3-error.ts";
import { type Credentials, pathOf, verify } from "./s3/signature.ts";
import { ObjectStore, type Version } from "./s3/store.ts";
import { tags } from "./s3/xml.ts";

export type ObjectCreated = { source: "aws.s3"; "detail-type": "Object Created"; detail: Record<string, unknown> };

const homeRegion = "us-east-1";

/** CORS of the documents bucket (stacks/storage.ts). */
const corsMethods = ["GET", "PUT"];
const corsHeaders = ["content-type", "if-none-match", "x-amz-checksum-sha256"];

/**
 * S3 on loopback: buckets with versions, delete markers, conditional writes, multipart uploads, object lock and replication.
 * It checks V4 signatures of headers and of presigned URLs, their expiry, lengths and checksums, and stores a body only after
 * the checks.
 */
export async function startS3(options: {
  dataDir: string;
  /** A name stands for a bucket in us-east-1. */
  buckets: (string | BucketOptions)[];
  credentials: Credentials;
  port?: number;
  now?: () => number;
  onObjectCreated: (event: ObjectCreated) => void;
}) {
  const { credentials, now = Date.now, dataDir: root } = options;
  const store = new ObjectStore(root);
  const buckets = new Map(
    options.buckets
      .map((one) => (typeof one === "string" ? { name: one, region: homeRegion } : one))
      .map((one) => [one.name, one]),
  );
  const replicating = new Set<Promise<void>>();

  const replicate = (bucket: BucketOptions, key: string, version: Version): void => {
    const { replica } = bucket;
    if (!replica) return;
    const copied = (async () => {
      await store.alone(replica, key, () =>
        store.copy(bucket.name, replica, key, { ...version, replication: "REPLICA" }),
      );
      await store.alone(bucket.name, key, async () => {
        const current = await store.find(bucket.name, key, version.id);
        if (current && !current.isMarker)
          await store.describe(bucket.name, key, { ...current, replication: "COMPLETED" });
      });
    })()
      // A version that is deleted at once has nothing to replicate.
      .catch(() => {})
      .finally(() => replicating.delete(copied));
    replicating.add(copied);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://store");
    const [, name = "", key = ""] = /^\/([^/]+)\/?(.*)$/s.exec(decoded(pathOf(request))) ?? [];
    const bucket = buckets.get(name);
    const at = now();
    const signed = await verify(request, { credentials, region: bucket?.region ?? homeRegion, at });
    if (!bucket) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    const exchange: Exchange = {
      ...{ request, response, signed, store, root, bucket, key, query: url.searchParams, now: at },
      commit: (described, file) =>
        store
          .alone(name, key, async () => {
            const current = await store.find(name, key);
            checkWrite(request, current);
            const version: Version = {
              id: store.newId(current),
              isMarker: false,
              storedAt: new Date(at).toISOString(),
              ...described,
              ...(bucket.replica ? { replication: "PENDING" } : {}),
            };
            await store.add(name, key, version, file);
            replicate(bucket, key, version);
            return version;
          })
          .catch(async (error) => {
            await discard(file);
            throw error;
          }),
      replicate: (key, version) => replicate(bucket, key, version),
      created: (version, reason) => options.onObjectCreated(createdEvent(name, key, version, reason)),
      xml: (root, content) => {
        response
          .writeHead(200, { "content-type": "application/xml" })
          .end(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`);
      },
    };
    const subresources = subresourcesOf(url.searchParams);
    const operation = operations[key === "" ? "bucket" : "object"][`${request.method} ${subresources.join("&")}`];
    if (!operation)
      throw new S3Error(
        501,
        "NotImplemented",
        `The local runtime does not implement ${request.method} ?${subresources.join("&")}.`,
      );
    await operation(exchange);
  };

  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "etag, x-amz-checksum-sha256");
    const answered = request.method === "OPTIONS" ? preflight(request, response) : handle(request, response);
    answered.catch((error) => {
      // The body is read and dropped, so that the client receives the response.
      request.resume();
      refuse(request, response, error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${listeningPort(server)}`,
    /** Resolves when every version has its copy. */
    replicated: async () => {
      while (replicating.size > 0) await Promise.all(replicating);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(replicating);
    },
  };
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
};

const preflight = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const method = String(request.headers["access-control-request-method"]);
  const headers = String(request.headers["access-control-request-headers"] ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (!corsMethods.includes(method) || headers.some((name) => !corsHeaders.includes(name)))
    throw new S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
  response
    .writeHead(200, {
      "access-control-allow-methods": corsMethods.join(", "),
      "access-control-allow-headers": headers.join(", "),
      "access-control-max-age": "86400",
    })
    .end();
};

const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  const refused = error instanceof S3Error ? error : new S3Error(500, "InternalError", "The store failed");
  const { status, code, message, headers } = refused;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...headers, "content-type": "application/xml" });
  // HEAD responses have no body, so the SDK learns the reason from the status alone.
  if (request.method === "HEAD") response.end();
  else response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${tags({ Code: code, Message: message })}</Error>`);
};

let sequencer = 0;

/** S3's event as EventBridge delivers it; its key is not URL-encoded (S3 user guide, "EventBridge event structure"). */
const createdEvent = (bucket: string, key: string, { id, size, etag }: Version, reason: string): ObjectCreated => {
  sequencer += 1;
  return {
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: {
        key,
        size,
        etag: etag.replaceAll('"', ""),
        "version-id": id,
        sequencer: sequencer.toString(16).padStart(18, "0").toUpperCase(),
      },
      "request-id": "local",
      requester: "000000000000",
      "source-ip-address": "127.0.0.1",
      reason,
    },
  };
};
