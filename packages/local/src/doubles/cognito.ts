import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { now as clock } from "@resolve/core/platform/clock";
import { escapeHtml } from "@resolve/core/platform/html";
import { type MailTemplate, pool } from "@resolve/functions/sign-in";
import {
  CompactEncrypt,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { keyOf, localIssuer, localPool } from "./cognito/issuer.ts";
import { isPassword, isPublicValue, isSignature, newChallenge, newVerifier, type Verifier } from "./cognito/srp.ts";
import {
  type Account,
  assertNotLocked,
  assertPassword,
  countFailure,
  hashOf,
  newAccount,
  newSecret,
  newTemporaryPassword,
  notAuthorized,
  periodOf,
  Refused,
  type Session,
  useCode,
} from "./cognito/state.ts";

const { id: poolId, clientId, region } = localPool;
const [, poolName = ""] = poolId.split("_");

type State = {
  accounts: Record<string, Account>;
  sessions: Record<string, Session>;
  /** The key of the tokens, and the key of what a challenge keeps between two requests. */
  signingKey: JWK;
  challengeKey: string;
};
/** Where the state stays when the process ends. */
export type Storage = { load(): State | undefined; save(state: State): void };

type Options = {
  /** The address of the pool; its keys are below it, since the issuer's address is one of AWS. */
  endpoint: string;
  /** The seed of the other key whose tokens the pool's verifiers accept (`accessToken`). */
  issuerSecret: string;
  storage: Storage;
  templates: Record<"invitation" | "code", MailTemplate>;
  sendMail(mail: { to: string; subject: string; html: string }): void;
  now?: () => number;
};

type Attributes = { Name: string; Value?: string }[];
/** The members of requests that the double reads. */
type Request = Partial<
  Record<
    | "UserPoolId"
    | "ClientId"
    | "Username"
    | "MessageAction"
    | "TemporaryPassword"
    | "AuthFlow"
    | "ChallengeName"
    | "Session"
    | "AccessToken"
    | "UserCode"
    | "Token"
    | "ConfirmationCode"
    | "Password"
    | "PreviousPassword"
    | "ProposedPassword",
    string
  >
> & {
  UserAttributes?: Attributes;
  AuthParameters?: Record<string, string>;
  ChallengeResponses?: Record<string, string>;
  SoftwareTokenMfaSettings?: { Enabled?: boolean };
};
type Challenge = {
  name: string;
  subject: string;
  expiresAt: number;
  id: string;
  srp?: { A: string; B: string; b: string };
};

const challengeSeconds = 180;
const codeSeconds = 3_600;
/** Codes for a new password in an hour, and wrong codes for one. */
const codesMax = 5;

/**
 * Cognito's user pool over its JSON protocol: invitations, SRP and passwords, TOTP, refresh, reset and sign-out, with
 * Cognito's error names. It refuses what the pool's settings refuse.
 */
export const startCognito = async ({
  endpoint,
  issuerSecret,
  storage,
  templates,
  sendMail,
  now = () => clock().getTime(),
}: Options) => {
  const state: State = storage.load() ?? {
    accounts: {},
    sessions: {},
    signingKey: await newSigningKey(),
    challengeKey: randomBytes(32).toString("base64"),
  };
  let saved = "";
  const save = (): void => {
    const at = now();
    for (const [id, { expiresAt }] of Object.entries(state.sessions)) if (expiresAt < at) delete state.sessions[id];
    const text = JSON.stringify(state);
    if (text !== saved) storage.save(state);
    saved = text;
  };
  save();
  const issuer = localIssuer;
  const { kid, d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicKey } = state.signingKey;
  const keys = { keys: [{ ...publicKey, kid, alg: "RS256", use: "sig" }, (await keyOf(issuerSecret)).publicKey] };
  const signingKey = await importJWK(state.signingKey, "RS256");
  const verificationKey = await importJWK(publicKey, "RS256");
  const challengeKey = Buffer.from(state.challengeKey, "base64");
  /** Unknown people get the same answers as known ones, so an account for them has a password that nobody knows. */
  const nobody = new Map<string, Account>();
  const usedChallenges = new Set<string>();

  const find = (username = ""): Account | undefined => {
    const name = username.toLowerCase();
    return state.accounts[name] ?? Object.values(state.accounts).find(({ email }) => email.toLowerCase() === name);
  };
  const known = (username: string | undefined): Account => {
    const account = find(username);
    if (!account) throw new Refused("UserNotFoundException", "User does not exist.");
    return account;
  };
  const pretendedOf = (username: string): Account | undefined =>
    nobody.get(username.toLowerCase()) ?? [...nobody.values()].find(({ subject }) => subject === username);
  const findOrPretend = (username = ""): Account => {
    const account = find(username) ?? pretendedOf(username);
    if (account) return account;
    if (nobody.size > 1_000) nobody.clear();
    const pretended = withPassword(newAccount(username, now()), randomUUID());
    nobody.set(username.toLowerCase(), pretended);
    return pretended;
  };
  const ownerOf = ({ subject }: { subject: string }) => ({ poolName, user: subject });
  const withPassword = (account: Omit<Account, keyof Verifier>, password: string): Account => ({
    ...account,
    ...newVerifier(ownerOf(account), password),
  });
  const setPassword = (account: Account, password: string): void => {
    Object.assign(account, newVerifier(ownerOf(account), password), { status: "CONFIRMED", updatedAt: now() });
    account.failures = { count: 0, lastAt: 0, lockedUntil: 0 };
    delete account.code;
  };
  const endSessions = ({ subject }: Account): void => {
    for (const [id, session] of Object.entries(state.sessions))
      if (session.subject === subject) delete state.sessions[id];
  };

  const mail = (account: Account, template: MailTemplate, secret: string): void =>
    sendMail({
      to: account.email,
      subject: template.emailSubject,
      html: template.emailMessage
        .replaceAll("{username}", escapeHtml(account.email))
        .replaceAll("{####}", escapeHtml(secret)),
    });
  const invite = (account: Account, password: string, isSilent: boolean): void => {
    const days = pool.passwordPolicy.temporaryPasswordValidityDays;
    Object.assign(account, newVerifier(ownerOf(account), password), { temporaryUntil: now() + days * 86_400_000 });
    if (!isSilent) mail(account, templates.invitation, password);
  };
  const sendCode = (account: Account): void => {
    const at = now();
    account.codesAskedAt = [...account.codesAskedAt.filter((time) => time > at - 3_600_000), at];
    if (account.codesAskedAt.length > codesMax)
      throw new Refused("LimitExceededException", "Attempt limit exceeded, please try after some time.");
    const code = String(Number.parseInt(randomBytes(6).toString("hex"), 16) % 1_000_000).padStart(6, "0");
    account.code = { hash: hashOf(code), expiresAt: at + codeSeconds * 1000, failures: 0 };
    mail(account, templates.code, code);
  };

  const seal = (challenge: Challenge): Promise<string> =>
    new CompactEncrypt(Buffer.from(JSON.stringify(challenge)))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(challengeKey);
  const open = async (sealed: string | undefined, name: string, username: string | undefined): Promise<Challenge> => {
    const opened = await compactDecrypt(sealed ?? "", challengeKey).catch(() => undefined);
    const challenge: Challenge | undefined = opened && JSON.parse(Buffer.from(opened.plaintext).toString());
    if (!challenge || challenge.name !== name || usedChallenges.has(challenge.id))
      throw notAuthorized("Invalid session for the user.");
    if (challenge.expiresAt < now()) throw notAuthorized("Invalid session for the user, session is expired.");
    if (username === undefined) throw new Refused("InvalidParameterException", "Missing required parameter USERNAME");
    const account = find(username) ?? pretendedOf(username);
    if (account?.subject !== challenge.subject) throw notAuthorized("Invalid session for the user.");
    return challenge;
  };
  const close = ({ id }: Challenge): void => {
    if (usedChallenges.size > 10_000) usedChallenges.clear();
    usedChallenges.add(id);
  };
  const challenge = async (name: string, { subject }: Account, parameters: Record<string, string>) => ({
    ChallengeName: name,
    Session: await seal({ name, subject, expiresAt: now() + challengeSeconds * 1000, id: randomUUID() }),
    ChallengeParameters: { USER_ID_FOR_SRP: subject, ...parameters },
  });

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
  /** What follows a right password. */
  const afterPassword = async (account: Account) => {
    if (!account.isEnabled) throw notAuthorized("User is disabled.");
    if (account.status === "RESET_REQUIRED")
      throw new Refused("PasswordResetRequiredException", "Password reset required for the user");
    if (account.status === "FORCE_CHANGE_PASSWORD") {
      if (account.temporaryUntil < now())
        throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
      return challenge("NEW_PASSWORD_REQUIRED", account, {
        requiredAttributes: "[]",
        userAttributes: JSON.stringify({ ...account.attributes, email: account.email }),
      });
    }
    return account.hasSecondFactor ? challenge("SOFTWARE_TOKEN_MFA", account, {}) : signIn(account);
  };
  const wrongPassword = (account: Account): never => {
    countFailure(account, now());
    throw notAuthorized();
  };
  const checkPassword = (account: Account, isRight: () => boolean): void => {
    assertNotLocked(account, now());
    if (!isRight()) wrongPassword(account);
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

  const assertFlow = (flow: string): void => {
    const flows: readonly string[] = pool.client.explicitAuthFlows;
    if (!flows.includes(`ALLOW_${flow}`))
      throw new Refused("InvalidParameterException", `${flow} flow not enabled for this client`);
  };
  const sessionOf = (token = ""): Session | undefined => {
    const hash = hashOf(token);
    return Object.values(state.sessions).find((session) => session.hash === hash);
  };

  const flows: Record<string, (parameters: Record<string, string>) => unknown> = {
    async USER_PASSWORD_AUTH({ USERNAME, PASSWORD = "" }) {
      assertFlow("USER_PASSWORD_AUTH");
      const account = findOrPretend(USERNAME);
      checkPassword(account, () => isPassword(ownerOf(account), PASSWORD, account));
      return afterPassword(account);
    },
    async USER_SRP_AUTH({ USERNAME, SRP_A = "" }) {
      assertFlow("USER_SRP_AUTH");
      if (!isPublicValue(SRP_A)) throw new Refused("InvalidParameterException", "Invalid SRP_A");
      const account = findOrPretend(USERNAME);
      assertNotLocked(account, now());
      const { b, B } = newChallenge(account);
      const block = await seal({
        name: "PASSWORD_VERIFIER",
        subject: account.subject,
        expiresAt: now() + challengeSeconds * 1000,
        id: randomUUID(),
        srp: { A: SRP_A, B, b },
      });
      return {
        ChallengeName: "PASSWORD_VERIFIER",
        ChallengeParameters: {
          SALT: account.salt,
          SECRET_BLOCK: Buffer.from(block).toString("base64"),
          SRP_B: B,
          USERNAME: account.subject,
          USER_ID_FOR_SRP: account.subject,
        },
      };
    },
    async REFRESH_TOKEN_AUTH({ REFRESH_TOKEN }) {
      assertFlow("REFRESH_TOKEN_AUTH");
      const session = sessionOf(REFRESH_TOKEN);
      const account = session && state.accounts[session.subject];
      if (!session || !account || session.expiresAt < now()) throw notAuthorized("Invalid Refresh Token");
      if (!account.isEnabled) throw notAuthorized("User is disabled.");
      return { ChallengeParameters: {}, AuthenticationResult: await tokensOf(account, session) };
    },
  };
  flows["REFRESH_TOKEN"] = flows["REFRESH_TOKEN_AUTH"]!;

  const challenges: Record<string, (responses: Record<string, string>, request: Request) => unknown> = {
    async PASSWORD_VERIFIER({
      USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK = "",
      PASSWORD_CLAIM_SIGNATURE = "",
      TIMESTAMP = "",
    }) {
      const block = Buffer.from(PASSWORD_CLAIM_SECRET_BLOCK, "base64").toString();
      const opened = await open(block, "PASSWORD_VERIFIER", USERNAME);
      const account = findOrPretend(USERNAME);
      const proof = {
        ...ownerOf(account),
        ...opened.srp!,
        secretBlock: PASSWORD_CLAIM_SECRET_BLOCK,
        timestamp: TIMESTAMP,
      };
      close(opened);
      checkPassword(account, () => isTime(TIMESTAMP) && isSignature(PASSWORD_CLAIM_SIGNATURE, account, proof));
      return afterPassword(account);
    },
    async NEW_PASSWORD_REQUIRED({ USERNAME, NEW_PASSWORD = "", ...others }, { Session }) {
      const opened = await open(Session, "NEW_PASSWORD_REQUIRED", USERNAME);
      const account = known(USERNAME);
      assertPassword(NEW_PASSWORD);
      const attributes = Object.entries(others).flatMap(([name, value]) =>
        name.startsWith("userAttributes.") ? [[name.slice("userAttributes.".length), value] as const] : [],
      );
      for (const [name] of attributes) assertWritable(name);
      Object.assign(account.attributes, Object.fromEntries(attributes));
      close(opened);
      setPassword(account, NEW_PASSWORD);
      return afterPassword(account);
    },
    async SOFTWARE_TOKEN_MFA({ USERNAME, SOFTWARE_TOKEN_MFA_CODE = "" }, { Session }) {
      const opened = await open(Session, "SOFTWARE_TOKEN_MFA", USERNAME);
      const account = known(USERNAME);
      assertNotLocked(account, now());
      useCode(account, SOFTWARE_TOKEN_MFA_CODE, now());
      close(opened);
      if (!account.isEnabled) throw notAuthorized("User is disabled.");
      return signIn(account);
    },
  };

  const assertClient = ({ ClientId }: Request): void => {
    if (ClientId !== clientId)
      throw new Refused("ResourceNotFoundException", `User pool client ${ClientId} does not exist.`);
  };
  const delivery = ({ email }: { email: string }) => ({
    CodeDeliveryDetails: {
      Destination: email.replace(/^(.)[^@]*@(.).*$/, "$1***@$2***"),
      DeliveryMedium: "EMAIL",
      AttributeName: "email",
    },
  });

  const publicActions: Record<string, (request: Request) => unknown> = {
    InitiateAuth(request) {
      assertClient(request);
      const flow = flows[request.AuthFlow ?? ""];
      if (!flow) throw new Refused("InvalidParameterException", `${request.AuthFlow} flow not enabled for this client`);
      return flow(request.AuthParameters ?? {});
    },
    RespondToAuthChallenge(request) {
      assertClient(request);
      const respond = challenges[request.ChallengeName ?? ""];
      if (!respond) throw new Refused("InvalidParameterException", `Unsupported challenge ${request.ChallengeName}`);
      return respond(request.ChallengeResponses ?? {}, request);
    },
    async AssociateSoftwareToken({ AccessToken }) {
      const { account } = await bearer(AccessToken);
      account.pendingSecret = newSecret();
      return { SecretCode: account.pendingSecret };
    },
    async VerifySoftwareToken({ AccessToken, UserCode = "" }) {
      const { account } = await bearer(AccessToken);
      const secret = account.pendingSecret;
      if (!secret) throw new Refused("InvalidParameterException", "No software token is being set up");
      const period = periodOf(secret, UserCode, now());
      if (period === null)
        throw new Refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA");
      account.totp = { secret, usedPeriod: period };
      delete account.pendingSecret;
      return { Status: "SUCCESS" };
    },
    async SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: { Enabled = false } = {} }) {
      const { account } = await bearer(AccessToken);
      if (Enabled && !account.totp)
        throw new Refused("InvalidParameterException", "User has not verified software token mfa");
      account.hasSecondFactor = Enabled;
      return {};
    },
    async GetUser({ AccessToken }) {
      const { account } = await bearer(AccessToken);
      const {
        UserCreateDate: _created,
        UserLastModifiedDate: _modified,
        Enabled: _enabled,
        UserStatus: _status,
        ...user
      } = shown(account);
      return user;
    },
    async ChangePassword({ AccessToken, PreviousPassword = "", ProposedPassword = "" }) {
      const { account } = await bearer(AccessToken);
      assertPassword(ProposedPassword);
      checkPassword(account, () => isPassword(ownerOf(account), PreviousPassword, account));
      setPassword(account, ProposedPassword);
      return {};
    },
    async GlobalSignOut({ AccessToken }) {
      endSessions((await bearer(AccessToken)).account);
      return {};
    },
    RevokeToken(request) {
      assertClient(request);
      const session = sessionOf(request.Token);
      if (session) delete state.sessions[session.id];
      return {};
    },
    ForgotPassword(request) {
      assertClient(request);
      const account = find(request.Username);
      if (!account?.isEnabled) return delivery({ email: request.Username ?? "" });
      assertResettable(account);
      sendCode(account);
      return delivery(account);
    },
    ConfirmForgotPassword(request) {
      assertClient(request);
      const { Username, ConfirmationCode = "", Password = "" } = request;
      assertPassword(Password);
      const account = find(Username);
      if (!account) throw new Refused("CodeMismatchException", "Invalid verification code provided, please try again.");
      if (!account.code)
        throw new Refused("ExpiredCodeException", "Invalid code provided, please request a code again.");
      const { code } = account;
      if (code.failures >= codesMax)
        throw new Refused("LimitExceededException", "Attempt limit exceeded, please try after some time.");
      if (code.expiresAt < now())
        throw new Refused("ExpiredCodeException", "Invalid code provided, please request a code again.");
      if (hashOf(ConfirmationCode) !== code.hash) {
        code.failures += 1;
        throw new Refused("CodeMismatchException", "Invalid verification code provided, please try again.");
      }
      setPassword(account, Password);
      return {};
    },
  };

  const shown = (account: Account) => ({
    Username: account.subject,
    UserCreateDate: account.createdAt / 1000,
    UserLastModifiedDate: account.updatedAt / 1000,
    Enabled: account.isEnabled,
    UserStatus: account.status,
    UserAttributes: [
      { Name: "sub", Value: account.subject },
      { Name: "email", Value: account.email },
      ...Object.entries(account.attributes).map(([Name, Value]) => ({ Name, Value })),
    ],
    ...(account.hasSecondFactor
      ? { UserMFASettingList: ["SOFTWARE_TOKEN_MFA"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" }
      : {}),
  });

  const adminActions: Record<string, (request: Request) => unknown> = {
    AdminCreateUser({ Username = "", MessageAction, TemporaryPassword, UserAttributes = [] }) {
      const found = find(Username);
      const password = TemporaryPassword ?? newTemporaryPassword();
      assertPassword(password);
      if (MessageAction === "RESEND") {
        const account = known(Username);
        if (account.status !== "FORCE_CHANGE_PASSWORD")
          throw new Refused(
            "UnsupportedUserStateException",
            `Resend not possible. ${account.subject} status is not FORCE_CHANGE_PASSWORD`,
          );
        invite(account, password, false);
        return { User: created(account) };
      }
      if (!isAddress(Username)) throw new Refused("InvalidParameterException", "Username should be an email.");
      if (found) throw new Refused("UsernameExistsException", "User account already exists");
      const account = withPassword(newAccount(Username, now()), password);
      for (const { Name, Value = "" } of UserAttributes) {
        if (!attributeNames.has(Name))
          throw new Refused("InvalidParameterException", `user.${Name}: Attribute does not exist in the schema.`);
        if (Name !== "email") account.attributes[Name] = Value;
        else if (Value.toLowerCase() !== Username.toLowerCase())
          throw new Refused("InvalidParameterException", "Username and email attribute differ");
      }
      state.accounts[account.subject] = account;
      invite(account, password, MessageAction === "SUPPRESS");
      return { User: created(account) };
    },
    AdminGetUser: ({ Username }) => shown(known(Username)),
    AdminDisableUser({ Username }) {
      const account = known(Username);
      Object.assign(account, { isEnabled: false, updatedAt: now() });
      endSessions(account);
      return {};
    },
    AdminEnableUser({ Username }) {
      Object.assign(known(Username), { isEnabled: true, updatedAt: now() });
      return {};
    },
    AdminUserGlobalSignOut({ Username }) {
      endSessions(known(Username));
      return {};
    },
    AdminResetUserPassword({ Username }) {
      const account = known(Username);
      assertResettable(account);
      sendCode(account);
      Object.assign(account, { status: "RESET_REQUIRED", updatedAt: now() });
      return {};
    },
    AdminDeleteUser({ Username }) {
      const account = known(Username);
      endSessions(account);
      delete state.accounts[account.subject];
      return {};
    },
  };
  const created = (account: Account) => {
    const {
      UserAttributes: Attributes,
      UserMFASettingList: _list,
      PreferredMfaSetting: _preferred,
      ...user
    } = shown(account);
    return { ...user, Attributes };
  };

  const perform = async (request: IncomingMessage): Promise<unknown> => {
    const action = String(request.headers["x-amz-target"]).replace("AWSCognitoIdentityProviderService.", "");
    // The body of an AWS client.
    const body = (JSON.parse((await buffer(request)).toString("utf8") || "{}") ?? {}) as Request;
    if (Object.hasOwn(publicActions, action)) return publicActions[action]!(body);
    if (!Object.hasOwn(adminActions, action)) throw new Refused("UnknownOperationException", `${action} is not known`);
    // Every call of an administrator is signed.
    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 "))
      throw new Refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    if (body.UserPoolId !== poolId)
      throw new Refused("ResourceNotFoundException", `User pool ${body.UserPoolId} does not exist.`);
    return adminActions[action]!(body);
  };

  return {
    link: { id: poolId, clientId, region, endpoint },
    /** Answers a request; `path` is the part of the address after the endpoint. */
    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
      const respond = (status: number, body: unknown, more: Record<string, string> = {}) =>
        response
          .writeHead(status, {
            "content-type": "application/x-amz-json-1.1",
            "x-amzn-requestid": randomUUID(),
            ...more,
          })
          .end(JSON.stringify(body));
      if (request.method === "GET" && path === `/${poolId}/.well-known/jwks.json`)
        return void respond(200, keys, {
          "content-type": "application/json",
          "cache-control": "public, max-age=86400",
        });
      if (request.method !== "POST" || (path !== "/" && path !== "")) return void respond(404, {});
      try {
        const answer = await perform(request);
        save();
        respond(200, answer);
      } catch (error) {
        // A wrong password counts.
        save();
        const isMalformed = error instanceof SyntaxError || error instanceof TypeError;
        const { code, message } =
          error instanceof Refused
            ? error
            : isMalformed
              ? { code: "SerializationException", message: "The request is malformed." }
              : { code: "InternalErrorException", message: String(error) };
        const headers = { "x-amzn-errortype": `${code}:` };
        respond(code === "InternalErrorException" ? 500 : 400, { __type: code, message }, headers);
      }
    },
  };
};

const newSigningKey = async (): Promise<JWK> => {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(32).toString("base64") };
};

const attributeNames = new Set(["email", "email_verified", "name", "custom:tenant_id", "custom:role"]);
const assertWritable = (name: string): void => {
  if (name === "email") throw notAuthorized("Cannot modify an already provided email");
  const writable: readonly string[] = pool.client.writeAttributes;
  if (!writable.includes(name)) throw notAuthorized(`A client attempted to write unauthorized attribute: ${name}`);
};
/** @throws Refused before the first own password: a new invitation helps then */
const assertResettable = ({ status }: Account): void => {
  if (status === "FORCE_CHANGE_PASSWORD") throw notAuthorized("User password cannot be reset in the current state.");
};
/** As in `Tue Dec 1 02:10:43 UTC 2026`; Cognito refuses a day with a leading zero, and another day of the week. */
const isTime = (text: string): boolean =>
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/.test(text) &&
  new Date(text).toUTCString().startsWith(text.slice(0, 3));
const isAddress = (text: string): boolean => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text) && text.length <= 128;
