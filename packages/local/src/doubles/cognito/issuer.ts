import { once } from "node:events";
import { createServer } from "node:http";
import { now } from "@resolve/core/platform/clock";
import { signingKey } from "@resolve/core/platform/signing-key";
import { type JWTPayload, SignJWT } from "jose";
import { listeningPort } from "../../listening-port.ts";

/** The pool of the local runtime. A pool of AWS never has this id, because theirs have nine letters and digits. */
export const localPool = { id: "us-east-1_local", clientId: "resolve-local", region: "us-east-1" };

/** The key of the local issuer. Its seed is `JWT_SECRET`, or a generated secret of the data directory. */
const keyOf = (secret: string) => signingKey(secret, "resolve local issuer v1");

const lifetimeSeconds = 3600;

/** An access token as the pool issues it, for an account with this subject. `claims` replace those that it would have. */
export async function accessToken(secret: string, subject: string, claims: JWTPayload = {}): Promise<string> {
  const { privateKey, publicKey } = await keyOf(secret);
  const seconds = Math.floor(now().getTime() / 1000);
  const payload = {
    sub: subject,
    iss: `https://cognito-idp.${localPool.region}.amazonaws.com/${localPool.id}`,
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

/** Serves the issuer's public keys on loopback, where Cognito has them. */
export async function startIssuer(secret: string) {
  const { publicKey } = await keyOf(secret);
  const server = createServer((request, response) => {
    const isFound = request.url === `/${localPool.id}/.well-known/jwks.json`;
    response.writeHead(isFound ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isFound ? { keys: [publicKey] } : {}));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${listeningPort(server)}`;
  return { link: { ...localPool, endpoint }, close: () => new Promise((resolve) => server.close(resolve)) };
}
