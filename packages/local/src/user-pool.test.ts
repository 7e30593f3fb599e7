import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Resource } from "@resolve/core/platform/resources";
import { userPool } from "@resolve/core/platform/services/user-pool";
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from "cognito-srp-helper";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localIssuer } from "./doubles/cognito/issuer.ts";
import { temporaryPasswordIn } from "./testing-account.ts";

/** People sign in with the AWS client, as at Cognito. The pool is a process of its own, which tests kill and start again. */
type Link = Resource<"UserPool">;
const dataDir = mkdtempSync(join(tmpdir(), "resolve-people-"));
let server: ChildProcess;
let link: Link;
let client: CognitoIdentityProviderClient;

const start = async (): Promise<void> => {
  // The same port again, because the pool's address is part of its tokens.
  const port = link ? new URL(link.endpoint!).port : "0";
  server = fork(join(import.meta.dirname, "testing-user-pool.ts"), [dataDir, port], { stdio: "inherit" });
  [link] = await once(server, "message");
};
const restart = async (): Promise<void> => {
  server.kill("SIGKILL");
  await once(server, "exit");
  await start();
};

beforeAll(async () => {
  await start();
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ UserPool: link });
  process.env["AWS_ACCESS_KEY_ID"] = process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  client = new CognitoIdentityProviderClient({ region: link.region, endpoint: link.endpoint!, maxAttempts: 1 });
});
afterAll(() => {
  server.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

type Mail = { subject: string; html: string };
const mailsTo = async (email: string): Promise<Mail[]> => {
  const response = await fetch(new URL(`/mailbox.json?to=${email}`, link.endpoint));
  return ((await response.json()) as { data: Mail[] }).data;
};
const temporaryPasswordOf = async (email: string): Promise<string> =>
  temporaryPasswordIn((await mailsTo(email))[0]!.html);
const codeOf = async (email: string): Promise<string> => /is (\d{6})/.exec((await mailsTo(email))[0]!.html)![1]!;

const withPassword = (USERNAME: string, PASSWORD: string): Promise<InitiateAuthResponse> =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: link.clientId,
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
const withSrp = async (username: string, password: string): Promise<InitiateAuthResponse> => {
  const session = createSrpSession(username, password, link.id, false);
  const begin = { AuthFlow: "USER_SRP_AUTH", ClientId: link.clientId, AuthParameters: { USERNAME: username } } as const;
  const challenge = await client.send(new InitiateAuthCommand(wrapInitiateAuth(session, begin) as typeof begin));
  const proof = {
    ChallengeName: "PASSWORD_VERIFIER",
    ClientId: link.clientId,
    ChallengeResponses: { USERNAME: challenge.ChallengeParameters!["USER_ID_FOR_SRP"]! },
  } as const;
  return client.send(
    new RespondToAuthChallengeCommand(wrapAuthChallenge(signSrpSession(session, challenge), proof) as typeof proof),
  );
};
const respond = (USERNAME: string, begun: InitiateAuthResponse, responses: Record<string, string>) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ClientId: link.clientId,
      ChallengeName: begun.ChallengeName,
      Session: begun.Session,
      ChallengeResponses: { USERNAME, ...responses },
    }),
  );
const refresh = (REFRESH_TOKEN: string) =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: link.clientId,
      AuthParameters: { REFRESH_TOKEN },
    }),
  );

const password = "Correct-Horse-9";
let people = 0;
/** Somebody who has been invited; with a password unless `isNew`. */
const somebody = async ({ isNew = false } = {}) => {
  const email = `Person${++people}@acme.example`;
  const subject = await userPool().createUser({ email });
  if (!isNew) {
    const begun = await withPassword(email, await temporaryPasswordOf(email));
    await respond(email, begun, { NEW_PASSWORD: password });
  }
  return { email, subject };
};
const tokens = (response: InitiateAuthResponse) => {
  const { AccessToken = "", IdToken = "", RefreshToken = "" } = response.AuthenticationResult ?? {};
  return { access: AccessToken, id: IdToken, refresh: RefreshToken };
};
const codeAt = (secret: string, periods = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + periods * 30_000 });
const withSecondFactor = async (email: string) => {
  const { access } = tokens(await withSrp(email, password));
  const { SecretCode: secret = "" } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken: access }));
  await client.send(new VerifySoftwareTokenCommand({ AccessToken: access, UserCode: codeAt(secret, -1) }));
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await client.send(new SetUserMFAPreferenceCommand({ AccessToken: access, SoftwareTokenMfaSettings }));
  return { secret, access };
};

describe("a person's life", () => {
  test("invitation, new password, second factor, refresh, reset and sign-out, with the process killed after every step", async () => {
    const email = "Ada@acme.example";
    const subject = await userPool().createUser({ email });
    await restart();

    const temporary = await temporaryPasswordOf(email);
    const begun = await withSrp(email.toLowerCase(), temporary);
    expect(begun.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    await restart();
    await expect(respond(email, begun, { NEW_PASSWORD: "short" })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    const first = await respond(email, begun, { NEW_PASSWORD: password });
    await restart();

    const keys = createRemoteJWKSet(new URL(`${link.endpoint}/${link.id}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(tokens(first).access, keys, { issuer: localIssuer, algorithms: ["RS256"] });
    expect(payload).toMatchObject({
      sub: subject,
      username: subject,
      token_use: "access",
      client_id: link.clientId,
      scope: "aws.cognito.signin.user.admin",
    });
    expect(payload).toEqual(expect.objectContaining({ jti: expect.any(String), auth_time: expect.any(Number) }));
    expect(payload.exp! - payload.iat!).toBe(3_600);
    expect(decodeProtectedHeader(tokens(first).access)).toEqual({ kid: expect.any(String), alg: "RS256" });

    const { secret } = await withSecondFactor(email);
    await restart();
    expect(await userPool().factorsOf(subject)).toEqual(["SOFTWARE_TOKEN_MFA"]);
    const asked = await withSrp(email, password);
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    await restart();
    const second = tokens(await respond(email, asked, { SOFTWARE_TOKEN_MFA_CODE: codeAt(secret) }));
    await restart();

    const refreshed = await refresh(second.refresh);
    expect(refreshed.AuthenticationResult).not.toHaveProperty("RefreshToken");
    const again = await jwtVerify(tokens(refreshed).access, keys);
    const before = await jwtVerify(second.access, keys);
    // A refresh is no sign-in: the API's sign-out compares this time.
    expect(again.payload["auth_time"]).toBe(before.payload["auth_time"]);
    expect(again.payload.jti).not.toBe(before.payload.jti);

    await client.send(new ForgotPasswordCommand({ ClientId: link.clientId, Username: email }));
    await restart();
    const code = await codeOf(email);
    const Password = "Another-Horse-10";
    await client.send(
      new ConfirmForgotPasswordCommand({ ClientId: link.clientId, Username: email, ConfirmationCode: code, Password }),
    );
    await restart();
    await expect(withSrp(email, password)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect((await withSrp(email, Password)).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");

    await client.send(new GlobalSignOutCommand({ AccessToken: second.access }));
    await restart();
    await expect(refresh(second.refresh)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(client.send(new GetUserCommand({ AccessToken: second.access }))).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
  }, 300_000);

  test("no password, code, secret or token lies readable in the data directory, whose files only the owner reads", async () => {
    const { email } = await somebody({ isNew: true });
    const temporary = await temporaryPasswordOf(email);
    for (const name of readdirSync(dataDir)) {
      const text = readFileSync(join(dataDir, name), "utf8");
      for (const secret of [temporary, password, email, '"d":'].map((one) => Buffer.from(one)))
        for (const form of [secret.toString(), secret.toString("base64").replace(/=+$/, "").slice(0, -1)])
          expect(text.includes(form), `${form} in ${name}`).toBe(false);
      expect(statSync(join(dataDir, name)).mode & 0o77, name).toBe(0);
    }
  });
});

describe("what is refused", () => {
  const refusedAs = async (attempt: Promise<unknown>, name: string, message?: string): Promise<void> => {
    const error = (await attempt.then(
      () => ({ name: "nothing", message: "it succeeded" }),
      (thrown: Error) => thrown,
    )) as Error;
    expect(error.name, error.message).toBe(name);
    if (message) expect(error.message).toBe(message);
  };
  const wrong = "Incorrect username or password.";

  test("a wrong code, and a code that was used, also by somebody who saw it", async () => {
    const { email } = await somebody();
    const { secret } = await withSecondFactor(email);
    const begun = await withSrp(email, password);
    await refusedAs(respond(email, begun, { SOFTWARE_TOKEN_MFA_CODE: "000000" }), "CodeMismatchException");
    const SOFTWARE_TOKEN_MFA_CODE = codeAt(secret);
    // The same challenge takes the right code after a wrong one.
    await respond(email, begun, { SOFTWARE_TOKEN_MFA_CODE });
    await refusedAs(respond(email, begun, { SOFTWARE_TOKEN_MFA_CODE: codeAt(secret, 1) }), "NotAuthorizedException");
    await restart();
    const replayed = await withSrp(email, password);
    await refusedAs(respond(email, replayed, { SOFTWARE_TOKEN_MFA_CODE }), "ExpiredCodeException");
    await respond(email, replayed, { SOFTWARE_TOKEN_MFA_CODE: codeAt(secret, 1) });
  }, 120_000);

  test("a second factor that was not proved, and a code of another secret", async () => {
    const { email, subject } = await somebody();
    const { access } = tokens(await withPassword(email, password));
    const enable = new SetUserMFAPreferenceCommand({
      AccessToken: access,
      SoftwareTokenMfaSettings: { Enabled: true },
    });
    await refusedAs(client.send(enable), "InvalidParameterException");
    await client.send(new AssociateSoftwareTokenCommand({ AccessToken: access }));
    const verify = (UserCode: string) => client.send(new VerifySoftwareTokenCommand({ AccessToken: access, UserCode }));
    await refusedAs(verify("000000"), "EnableSoftwareTokenMFAException");
    expect(await userPool().factorsOf(subject)).toEqual([]);
  });

  test("a disabled person: password, refresh and access token at the pool; enabling brings the password back", async () => {
    const { email, subject } = await somebody();
    const { access, refresh: token } = tokens(await withSrp(email, password));
    await userPool().disableUser(subject);
    await refusedAs(withSrp(email, password), "NotAuthorizedException", "User is disabled.");
    await refusedAs(withPassword(email, password), "NotAuthorizedException", "User is disabled.");
    await refusedAs(refresh(token), "NotAuthorizedException");
    await refusedAs(client.send(new GetUserCommand({ AccessToken: access })), "NotAuthorizedException");
    await userPool().enableUser(subject);
    await withSrp(email, password);
  });

  test("people who do not exist look like those who do: same challenge, same error, same mail notice", async () => {
    const unknown = "nobody@acme.example";
    await refusedAs(withPassword(unknown, password), "NotAuthorizedException", wrong);
    await refusedAs(withSrp(unknown, password), "NotAuthorizedException", wrong);
    const { email } = await somebody();
    await refusedAs(withPassword(email, "Wrong-Horse-9999"), "NotAuthorizedException", wrong);
    await refusedAs(withSrp(email, "Wrong-Horse-9999"), "NotAuthorizedException", wrong);
    const begin = async (USERNAME: string) => {
      const session = createSrpSession(USERNAME, password, link.id, false);
      const AuthParameters = { USERNAME, SRP_A: session.largeA };
      return client.send(
        new InitiateAuthCommand({ AuthFlow: "USER_SRP_AUTH", ClientId: link.clientId, AuthParameters }),
      );
    };
    const [one, again] = [await begin(unknown), await begin(unknown)];
    expect(one.ChallengeParameters!["SALT"]).toBe(again.ChallengeParameters!["SALT"]);
    expect(one.ChallengeParameters!["USER_ID_FOR_SRP"]).toBe(again.ChallengeParameters!["USER_ID_FOR_SRP"]);
    const forgot = await client.send(new ForgotPasswordCommand({ ClientId: link.clientId, Username: unknown }));
    expect(forgot.CodeDeliveryDetails).toMatchObject({ DeliveryMedium: "EMAIL", Destination: "n***@a***" });
    expect(await mailsTo(unknown)).toEqual([]);
  });

  test("guessing a code for a new password: five wrong ones end it, and an hour has five codes", async () => {
    const { email } = await somebody();
    const confirm = (ConfirmationCode: string) =>
      client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: link.clientId,
          Username: email,
          ConfirmationCode,
          Password: "Another-Horse-10",
        }),
      );
    const forgot = () => client.send(new ForgotPasswordCommand({ ClientId: link.clientId, Username: email }));
    await refusedAs(confirm("123456"), "ExpiredCodeException");
    await forgot();
    const code = await codeOf(email);
    const other = code === "111111" ? "222222" : "111111";
    for (let guess = 0; guess < 5; guess += 1) await refusedAs(confirm(other), "CodeMismatchException");
    await refusedAs(confirm(code), "LimitExceededException");
    for (let asked = 1; asked < 5; asked += 1) await forgot();
    await refusedAs(forgot(), "LimitExceededException");
    await confirm(await codeOf(email));
    // A code works once.
    await refusedAs(confirm(await codeOf(email)), "ExpiredCodeException");
  });

  test("a weak password, each in Cognito's words", async () => {
    const { email } = await somebody();
    const { access } = tokens(await withPassword(email, password));
    const change = (ProposedPassword: string) =>
      client.send(new ChangePasswordCommand({ AccessToken: access, PreviousPassword: password, ProposedPassword }));
    for (const [weak, what] of [
      ["Short-1", "Password not long enough"],
      ["correct-horse-9", "Password must have uppercase characters"],
      ["CORRECT-HORSE-9", "Password must have lowercase characters"],
      ["Correct-Horse-X", "Password must have numeric characters"],
      ["CorrectHorse999", "Password must have symbol characters"],
    ] as const)
      await refusedAs(change(weak), "InvalidPasswordException", `Password did not conform with policy: ${what}`);
    await change("Another-Horse-10");
    await withSrp(email, "Another-Horse-10");
  });

  test("a reset by an administrator: the old password no longer signs in, the code of the mail does", async () => {
    const { email, subject } = await somebody();
    await userPool().resetPassword(subject);
    await refusedAs(withSrp(email, password), "PasswordResetRequiredException");
    const Password = "Another-Horse-10";
    const ConfirmationCode = await codeOf(email);
    await client.send(
      new ConfirmForgotPasswordCommand({ ClientId: link.clientId, Username: email, ConfirmationCode, Password }),
    );
    await withSrp(email, Password);
    const invited = await somebody({ isNew: true });
    await refusedAs(userPool().resetPassword(invited.subject), "NotAuthorizedException");
  });

  test("one invitation: a second one is the same account, a resend makes the first password invalid", async () => {
    const { email, subject } = await somebody({ isNew: true });
    expect(await userPool().createUser({ email: email.toUpperCase() })).toBe(subject);
    expect(await mailsTo(email)).toHaveLength(1);
    const first = await temporaryPasswordOf(email);
    expect(await userPool().resendInvitation(email)).toBe(true);
    await refusedAs(withPassword(email, first), "NotAuthorizedException", wrong);
    const begun = await withPassword(email, await temporaryPasswordOf(email));
    // Nobody gives himself a role, or another address.
    for (const attribute of ["custom:role", "custom:tenant_id", "email"])
      await refusedAs(
        respond(email, begun, { NEW_PASSWORD: password, [`userAttributes.${attribute}`]: "admin" }),
        "NotAuthorizedException",
      );
    await respond(email, begun, { NEW_PASSWORD: password, "userAttributes.name": "Ada" });
    expect(await userPool().resendInvitation(email)).toBe(false);
  });

  test("what was revoked: one sign-in by its refresh token, all by an administrator", async () => {
    const { email, subject } = await somebody();
    const [one, two] = [tokens(await withSrp(email, password)), tokens(await withSrp(email, password))];
    await client.send(new RevokeTokenCommand({ ClientId: link.clientId, Token: one.refresh }));
    await refusedAs(refresh(one.refresh), "NotAuthorizedException");
    await refusedAs(client.send(new GetUserCommand({ AccessToken: one.access })), "NotAuthorizedException");
    await refresh(two.refresh);
    await userPool().signOut(subject);
    await refusedAs(refresh(two.refresh), "NotAuthorizedException");
    await userPool().deleteUser(subject);
    await userPool().deleteUser(subject);
    await userPool().disableUser(subject);
    await refusedAs(withSrp(email, password), "NotAuthorizedException", wrong);
  });

  test("an id token at the pool, another client, an unsigned administrator, a challenge of somebody else", async () => {
    const { email } = await somebody();
    const { id } = tokens(await withPassword(email, password));
    await refusedAs(client.send(new GetUserCommand({ AccessToken: id })), "NotAuthorizedException");
    const AuthParameters = { USERNAME: email, PASSWORD: password };
    const foreign = new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId: "other", AuthParameters });
    await refusedAs(client.send(foreign), "ResourceNotFoundException");
    const admin = new InitiateAuthCommand({
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      ClientId: link.clientId,
      AuthParameters,
    });
    await refusedAs(client.send(admin), "InvalidParameterException");
    const unsigned = await fetch(link.endpoint!, {
      method: "POST",
      headers: { "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser" },
      body: JSON.stringify({ UserPoolId: link.id, Username: email }),
    });
    expect(await unsigned.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
    const [one, other] = [await somebody({ isNew: true }), await somebody({ isNew: true })];
    const begun = await withPassword(one.email, await temporaryPasswordOf(one.email));
    await refusedAs(respond(other.email, begun, { NEW_PASSWORD: password }), "NotAuthorizedException");
    for (const body of ["{", "[]", "null", '{"AuthFlow":5}', '{"AuthParameters":"x"}']) {
      const response = await fetch(link.endpoint!, {
        method: "POST",
        headers: { "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" },
        body,
      });
      expect(response.status, body).toBe(400);
    }
  });
});
