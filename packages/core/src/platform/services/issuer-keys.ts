import { FetchError, JwksValidationError, KidNotFoundInJwksError } from "aws-jwt-verify/error";
import { type Jwks, type JwkWithKid, type PenaltyBox, SimpleJwksCache } from "aws-jwt-verify/jwk";
import { logger } from "../telemetry.ts";

/** How long an address is left alone that could not be read or that lacked the key of a token. */
export const pauseMs = 10_000;
/** A key that its issuer has withdrawn is accepted for an hour at most, while the issuer's address can be read. */
const keptMs = 3_600_000;
const timeoutMs = 3_000;
/** API Gateway's own limit for a set of keys ("http-api-quotas"). */
const bytesMax = 150_000;

/**
 * The public keys of token issuers, in memory. A token with an unknown key has them read again, because the issuer may have a
 * new key, but at most once in `pauseMs`: otherwise anybody could send tokens with invented keys to burden the issuer.
 */
export class IssuerKeys extends SimpleJwksCache {
  readonly #readAt = new Map<string, number>();
  readonly #failures: Map<string, { at: number; error: Error }>;

  constructor() {
    const failures = new Map<string, { at: number; error: Error }>();
    const fail = (uri: string, error: Error) => failures.set(uri, { at: Date.now(), error });
    const penaltyBox: PenaltyBox = {
      wait: async (uri) => {
        const failure = failures.get(uri);
        if (failure && Date.now() - failure.at < pauseMs) throw failure.error;
      },
      registerFailedAttempt: (uri) => fail(uri, new KidNotFoundInJwksError("the issuer has no key with this id")),
      registerSuccessfulAttempt: (uri) => failures.delete(uri),
    };
    const fetcher = {
      fetch: (uri: string) =>
        read(uri).catch((cause) => {
          const error = new FetchError(uri, String(cause));
          fail(uri, error);
          throw error;
        }),
    };
    super({ penaltyBox, fetcher });
    this.#failures = failures;
  }

  override async getJwks(uri: string): Promise<Jwks> {
    const keys = await super.getJwks(uri);
    this.#readAt.set(uri, Date.now());
    return keys;
  }

  override async getJwk(uri: string, token: Parameters<SimpleJwksCache["getJwk"]>[1]): Promise<JwkWithKid> {
    const readAt = this.#readAt.get(uri);
    if (readAt !== undefined && Date.now() - readAt > keptMs && !this.#failures.has(uri))
      await this.getJwks(uri).catch((error) => logger.warn("the keys of an issuer are old", { error: String(error) }));
    return super.getJwk(uri, token);
  }
}

/** Whether keys could not be read, so that nothing is known about the token. */
export const isKeysUnavailable = (error: unknown): boolean =>
  error instanceof FetchError || error instanceof JwksValidationError;

/** @throws Error when the address responds late, with another status than 200, with a redirect, or with too much. */
const read = async (uri: string): Promise<ArrayBuffer> => {
  const response = await fetch(uri, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.byteLength;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Uint8Array.from(Buffer.concat(parts)).buffer;
};
