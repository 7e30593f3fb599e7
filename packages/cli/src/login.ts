import type { CognitoIdentityProviderClient, InitiateAuthResponse } from "@aws-sdk/client-cognito-identity-provider";
import { createClient, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import { findSession, keepSession, type Session } from "./sessions.ts";

/** Loaded when somebody signs in: the other commands start without the AWS client. */
const cognito = () => import("@aws-sdk/client-cognito-identity-provider");

type Pool = Session["pool"] & { userPoolId: string };
type Ask = (question: string, options?: { isSecret?: boolean }) => Promise<string>;
type Env = Record<string, string | undefined>;
type Tools = { print(line: string): void; ask?: Ask | undefined; env: Env; apiUrl(): string };

/** `resolve login` and `resolve logout`. */
export const addLoginCommands = (program: Command, { print, ask, env, apiUrl }: Tools): void => {
  program
    .command("login")
    .description("sign in, so that commands act as you; the session lasts 30 days")
    .argument("<email>")
    .option("--forgot", "choose a new password with a code that you get by mail")
    .option("--second-factor", "set up an authenticator app, or another one")
    .action(async (email: string, { forgot, secondFactor }: { forgot?: boolean; secondFactor?: boolean }) => {
      if (!ask) throw new Error("Signing in asks questions, which this program cannot.");
      const url = apiUrl();
      const { userPoolId, ...pool } = await poolOf(url);
      const client = await clientOf(pool);
      const person = { client, pool: { ...pool, userPoolId }, email, ask, print };
      const password = forgot ? await newPassword(person) : await ask("Password: ", { isSecret: true });
      const signedIn = await signIn(person, password);
      const session: Session = { email, pool, ...tokensOf(signedIn), refreshToken: refreshTokenOf(signedIn) };
      if (secondFactor) await setUpSecondFactor(person, session.accessToken);
      keepSession(env, url, session);
      print(`signed in as ${email}`);
    });

  program
    .command("logout")
    .description("end the session of this computer")
    .action(async () => {
      const url = apiUrl();
      const session = findSession(env, url);
      if (!session) return print("you are not signed in");
      // Forgotten first: also when the pool does not respond, nobody continues here.
      keepSession(env, url, undefined);
      const { RevokeTokenCommand } = await cognito();
      const client = await clientOf(session.pool);
      await client.send(new RevokeTokenCommand({ ClientId: session.pool.clientId, Token: session.refreshToken }));
      print(`signed out ${session.email}`);
    });
};

const marginMs = 60_000;

/** The access token of a session; a new one when it ends soon. @throws Error when the session has ended */
export const accessTokenOf = async (env: Env, apiUrl: string): Promise<string> => {
  const session = findSession(env, apiUrl);
  if (!session) throw new Error("You are not signed in; run `resolve login`.");
  if (session.expiresAt > Date.now() + marginMs) return session.accessToken;
  const { InitiateAuthCommand } = await cognito();
  const client = await clientOf(session.pool);
  const refreshed = await client
    .send(
      new InitiateAuthCommand({
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: session.pool.clientId,
        AuthParameters: { REFRESH_TOKEN: session.refreshToken },
      }),
    )
    .catch((error: Error) => {
      if (error.name !== "NotAuthorizedException") throw error;
      keepSession(env, apiUrl, undefined);
      throw new Error(`Your session has ended; run \`resolve login ${session.email}\`.`);
    });
  const tokens = tokensOf(refreshed);
  keepSession(env, apiUrl, { ...session, ...tokens });
  return tokens.accessToken;
};

/** A request that carries the session's token, whichever is valid then. */
export const fetchAs =
  (env: Env, apiUrl: string) =>
  async (request: Request): Promise<Response> => {
    request.headers.set("authorization", `Bearer ${await accessTokenOf(env, apiUrl)}`);
    return fetch(request);
  };

const poolOf = (apiUrl: string): Promise<Pool> => {
  // Nobody has signed in yet, and the API refuses an invalid credential also where it needs none.
  const anonymous = (request: Request): Promise<Response> => {
    request.headers.delete("authorization");
    return fetch(request);
  };
  return unwrap(createClient({ apiUrl, apiKey: "", fetch: anonymous }).GET("/api/v1/sign-in"));
};

const clientOf = async ({ region, endpoint }: Session["pool"]): Promise<CognitoIdentityProviderClient> => {
  const { CognitoIdentityProviderClient } = await cognito();
  return new CognitoIdentityProviderClient({ region, endpoint });
};

type Person = {
  client: CognitoIdentityProviderClient;
  pool: Pool;
  email: string;
  ask: Ask;
  print: Tools["print"];
};

const triesMax = 3;

/** Answers the pool's challenges until it returns tokens. */
const signIn = async (person: Person, password: string): Promise<InitiateAuthResponse> => {
  let answer = await withPassword(person, password);
  for (let tries = 0; answer.ChallengeName !== undefined; ) {
    try {
      answer = await respond(person, answer);
      tries = 0;
    } catch (error) {
      // The same challenge takes another answer.
      const { name, message } = error as Error;
      tries += 1;
      if (!/^(InvalidPassword|CodeMismatch|ExpiredCode)Exception$/.test(name) || tries === triesMax) throw error;
      person.print(message);
    }
  }
  return answer;
};

/** By SRP: the password does not leave this computer. */
const withPassword = async ({ client, pool, email }: Person, password: string): Promise<InitiateAuthResponse> => {
  const { InitiateAuthCommand, RespondToAuthChallengeCommand } = await cognito();
  const { createSrpSession, signSrpSession } = await import("cognito-srp-helper");
  const { clientId: ClientId } = pool;
  const session = createSrpSession(email, password, pool.userPoolId, false);
  const challenge = await client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_SRP_AUTH",
      ClientId,
      AuthParameters: { USERNAME: email, SRP_A: session.largeA },
    }),
  );
  const { passwordSignature, secret, timestamp } = signSrpSession(session, challenge);
  const command = new RespondToAuthChallengeCommand({
    ChallengeName: "PASSWORD_VERIFIER",
    ClientId,
    ChallengeResponses: {
      USERNAME: challenge.ChallengeParameters?.["USER_ID_FOR_SRP"] ?? email,
      PASSWORD_CLAIM_SIGNATURE: passwordSignature,
      PASSWORD_CLAIM_SECRET_BLOCK: secret,
      TIMESTAMP: timestamp,
    },
  });
  return client.send(command).catch((error: Error) => {
    if (error.name !== "PasswordResetRequiredException") throw error;
    throw new Error(`Your password was reset. You have a code by mail; run \`resolve login ${email} --forgot\`.`);
  });
};

const respond = async (person: Person, { ChallengeName, Session }: InitiateAuthResponse) => {
  const { RespondToAuthChallengeCommand } = await cognito();
  const { client, pool, email, ask } = person;
  const responses = async (): Promise<Record<string, string>> => {
    if (ChallengeName === "NEW_PASSWORD_REQUIRED") return { NEW_PASSWORD: await chosenPassword(person) };
    if (ChallengeName === "SOFTWARE_TOKEN_MFA")
      return { SOFTWARE_TOKEN_MFA_CODE: await ask("Code of your authenticator app: ") };
    throw new Error(`The pool asks for ${ChallengeName}, which this program does not offer.`);
  };
  const ChallengeResponses = { USERNAME: email, ...(await responses()) };
  return client.send(
    new RespondToAuthChallengeCommand({ ChallengeName, Session, ClientId: pool.clientId, ChallengeResponses }),
  );
};

const chosenPassword = async ({ ask, print }: Person): Promise<string> => {
  for (;;) {
    const password = await ask("New password: ", { isSecret: true });
    if (password === (await ask("New password again: ", { isSecret: true }))) return password;
    print("The passwords differ.");
  }
};

const newPassword = async (person: Person): Promise<string> => {
  const { ConfirmForgotPasswordCommand, ForgotPasswordCommand } = await cognito();
  const { client, pool, email, ask, print } = person;
  const account = { ClientId: pool.clientId, Username: email };
  await client.send(new ForgotPasswordCommand(account));
  print(`If ${email} has an account, it now has a mail with a code.`);
  const ConfirmationCode = await ask("Code of the mail: ");
  const Password = await chosenPassword(person);
  await client.send(new ConfirmForgotPasswordCommand({ ...account, ConfirmationCode, Password }));
  return Password;
};

const setUpSecondFactor = async ({ client, email, ask, print }: Person, AccessToken: string): Promise<void> => {
  const { AssociateSoftwareTokenCommand, SetUserMFAPreferenceCommand, VerifySoftwareTokenCommand } = await cognito();
  const { SecretCode = "" } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  print("Add this secret to your authenticator app, or open the address on the device that has it:");
  print(`  ${SecretCode}`);
  print(`  otpauth://totp/Resolve:${encodeURIComponent(email)}?secret=${SecretCode}&issuer=Resolve`);
  const UserCode = await ask("Code of your authenticator app: ");
  await client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  print("Signing in now asks for a code of the app.");
};

const tokensOf = ({ AuthenticationResult = {} }: InitiateAuthResponse) => ({
  accessToken: AuthenticationResult.AccessToken ?? "",
  expiresAt: Date.now() + (AuthenticationResult.ExpiresIn ?? 0) * 1000,
});
const refreshTokenOf = ({ AuthenticationResult = {} }: InitiateAuthResponse) => AuthenticationResult.RefreshToken ?? "";
