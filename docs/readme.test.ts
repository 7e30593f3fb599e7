import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The README's commands, typed as they stand there, in a fresh clone: only port and data directory differ. */
const source = join(import.meta.dirname, "..");
const root = mkdtempSync(join(tmpdir(), "resolve-clone-"));
const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
const exec = promisify(execFile);
const readme = readFileSync(join(source, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!.trim());
const credentials = () => JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8"));
let server: ChildProcess;
let said = "";

/** What git has, with changes that are not committed yet; nothing that is installed or generated. */
const clone = (): void => {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: source });
  for (const name of list
    .toString()
    .split("\0")
    .filter((name) => name && existsSync(join(source, name))))
    cpSync(join(source, name), join(root, name));
};

beforeAll(async () => {
  clone();
  // A process group, since npm has children.
  server = spawn("npm", ["start", "--", "--port", "0", "--data", dataDir], { cwd: root, detached: true });
  for (const stream of [server.stdout!, server.stderr!]) stream.on("data", (chunk) => (said += chunk));
  while (!said.includes("Stop with Ctrl-C")) {
    expect(server.exitCode, said).toBeNull();
    await new Promise((done) => setTimeout(done, 100));
  }
}, 180_000);
afterAll(async () => {
  if (server.exitCode === null) {
    process.kill(-server.pid!, "SIGINT");
    await once(server, "exit");
  }
  for (const directory of [dataDir, root]) rmSync(directory, { recursive: true, force: true });
}, 60_000);

test("npm start onboards the demo and prints the timeline and the first cited answer", () => {
  for (const line of [
    "5 documents uploaded",
    "isolation.probe",
    "search.first_answer",
    "from contract to first answer in",
    "notice period",
  ])
    expect(said).toContain(line);
  expect(said).toContain(`reference ${credentials().apiUrl}/docs`);
});

/** Blocks that are run elsewhere, or nowhere without an account. */
const elsewhere: Record<string, string> = {
  "npm start": "above",
  "npm test": ".ci/run",
  "npm run test:services": ".ci/run",
  "npm run prove": ".ci/run",
};
const needsAccount = (block: string) => block.startsWith("npx sst ");
const here = blocks.filter((block) => !(block in elsewhere) && !needsAccount(block));

test("the README has something to run", () => {
  expect(here.length).toBeGreaterThanOrEqual(2);
});

test.each(here)(
  "%s",
  async (block) => {
    const { apiUrl, demo } = credentials();
    const script = block.replaceAll("http://127.0.0.1:5000/api", apiUrl).replaceAll(".local/", `${dataDir}/`);
    const env = { ...process.env, RESOLVE_API_URL: apiUrl, RESOLVE_API_KEY: demo.apiKey };
    const { stdout } = await exec("bash", ["-euo", "pipefail", "-c", script], { cwd: root, env });
    expect(stdout).not.toContain("problem");
    expect(stdout.length).toBeGreaterThan(100);
  },
  60_000,
);

test("the curl lines that npm start prints work", async () => {
  const lines = said.split("\n").filter((line) => line.trimStart().startsWith("curl "));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const { stdout } = await exec("bash", ["-c", line]);
    const answer = JSON.parse(stdout);
    expect(answer.status ?? answer.data, line).toBeTruthy();
    expect(answer.code, line).toBeUndefined();
  }
}, 30_000);

test("npm run infra:evaluate works after npm start alone and says what it would create", async () => {
  const { stdout } = await exec("npm", ["run", "infra:evaluate"], { cwd: root });
  expect(stdout).toMatch(/^ +\d+ {2}aws:lambda\/function:Function$/m);
  expect(stdout).toMatch(/^ *\d{3} {2}resources of \d+ types in stage production$/m);
}, 180_000);
