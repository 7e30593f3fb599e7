import { randomBytes, randomUUID } from "node:crypto";
import { pool } from "@resolve/functions/sign-in";
import { importJWK, jwtVerify, SignJWT } from "jose";
import { type Account, hashOf, notAuthorized, type Session } from "./account.ts";
import { localIssuer as issuer, keyOf, localPool } from "./issuer.ts";
import type { State } from "./state.ts";

/** Sessions of people who have signed in, and the tokens of a session. */

const { clientId } = localPool;

export type Sessions = Awaited<ReturnType<typeof openSessions>>;

export const openSessions = async ({
  state,
  issuerSecret,
  now,
}: {
  state: State;
  issuerSecret: string;
  now: () => number;
}) => {
  const { kid, d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicKey } = state.signingKey;
  const keys = { keys: [{ ...publicKey, kid, alg: "RS256", use: "sig" }, (await keyOf(issuerSecret)).publicKey] };
  const signingKey = await importJWK(state.signingKey, "RS256");
  const verificationKey = await importJWK(publicKey, "RS256");

  const tokensOf = async (account: Account, session: Session) => {
    const iat = Math.floor(now() / 1000);
    const expiresIn = pool.client.accessTokenMinutes * 60;
    const shared = {
      sub: account.subject,
      iss: issuer,
      origin_jti: session.id,
      event_id: randomUUID(),
      auth_time: session.authTime,
      iat,
      exp: iat + expiresIn,
    };
    const sign = (claims: Record<string, unknown>) =>
      new SignJWT({ ...shared, ...claims, jti: randomUUID() })
        .setProtectedHeader({ kid: kid!, alg: "RS256" })
        .sign(signingKey);
    const [AccessToken, IdToken] = await Promise.all([
      sign({
        token_use: "access",
        client_id: clientId,
        scope: "aws.cognito.signin.user.admin",
        username: account.subject,
      }),
      sign({
        token_use: "id",
        aud: clientId,
        "cognito:username": account.subject,
        email: account.email,
        email_verified: account.attributes["email_verified"] === "true",
        ...(account.attributes["name"] ? { name: account.attributes["name"] } : {}),
      }),
    ]);
    return { AccessToken, IdToken, ExpiresIn: expiresIn, TokenType: "Bearer" };
  };
  const signIn = async (account: Account) => {
    account.failures = { count: 0, lastAt: 0, lockedUntil: 0 };
    const RefreshToken = randomBytes(64).toString("base64url");
    const session: Session = {
      id: randomUUID(),
      subject: account.subject,
      authTime: Math.floor(now() / 1000),
      hash: hashOf(RefreshToken),
      expiresAt: now() + pool.client.refreshTokenDays * 86_400_000,
    };
    state.sessions[session.id] = session;
    return {
      ChallengeParameters: {},
      AuthenticationResult: { ...(await tokensOf(account, session)), RefreshToken },
    };
  };
  /** The account of an access token whose sign-in has not ended. */
  const bearer = async (token = ""): Promise<{ account: Account; session: Session }> => {
    const options = { issuer, currentDate: new Date(now()), algorithms: ["RS256"] };
    const { payload } = await jwtVerify(token, verificationKey, options).catch((error: Error) => {
      throw notAuthorized(error.name === "JWTExpired" ? "Access Token has expired" : "Invalid Access Token");
    });
    if (payload["token_use"] !== "access") throw notAuthorized("Invalid Access Token");
    const session = state.sessions[String(payload["origin_jti"])];
    const account = state.accounts[payload.sub ?? ""];
    if (!session || !account) throw notAuthorized("Access Token has been revoked");
    return { account, session };
  };
  /** The session of a refresh token. */
  const sessionOf = (token = ""): Session | undefined => {
    const hash = hashOf(token);
    return Object.values(state.sessions).find((session) => session.hash === hash);
  };
  const endSessions = ({ subject }: Account): void => {
    for (const [id, session] of Object.entries(state.sessions))
      if (session.subject === subject) delete state.sessions[id];
  };
  return { keys, tokensOf, signIn, bearer, sessionOf, endSessions };
};
