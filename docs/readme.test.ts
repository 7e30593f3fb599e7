import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Runs the commands of the README in a fresh clone. Only port and data directory differ. */
const source = join(import.meta.dirname, "..");
const root = mkdtempSync(join(tmpdir(), "resolve-clone-"));
const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
const exec = promisify(execFile);
const readme = readFileSync(join(source, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!.trim());
const credentials = () => JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8"));
let server: ChildProcess;
let output = "";

/** Copies the files that git tracks, with uncommitted changes, and nothing that is installed or generated. */
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
  // A process group, because npm starts child processes.
  server = spawn("npm", ["start", "--", "--port", "0", "--data", dataDir], { cwd: root, detached: true });
  for (const stream of [server.stdout!, server.stderr!]) stream.on("data", (chunk) => (output += chunk));
  while (!output.includes("Stop with Ctrl-C")) {
    expect(server.exitCode, output).toBeNull();
    await new Promise((done) => setTimeout(done, 100));
  }
}, 180_000);
afterAll(async () => {
  if (server.exitCode === null) {
    process.kill(-server.pid!, "SIGINT");
    await once(server, "exit");
  }
  for (const directory of [dataDir, root]) rmSync(directory, { recursive: true, force: true });
}, 240_000);

test("npm start onboards the demo and prints the timeline and the first cited answer", () => {
  for (const line of [
    "5 documents uploaded",
    "isolation.probe",
    "search.first_answer",
    "from contract to first answer in",
    "notice period",
  ])
    expect(output).toContain(line);
  expect(output).toContain(`reference ${credentials().apiUrl}/docs`);
});

/** Blocks that other tests run, or that need an AWS account. */
const elsewhere: Record<string, string> = {
  "npm start": "above",
  "npm test": ".ci/run",
  "npm run test:services": ".ci/run",
  "npm run prove": ".ci/run",
};
const needsAccount = (block: string) => block.startsWith("npx sst ");
const here = blocks.filter((block) => !(block in elsewhere) && !needsAccount(block));

test("the README contains commands to run", () => {
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
  const lines = output.split("\n").filter((line) => line.trimStart().startsWith("curl "));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const { stdout } = await exec("bash", ["-c", line]);
    const body = JSON.parse(stdout);
    expect(body.status ?? body.data, line).toBeTruthy();
    expect(body.code, line).toBeUndefined();
  }
}, 30_000);

test("npm run infra:evaluate works after npm start alone and counts the resources", async () => {
  // The clone has no installation of SST; it may copy this checkout's, which takes a minute less than downloading.
  const env = { ...process.env, RESOLVE_SST_CHECKOUT: source };
  const { stdout } = await exec("npm", ["run", "infra:evaluate"], { cwd: root, env });
  expect(stdout).toMatch(/^ +\d+ {2}aws:lambda\/function:Function$/m);
  expect(stdout).toMatch(/^ *\d{3} {2}resources of \d+ types in stage production$/m);
}, 180_000);
