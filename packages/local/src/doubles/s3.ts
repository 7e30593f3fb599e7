import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import S3rver from "s3rver";

export type Credentials = { accessKeyId: string; secretAccessKey: string };
export type ObjectCreated = { source: "aws.s3"; "detail-type": "Object Created"; detail: Record<string, unknown> };

const region = "us-east-1";
/** S3's limits: a presigned URL is valid for at most a week, a signed header for 15 minutes. */
const presignSecondsMax = 604_800;
const skewSeconds = 900;

/** Query parameters that are allowed; all others are sub-resources (`?tagging`, `?acl`). */
const knownQuery =
  /^(x-amz-|x-id$|response-|list-type$|prefix$|delimiter$|max-keys$|continuation-token$|start-after$|encoding-type$)/i;

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string = code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Refuses sub-resources: s3rver treats a PUT of an object's tags as its content, and the object is lost. @throws
 * Refused
 */
const refuseSubresources = async (request: IncomingMessage): Promise<void> => {
  const { searchParams } = new URL(request.url ?? "/", "http://local");
  const names = [...searchParams.keys()].map((name) => name.toLowerCase());
  // The signature is computed over one value a name; another one of that name would be unsigned.
  if (new Set(names).size < names.length) throw new Refused(403, "SignatureDoesNotMatch");
  for (const name of names)
    if (!knownQuery.test(name))
      throw new Refused(501, "NotImplemented", `The local runtime does not implement ?${name}.`);
};

/**
 * S3 on loopback: s3rver stores objects, and this proxy in front of it checks what s3rver does not: the V4 signature
 * over the declared headers, expiry, unsigned `x-amz-` headers, the signed length and the checksum. The last part of a
 * body is forwarded only after the check, so that a wrong body is refused and not stored.
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
  makeWritesAtomic(store.store);
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
      .then((signed) => forward(request, response, storePort, signed, options.onObjectCreated))
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

/**
 * s3rver responds before the bytes are in the file and overwrites the old file, so that a kill could lose or truncate
 * an acknowledged object. This replacement writes the whole object to a temporary file and then renames it.
 */
const makeWritesAtomic = (store: S3rver["store"]): void => {
  store.putObject = async ({ bucket, key, content, metadata }) => {
    const path = store.getResourcePath(bucket, key, "object");
    const partial = `${path}.${randomUUID()}`;
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash("md5");
    let size = 0;
    await pipeline(
      Buffer.isBuffer(content) ? Readable.from([content]) : content,
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          hash.update(part);
          size += part.length;
          yield part;
        }
      },
      createWriteStream(partial),
    );
    await rename(partial, path);
    const md5 = hash.digest("hex");
    await store.putMetadata(bucket, key, metadata, md5);
    return { size, md5 };
  };
};

const refuse = (response: ServerResponse, error: unknown): void => {
  const { status, code, message } =
    error instanceof Refused ? error : new Refused(500, "InternalError", "The store failed");
  if (!response.headersSent) response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
};

type Signed = { payloadHash: string };

/** @throws Refused as S3 refuses */
const verify = async (request: IncomingMessage, credentials: Credentials, at: number): Promise<Signed> => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const isPresigned = url.searchParams.has("X-Amz-Signature");
  const header = /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(
    request.headers.authorization ?? "",
  );
  if (!isPresigned && !header) throw new Refused(403, "AccessDenied", "The request is not signed");
  const parameter = (name: string) => url.searchParams.get(name) ?? "";
  const [credential, names, given] = isPresigned
    ? [parameter("X-Amz-Credential"), parameter("X-Amz-SignedHeaders"), parameter("X-Amz-Signature")]
    : [header![1]!, header![2]!, header![3]!];
  const date = isPresigned ? parameter("X-Amz-Date") : String(request.headers["x-amz-date"] ?? "");
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (credential.split("/")[0] !== credentials.accessKeyId) throw new Refused(403, "InvalidAccessKeyId");
  if (Number.isNaN(signedAt)) throw new Refused(403, "AccessDenied", "The date is missing");
  const expires = Number(parameter("X-Amz-Expires"));
  if (isPresigned && (!(expires > 0) || expires > presignSecondsMax))
    throw new Refused(400, "AuthorizationQueryParametersError");
  if (isPresigned && at > signedAt + expires * 1000) throw new Refused(403, "AccessDenied", "Request has expired");
  if (!isPresigned && Math.abs(at - signedAt) > skewSeconds * 1000) throw new Refused(403, "RequestTimeTooSkewed");

  const signedNames = new Set(names.split(";"));
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-amz-") && name !== "x-amz-content-sha256" && !signedNames.has(name),
  );
  if (!signedNames.has("host") || unsigned.length > 0)
    throw new Refused(403, "AccessDenied", "There were headers present in the request which were not signed");

  const headers = Object.fromEntries([...signedNames].map((name) => [name, String(request.headers[name] ?? "")]));
  const payloadHash = isPresigned
    ? "UNSIGNED-PAYLOAD"
    : String(request.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD");
  const expected = await signature({
    method: request.method ?? "GET",
    url,
    headers,
    signedNames,
    payloadHash,
    credentials,
    signedAt,
    isPresigned,
  });
  const isSame = expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
  if (!isSame)
    throw new Refused(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided",
    );
  if (request.method === "PUT" && request.headers["content-length"] === undefined)
    throw new Refused(411, "MissingContentLength");
  return { payloadHash };
};

type ToSign = {
  method: string;
  url: URL;
  headers: Record<string, string>;
  signedNames: Set<string>;
  payloadHash: string;
  credentials: Credentials;
  signedAt: number;
  isPresigned: boolean;
};

/** Query parameters that the signer adds. */
const signerParameters = /^X-Amz-(Signature|Algorithm|Credential|Date|SignedHeaders|Expires)$/;

/** Computes the signature with AWS's own signer, over exactly the headers that the client declared. */
const signature = async (input: ToSign): Promise<string> => {
  const { url, signedNames, isPresigned } = input;
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) if (!isPresigned || !signerParameters.test(name)) query[name] = value;
  // A presigned URL signs no payload; clients may or may not state this in the query.
  const payloadParameter = "X-Amz-Content-Sha256";
  const hasPayloadParameter = payloadParameter in query;
  delete query[payloadParameter];
  const payloadHeader = isPresigned ? payloadParameter : "x-amz-content-sha256";
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials: input.credentials,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const request = {
    method: input.method,
    protocol: "http:",
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query,
    headers: { ...input.headers, [payloadHeader]: input.payloadHash },
  };
  const signingDate = new Date(input.signedAt);
  if (!isPresigned) {
    const signed = await signer.sign(request as never, {
      signingDate,
      signableHeaders: new Set([...signedNames]),
      unsignableHeaders: new Set<string>(),
    });
    return /Signature=([0-9a-f]+)/.exec(signed.headers["authorization"] ?? "")?.[1] ?? "";
  }
  const signed = await signer.presign(request as never, {
    signingDate,
    expiresIn: Number(url.searchParams.get("X-Amz-Expires")),
    signableHeaders: signedNames,
    unhoistableHeaders: new Set([...signedNames, ...(hasPayloadParameter ? [] : [payloadHeader.toLowerCase()])]),
    unsignableHeaders: new Set<string>(),
  });
  return String(signed.query?.["X-Amz-Signature"] ?? "");
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
