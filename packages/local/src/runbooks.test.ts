import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../cli/src/program.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Runs the commands of the runbooks that need no AWS account, on a system of this machine. */
const exec = promisify(execFile);
const directory = join(import.meta.dirname, "../../../docs/runbooks");
const commands = readdirSync(directory).flatMap((page) =>
  [...readFileSync(join(directory, page), "utf8").matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => block!.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.trim())
    .filter((line) => /^(resolve|curl) /.test(line))
    .map((line) => ({ page, line })),
);

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

test("there are such commands", () => {
  expect(new Set(commands.map(({ page }) => page)).size).toBeGreaterThanOrEqual(4);
});

test.each(commands)("$page: $line", async ({ line }) => {
  const { apiUrl, adminApiKey } = system.runtime;
  const env = { RESOLVE_API_URL: apiUrl, RESOLVE_API_KEY: adminApiKey, API: apiUrl, KEY: adminApiKey };
  if (line.startsWith("curl ")) {
    const { stdout } = await exec("sh", ["-c", line], { env: { ...process.env, ...env } });
    expect(JSON.parse(stdout).code, stdout).toBeUndefined();
    return;
  }
  const printed: string[] = [];
  const program = buildProgram({ print: (text) => printed.push(text), env, cwd: "/" });
  const error = await program
    .parseAsync(line.split(/ +/).slice(1), { from: "user" })
    .then(() => undefined)
    .catch((error: unknown) => error);
  // The queues are empty, so the messages of the page are not there. The commands themselves are right.
  if (error) expect(String(error)).toMatch(/no (such )?message/);
  else expect(printed.join("\n"), line).not.toMatch(/undefined|NaN/);
});
