import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, toUuid } from "@resolve/core/platform/id";
import { userPool } from "@resolve/core/platform/services/user-pool";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../cli/src/program.ts";
import { temporaryPasswordIn } from "./testing-account.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** `resolve login` against the whole system: the mail, the pool, the API, and the session on this computer. */
let system: TestSystem;
const home = mkdtempSync(join(tmpdir(), "resolve-home-"));
const sessions = join(home, "resolve/sessions.json");
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await system.close();
});

/** Runs the command; each question takes the next answer. */
const resolve = async (args: string[], answers: (string | ((lines: string[]) => string | Promise<string>))[] = []) => {
  const lines: string[] = [];
  const asked: string[] = [];
  const program = buildProgram({
    print: (line) => lines.push(line),
    ask: async (question) => {
      asked.push(question);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nobody answers: ${question}`);
      return typeof answer === "string" ? answer : answer(lines);
    },
    env: { XDG_CONFIG_HOME: home, RESOLVE_API_URL: system.runtime.apiUrl },
    cwd: home,
  });
  await program.parseAsync(["node", "resolve", ...args]);
  return { lines, asked };
};
const mailTo = async (email: string): Promise<string> => {
  const response = await fetch(`${system.runtime.consoleUrl}mailbox.json?to=${email}`);
  const { data } = (await response.json()) as { data: { html: string }[] };
  return data[0]!.html;
};
const secretOf = (lines: string[]) => /otpauth:.*secret=(\w+)/.exec(lines.join("\n"))![1]!;
const codeOf = (secret: string, periods = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + periods * 30_000 });

test("a person signs in, acts with the membership's role, is refreshed, and signs out", async () => {
  const tenant = await system.newTenant();
  // The tenant's administrator is invited meanwhile, and is somebody else.
  const email = "grace@acme.example";
  const subject = await userPool().createUser({ email });
  const id = newId("user");
  await system.admin`insert into app.users (id, subject, email) values (${toUuid(id)}, ${subject}, ${email})`;
  await system.admin`insert into app.memberships (tenant_id, user_id, role) values (${tenant.uuid}, ${toUuid(id)}, 'user')`;

  const temporary = temporaryPasswordIn(await mailTo(email));
  const password = "Correct-Horse-9";
  // A weak password is explained, and asked for again; a typing error too.
  const login = await resolve(
    ["login", email, "--second-factor"],
    [
      temporary,
      "short",
      "short",
      password,
      "Correct-Horse-8",
      password,
      password,
      (lines) => codeOf(secretOf(lines), -1),
    ],
  );
  expect(login.lines).toEqual(
    expect.arrayContaining([
      "Password did not conform with policy: Password not long enough",
      "The passwords differ.",
      `signed in as ${email}`,
    ]),
  );
  expect(statSync(sessions).mode & 0o777).toBe(0o600);
  expect((await resolve(["documents"])).lines).toEqual([]);
  // The role is that of the membership.
  await expect(resolve(["onboard", "Other", "--email", "a@b.example"])).rejects.toThrow("403");

  const known = JSON.parse(readFileSync(sessions, "utf8"));
  const [session] = Object.values(known) as { accessToken: string; expiresAt: number }[];
  session!.expiresAt = 0;
  writeFileSync(sessions, JSON.stringify(known));
  await resolve(["documents"]);
  expect(readFileSync(sessions, "utf8")).not.toContain(session!.accessToken);

  const secret = secretOf(login.lines);
  const again = await resolve(["login", email], [password, "000000", codeOf(secret)]);
  expect(again.lines).toEqual(["Invalid code received for user", `signed in as ${email}`]);

  await resolve(["logout"]);
  await expect(resolve(["documents"])).rejects.toThrow("No credential is configured");
  expect((await resolve(["logout"])).lines).toEqual(["you are not signed in"]);

  // The mail is sent before its code is asked for.
  const code = async () => /is (\d{6})/.exec(await mailTo(email))![1]!;
  const changed = "Another-Horse-10";
  await resolve(["login", email, "--forgot"], [code, changed, changed, codeOf(secret, 1)]);
  await resolve(["documents"]);

  await userPool().disableUser(subject);
  const [kept] = Object.entries(JSON.parse(readFileSync(sessions, "utf8")) as Record<string, object>);
  writeFileSync(sessions, JSON.stringify({ [kept![0]]: { ...kept![1], expiresAt: 0 } }));
  await expect(resolve(["documents"])).rejects.toThrow(`Your session has ended; run \`resolve login ${email}\`.`);
}, 300_000);
