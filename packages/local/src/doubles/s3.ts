import { createHash } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import S3rver from "s3rver";
import { type Credentials, Refused, refuseSubresources, type Signed, verify } from "./s3-checks.ts";
import { isVersionRequest, makeVersioned, respondVersions } from "./s3-versions.ts";

export type ObjectCreated = { source: "aws.s3"; "detail-type": "Object Created"; detail: Record<string, unknown> };

/**
 * S3 on loopback: s3rver stores objects, and this proxy in front of it checks what s3rver does not: the V4 signature
 * over the declared headers, expiry, unsigned `x-amz-` headers, the signed length and the checksum. The last part of a
 * body is forwarded only after the check, so that a wrong body is refused and not stored. Buckets have versions
 * (`s3-versions.ts`).
 */
export async function startS3(options: {
  dataDir: string;
  buckets: string[];
  credentials: Credentials;
  port?: number;
  now?: () => number;
  onObjectCreated: (event: ObjectCreated) => void;
}) {
  const { credentials, now = Date.now } = options;
  // s3rver would check signatures in its own way, so they are removed from requests to it.
  const store = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: options.dataDir,
    configureBuckets: options.buckets.map((name) => ({ name })),
  });
  makeVersioned(store.store);
  const { port: storePort } = (await store.run()) as AddressInfo;

  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "etag, x-amz-checksum-sha256");
    if (request.method === "OPTIONS") {
      response
        .writeHead(200, {
          "access-control-allow-methods": "GET, PUT, HEAD",
          "access-control-allow-headers": "*",
          "access-control-max-age": "3000",
        })
        .end();
      return;
    }
    refuseSubresources(request)
      .then(() => verify(request, credentials, now()))
      .then((signed) =>
        isVersionRequest(new URL(request.url ?? "/", "http://store"))
          ? respondVersions(store.store, request, response, signed)
          : forward(request, response, storePort, signed, options.onObjectCreated),
      )
      .catch((error) => {
        // The body is read and dropped, so that the client receives the response.
        request.resume();
        refuse(response, error);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

const refuse = (response: ServerResponse, error: unknown): void => {
  const { status, code, message } =
    error instanceof Refused ? error : new Refused(500, "InternalError", "The store failed");
  if (!response.headersSent) response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
};

const forward = (
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  signed: Signed,
  onObjectCreated: (event: ObjectCreated) => void,
): void => {
  const url = new URL(request.url ?? "/", "http://store");
  for (const name of [...url.searchParams.keys()]) if (name.startsWith("X-Amz-")) url.searchParams.delete(name);
  const overrides = takeResponseHeaders(url);
  const { authorization: _, ...headers } = request.headers;
  const upstream = httpRequest(
    { host: "127.0.0.1", port, method: request.method, path: url.pathname + url.search, headers },
    (stored) => {
      const isStored = request.method === "PUT" && stored.statusCode === 200;
      response.writeHead(stored.statusCode ?? 502, {
        ...stored.headers,
        ...(stored.statusCode === 200 ? overrides : {}),
      });
      stored.pipe(response);
      if (isStored)
        stored.on("end", () =>
          onObjectCreated(
            createdEvent(url.pathname, Number(request.headers["content-length"]), String(stored.headers.etag ?? "")),
          ),
        );
    },
  );
  upstream.on("error", () => refuse(response, new Refused(500, "InternalError")));

  const hash = createHash("sha256");
  let held: Buffer | undefined;
  request.on("data", (part: Buffer) => {
    hash.update(part);
    if (held && !upstream.write(held)) {
      request.pause();
      upstream.once("drain", () => request.resume());
    }
    held = part;
  });
  request.on("end", () => {
    const digest = hash.digest();
    const checksum = request.headers["x-amz-checksum-sha256"];
    const isWrongChecksum = checksum !== undefined && digest.toString("base64") !== checksum;
    const isWrongPayload = /^[0-9a-f]{64}$/.test(signed.payloadHash) && digest.toString("hex") !== signed.payloadHash;
    if (!isWrongChecksum && !isWrongPayload) {
      upstream.end(held);
      return;
    }
    upstream.removeAllListeners("error").on("error", () => {});
    upstream.destroy();
    refuse(response, new Refused(400, isWrongChecksum ? "BadDigest" : "XAmzContentSHA256Mismatch"));
  });
  // The client aborted the upload, so it must not be stored.
  request.on("close", () => {
    if (!request.complete) upstream.destroy();
  });
};

/** Headers that a GET may set by its query (S3 API reference, GetObject, "Overriding response header values"). */
const responseHeaders = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/**
 * Removes the overrides from the query and returns them: s3rver sees an anonymous caller, which may not override
 * headers.
 */
const takeResponseHeaders = (url: URL): Record<string, string> => {
  const overrides: Record<string, string> = {};
  for (const name of responseHeaders) {
    const value = url.searchParams.get(`response-${name}`);
    url.searchParams.delete(`response-${name}`);
    if (value !== null) overrides[name] = value;
  }
  return overrides;
};

let sequencer = 0;

/** S3's event as EventBridge delivers it; its key is not URL-encoded (S3 user guide, "EventBridge event structure"). */
const createdEvent = (path: string, size: number, etag: string): ObjectCreated => {
  const [, bucket = "", ...key] = decodeURIComponent(path).split("/");
  sequencer += 1;
  return {
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: {
        key: key.join("/"),
        size,
        etag: etag.replaceAll('"', ""),
        sequencer: sequencer.toString(16).padStart(18, "0").toUpperCase(),
      },
      "request-id": "local",
      requester: "000000000000",
      "source-ip-address": "127.0.0.1",
      reason: "PutObject",
    },
  };
};
