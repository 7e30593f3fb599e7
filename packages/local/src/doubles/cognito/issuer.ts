import { now } from "@resolve/core/platform/clock";
import { signingKey } from "@resolve/core/platform/signing-key";
import { type JWTPayload, SignJWT } from "jose";

/** The pool of the local runtime. A pool of AWS never has this id, because theirs have nine letters and digits. */
export const localPool = { id: "us-east-1_local", clientId: "resolve-local", region: "us-east-1" };

export const localIssuer = `https://cognito-idp.${localPool.region}.amazonaws.com/${localPool.id}`;

/** The key of tokens that tests and programs make themselves; the pool signs with a key of its own. Its seed is `JWT_SECRET`, or a generated secret of the data directory. */
export const keyOf = (secret: string) => signingKey(secret, "resolve local issuer v1");

const lifetimeSeconds = 3600;

/** An access token as the pool issues it, for an account with this subject. `claims` replace those that it would have. */
export async function accessToken(secret: string, subject: string, claims: JWTPayload = {}): Promise<string> {
  const { privateKey, publicKey } = await keyOf(secret);
  const seconds = Math.floor(now().getTime() / 1000);
  const payload = {
    sub: subject,
    iss: localIssuer,
    client_id: localPool.clientId,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: seconds,
    iat: seconds,
    exp: seconds + lifetimeSeconds,
    jti: crypto.randomUUID(),
    username: subject,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: publicKey.alg, kid: publicKey.kid }).sign(privateKey);
}
