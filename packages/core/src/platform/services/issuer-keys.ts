import { FetchError, JwksValidationError, KidNotFoundInJwksError } from "aws-jwt-verify/error";
import { type Jwks, type JwkWithKid, SimpleJwksCache } from "aws-jwt-verify/jwk";
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
  readonly #failures = new Map<string, { at: number; error: Error }>();

  constructor() {
    super({
      fetcher: { fetch: read },
      penaltyBox: {
        wait: async (uri) => {
          const error = this.#recentFailure(uri);
          if (error) throw error;
        },
        registerFailedAttempt: (uri) => this.#fail(uri, new KidNotFoundInJwksError("the issuer has no such key")),
        registerSuccessfulAttempt: (uri) => this.#failures.delete(uri),
      },
    });
  }

  override async getJwks(uri: string): Promise<Jwks> {
    try {
      const keys = await super.getJwks(uri);
      this.#readAt.set(uri, Date.now());
      return keys;
    } catch (error) {
      // The library throws its own errors only.
      this.#fail(uri, error as Error);
      throw error;
    }
  }

  override async getJwk(uri: string, token: Parameters<SimpleJwksCache["getJwk"]>[1]): Promise<JwkWithKid> {
    const readAt = this.#readAt.get(uri);
    if (readAt !== undefined && Date.now() - readAt > keptMs && !this.#recentFailure(uri))
      await this.getJwks(uri).catch(() => logger.warn("the keys of an issuer cannot be read; the last ones serve"));
    return super.getJwk(uri, token);
  }

  #fail(uri: string, error: Error) {
    this.#failures.set(uri, { at: Date.now(), error });
  }

  #recentFailure(uri: string): Error | undefined {
    const failure = this.#failures.get(uri);
    return failure && Date.now() - failure.at < pauseMs ? failure.error : undefined;
  }
}

/** Whether keys could not be read, so that nothing is known about the token. */
export const isKeysUnavailable = (error: unknown): boolean =>
  error instanceof FetchError || error instanceof JwksValidationError;

/** @throws FetchError when the address responds late, with another status than 200, with a redirect, or with too much */
const read = async (uri: string): Promise<ArrayBuffer> => {
  try {
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
  } catch (error) {
    throw new FetchError(uri, String(error));
  }
};
