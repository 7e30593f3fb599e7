import { createServer } from "node:http";
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  type InitiateAuthResponse,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { mailTemplates } from "@resolve/functions/sign-in";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listeningPort } from "../listening-port.ts";
import { newTemporaryPassword } from "./cognito/account.ts";
import { type Storage, startCognito } from "./cognito.ts";

/** What a person meets who is late, or who guesses. The pool's time is the tests'. */
let at = Date.parse("2026-12-01T09:00:00Z");
const day = 86_400_000;
let stored: Parameters<Storage["save"]>[0] | undefined;
const mails: string[] = [];

const server = createServer(async (request, response) => (await pool).handle(request, response, request.url!));
let pool: ReturnType<typeof startCognito>;
let client: CognitoIdentityProviderClient;
let link: Awaited<typeof pool>["link"];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${listeningPort(server)}`;
  pool = startCognito({
    endpoint,
    issuerSecret: "a seed of the tests",
    storage: { load: () => stored, save: (state) => (stored = structuredClone(state)) },
    templates: mailTemplates("https://resolve.example/"),
    sendMail: ({ html }) => mails.push(html),
    now: () => at,
  });
  link = (await pool).link;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new CognitoIdentityProviderClient({ endpoint, region: link.region, credentials, maxAttempts: 1 });
});
afterAll(() => server.close());

const auth = (AuthFlow: "USER_PASSWORD_AUTH" | "REFRESH_TOKEN_AUTH", AuthParameters: Record<string, string>) =>
  client.send(new InitiateAuthCommand({ AuthFlow, ClientId: link.clientId, AuthParameters }));
const signIn = (USERNAME: string, PASSWORD: string) => auth("USER_PASSWORD_AUTH", { USERNAME, PASSWORD });
const choose = (USERNAME: string, { Session }: InitiateAuthResponse) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      ClientId: link.clientId,
      Session,
      ChallengeResponses: { USERNAME, NEW_PASSWORD: password },
    }),
  );
const password = "Correct-Horse-9";
const temporary = "Temporary-Horse-1";
let people = 0;
const invite = async (): Promise<string> => {
  const Username = `person${++people}@acme.example`;
  const command = { UserPoolId: link.id, Username, TemporaryPassword: temporary };
  await client.send(new AdminCreateUserCommand(command));
  return Username;
};
const messageOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "it succeeded",
    ({ message }: Error) => message,
  );

test("a temporary password signs in for seven days, and then says that it has expired", async () => {
  const email = await invite();
  at += 7 * day;
  expect((await signIn(email, temporary)).ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  at += 1;
  expect(await messageOf(signIn(email, temporary))).toBe(
    "Temporary password has expired and must be reset by an administrator.",
  );
  // Somebody who does not have the password does not learn it.
  expect(await messageOf(signIn(email, "Wrong-Horse-9999"))).toBe("Incorrect username or password.");
});

test("a challenge is open for three minutes", async () => {
  const email = await invite();
  const begun = await signIn(email, temporary);
  at += 180_001;
  expect(await messageOf(choose(email, begun))).toBe("Invalid session for the user, session is expired.");
  await choose(email, await signIn(email, temporary));
});

test("guessing: the fifth wrong password locks the account for a second, each further one for twice as long, 15 minutes at most", async () => {
  const email = await invite();
  await choose(email, await signIn(email, temporary));
  const wrong = () => messageOf(signIn(email, "Wrong-Horse-9999"));
  for (let guess = 0; guess < 5; guess += 1) expect(await wrong()).toBe("Incorrect username or password.");
  let lockedMs = 1_000;
  for (let guess = 0; guess < 12; guess += 1) {
    at += lockedMs - 1;
    // Neither a wrong nor the right password counts while it is locked.
    expect(await wrong()).toBe("Password attempts exceeded");
    expect(await messageOf(signIn(email, password))).toBe("Password attempts exceeded");
    at += 1;
    expect(await wrong()).toBe("Incorrect username or password.");
    lockedMs = Math.min(lockedMs * 2, 900_000);
  }
  at += 900_000;
  await signIn(email, password);
  // A sign-in ends the count.
  for (let guess = 0; guess < 4; guess += 1) await wrong();
  await signIn(email, password);
});

test("a refresh token is valid for 30 days from the sign-in", async () => {
  const email = await invite();
  const { AuthenticationResult } = await choose(email, await signIn(email, temporary));
  const refresh = () => auth("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: AuthenticationResult!.RefreshToken! });
  at += 30 * day;
  await refresh();
  at += 1;
  expect(await messageOf(refresh())).toBe("Invalid Refresh Token");
});

test("generated passwords have 12 characters of all four kinds, and no two are alike", () => {
  const made = new Set(Array.from({ length: 500 }, newTemporaryPassword));
  expect(made.size).toBe(500);
  for (const one of made) {
    expect(one).toMatch(/^[\w\-.+=@^]{12}$/);
    for (const kind of [/[A-Z]/, /[a-z]/, /\d/, /[-_.+=@^]/]) expect(one).toMatch(kind);
  }
});
