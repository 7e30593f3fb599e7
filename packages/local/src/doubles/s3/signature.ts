import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { S3Error } from "./s3-error.ts";

export type Credentials = { accessKeyId: string; secretAccessKey: string };

/** S3's limits: a presigned URL is valid for at most a week, a signed header for 15 minutes. */
const presignSecondsMax = 604_800;
const skewSeconds = 900;

export type Signed = { payloadHash: string };

/** The path as the client sent and signed it: `URL` would resolve `..` in a key. */
export const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0]!;

/** Checks the V4 signature of a request to a bucket of `region`. @throws S3Error as S3 refuses */
export const verify = async (
  request: IncomingMessage,
  { credentials, region, at }: { credentials: Credentials; region: string; at: number },
): Promise<Signed> => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  // The signature is computed over one value a name; another one of that name would be unsigned.
  if (new Set(names).size < names.length) throw new S3Error(403, "SignatureDoesNotMatch");
  const isPresigned = url.searchParams.has("X-Amz-Signature");
  const header = /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(
    request.headers.authorization ?? "",
  );
  if (!isPresigned && !header) throw new S3Error(403, "AccessDenied", "The request is not signed");
  const parameter = (name: string) => url.searchParams.get(name) ?? "";
  const [credential, signedList, given] = isPresigned
    ? [parameter("X-Amz-Credential"), parameter("X-Amz-SignedHeaders"), parameter("X-Amz-Signature")]
    : [header![1]!, header![2]!, header![3]!];
  const date = isPresigned ? parameter("X-Amz-Date") : String(request.headers["x-amz-date"] ?? "");
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const [accessKeyId, , scope] = credential.split("/");
  if (accessKeyId !== credentials.accessKeyId) throw new S3Error(403, "InvalidAccessKeyId");
  if (scope !== region)
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${scope}' is wrong; expecting '${region}'`,
    );
  if (Number.isNaN(signedAt)) throw new S3Error(403, "AccessDenied", "The date is missing");
  const expires = Number(parameter("X-Amz-Expires"));
  if (isPresigned && (!(expires > 0) || expires > presignSecondsMax))
    throw new S3Error(400, "AuthorizationQueryParametersError");
  if (isPresigned && at > signedAt + expires * 1000) throw new S3Error(403, "AccessDenied", "Request has expired");
  if (!isPresigned && Math.abs(at - signedAt) > skewSeconds * 1000) throw new S3Error(403, "RequestTimeTooSkewed");

  const signedNames = new Set(signedList.split(";"));
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-amz-") && name !== "x-amz-content-sha256" && !signedNames.has(name),
  );
  if (!signedNames.has("host") || unsigned.length > 0)
    throw new S3Error(403, "AccessDenied", "There were headers present in the request which were not signed");

  const headers = Object.fromEntries([...signedNames].map((name) => [name, String(request.headers[name] ?? "")]));
  const payloadHash = isPresigned
    ? "UNSIGNED-PAYLOAD"
    : String(request.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD");
  const expected = await signature({
    method: request.method ?? "GET",
    url,
    path: pathOf(request),
    headers,
    signedNames,
    payloadHash,
    credentials,
    region,
    signedAt,
    isPresigned,
  });
  const isSame = expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
  if (!isSame)
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided",
    );
  if (request.method === "PUT" && request.headers["content-length"] === undefined)
    throw new S3Error(411, "MissingContentLength");
  return { payloadHash };
};

type ToSign = {
  method: string;
  url: URL;
  path: string;
  headers: Record<string, string>;
  signedNames: Set<string>;
  payloadHash: string;
  credentials: Credentials;
  region: string;
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
    region: input.region,
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
    path: input.path,
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
