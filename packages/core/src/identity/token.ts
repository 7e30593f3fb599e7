import { CognitoJwtVerifier, validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import type { JwtHeader, JwtPayload } from "aws-jwt-verify/jwt-model";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import type { Id } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { optionalResource, type Resource } from "../platform/resources.ts";
import { IssuerKeys, isKeysUnavailable, pauseMs } from "../platform/services/issuer-keys.ts";
import { describeError, logger } from "../platform/telemetry.ts";

/** What a verified token says about its sender. It proves who the person is; memberships decide what the person may do (F-24). */
export type Identity = {
  issuer: string;
  subject: string;
  clientId: string;
  /** When the person signed in. A refreshed token keeps the time of its sign-in. */
  authTime: Date;
  /** The tenant whose own provider it is: the identity acts there only. Undefined for accounts of the platform's pool. */
  tenantId: Id<"tenant"> | undefined;
};

/** A token of Cognito has about 1 kB. API Gateway accepts 10 kB for all headers together. */
const tokenLengthMax = 8_192;

/**
 * Verifies an access token of the platform's pool or of a tenant's own provider: signature, algorithm, issuer, client or
 * audience, times, and that it is not an ID token.
 *
 * @throws Problem `unauthenticated`, the same for every reason why a token is invalid; `unavailable` when the keys of its issuer
 * cannot be read
 */
export async function verifyToken(token: string): Promise<Identity> {
  const { verifier, identify } = issuers();
  if (!verifier || token.length > tokenLengthMax) throw new Problem("unauthenticated");
  try {
    return identify(await verifier.verify(token));
  } catch (error) {
    if (isKeysUnavailable(error))
      throw new Problem("unavailable", undefined, { retryAfterSeconds: pauseMs / 1000 }, { cause: error });
    // Only the class, because the message may contain parts of the token.
    logger.debug("a token was refused", { reason: error instanceof Error ? error.constructor.name : "" });
    throw new Problem("unauthenticated");
  }
}

/** Reads the keys of all issuers, so that the first token does not wait. A failure is repeated with the first token. */
export const readIssuerKeys = async (): Promise<void> => {
  await issuers()
    .verifier?.hydrate()
    .catch((error) => logger.warn("no issuer's keys were read", describeError(error)));
};

/** A client of a pool of Cognito, or the audience of another provider. */
type Provider = Omit<Resource<"IdentityProviders">["providers"][number], "tenantId"> & { tenantId?: Id<"tenant"> };

/** Who may issue tokens, from the links. */
const issuers = () => (cached ??= openIssuers());
let cached: ReturnType<typeof openIssuers> | undefined;

const openIssuers = () => {
  const providers: Provider[] = [...platformPool(), ...(optionalResource("IdentityProviders")?.providers ?? [])];
  const byIssuer = Map.groupBy(providers, ({ issuer }) => issuer);
  const accepted = [...byIssuer].map(([issuer, clients]) => {
    const audience = clients.flatMap((client) => client.audience ?? []);
    return {
      issuer,
      jwksUri: clients[0]!.jwksUri,
      // Cognito's access tokens have no audience.
      audience: audience.length > 0 ? audience : null,
      customJwtCheck: ({ header, payload }: { header: JwtHeader; payload: JwtPayload }) =>
        checkClaims(header, payload, clients),
    };
  });
  const jwksCache = new IssuerKeys();
  return {
    verifier: accepted.length > 0 ? JwtVerifier.create(accepted, { jwksCache }) : undefined,
    identify: (payload: JwtPayload) => identityOf(payload, byIssuer),
  };
};

const platformPool = (): Provider[] => {
  const pool = optionalResource("UserPool");
  if (!pool) return [];
  const { issuer } = CognitoJwtVerifier.parseUserPoolId(pool.id);
  const address = pool.endpoint ? `${pool.endpoint}/${pool.id}` : issuer;
  return [{ issuer, jwksUri: `${address}/.well-known/jwks.json`, clientId: pool.clientId }];
};

/** The checks that the library leaves to its caller. It has checked the signature, and `exp` and `nbf` if they exist. */
const checkClaims = (header: JwtHeader, payload: JwtPayload, clients: readonly Provider[]): void => {
  const clientIds = clients.flatMap((client) => client.clientId ?? []);
  if (clientIds.length > 0) validateCognitoJwtFields(payload, { tokenUse: "access", clientId: clientIds });
  else if ("nonce" in payload || "at_hash" in payload) throw new Error("an ID token");
  // Extensions that must be understood (RFC 7515, section 4.1.11). There are none.
  if ("crit" in header) throw new Error("an extension is critical");
  if (payload.exp === undefined) throw new Error("there is no expiry");
  if (!Number.isSafeInteger(timeOf(payload))) throw new Error("the time of the sign-in is not a number");
  // OpenID Connect Core, section 2: at most 255 ASCII characters.
  if (!/^[\x20-\x7e]{1,255}$/.test(payload.sub ?? "")) throw new Error("the subject is not printable ASCII");
};

/** Access tokens of providers other than Cognito may lack the time of the sign-in. */
const timeOf = (payload: JwtPayload): unknown => payload["auth_time"] ?? payload.iat;

/** `checkClaims` has found all of these claims. */
const identityOf = (payload: JwtPayload, byIssuer: ReadonlyMap<string, readonly Provider[]>): Identity => {
  const issuer = String(payload.iss);
  const clientId = String(payload["client_id"] ?? payload["azp"] ?? "");
  const client = byIssuer.get(issuer)!.find((one) => one.clientId === undefined || one.clientId === clientId);
  return {
    issuer,
    subject: String(payload.sub),
    clientId,
    authTime: new Date(Number(timeOf(payload)) * 1000),
    tenantId: client?.tenantId,
  };
};
