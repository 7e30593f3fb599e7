import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertStageName } from "../stacks/stage.ts";

const root = join(import.meta.dirname, "..");
const exec = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "resolve-deploy-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a stage name that AWS resource names cannot contain is refused", () => {
  for (const name of ["production-west", "pr-128", "ada", "7"]) assertStageName(name);
  // Cognito would refuse the sign-in domain of the last two.
  for (const name of ["Ada", "ada_b", "ada--b", "ada-", "-ada", "", "a".repeat(33), "dawson", "cognito-2"])
    expect(() => assertStageName(name), name).toThrow("is not valid");
});

test("npm run smoke fails for an API that responds 200 to every request", async () => {
  const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const RESOLVE_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const env = { ...process.env, RESOLVE_API_URL, NO_COLOR: "1", RESOLVE_OPERATOR_KEY: "" };
  const failed = await exec("npm", ["run", "-s", "smoke"], { cwd: root, env }).catch((error) => error);
  server.close();
  expect(failed.code).toBe(1);
  const said = `${failed.stdout}${failed.stderr}`;
  for (const promise of ["a request without an API key is refused", "database, queue and cache are ready"])
    expect(said).toMatch(new RegExp(`FAIL .*${promise}`));
}, 120_000);

/** Runs the script in a new directory, with programs in place of SST, AWS and vitest that record their calls. */
describe("scripts/deploy.sh", () => {
  const bin = join(directory, "bin");
  const stateFile = join(directory, "state.json");
  /** The version of the alias, and the newest one; `calls` are the recorded commands in order. */
  type State = {
    alias?: string;
    published: number;
    calls: string[];
    own?: string[];
    fallbacks?: string[];
    docker?: "stopped";
    credentials?: "expired";
    sst?: "fails";
  };
  const state = (): State => JSON.parse(readFileSync(stateFile, "utf8"));
  const startWith = (given: State) => writeFileSync(stateFile, JSON.stringify(given));

  const program = (name: string, body: string) => {
    const file = join(bin, name);
    const lines = [
      `#!${process.execPath}`,
      'const fs = require("node:fs");',
      `const file = ${JSON.stringify(stateFile)};`,
      "const state = JSON.parse(fs.readFileSync(file, 'utf8'));",
      "const args = process.argv.slice(2);",
      body,
      "fs.writeFileSync(file, JSON.stringify(state));",
    ];
    writeFileSync(file, lines.join("\n"));
    chmodSync(file, 0o755);
  };

  beforeAll(() => {
    for (const name of ["deploy.sh", "release.mjs"])
      cpSync(join(root, "scripts", name), join(directory, "scripts", name));
    // This test installs no packages.
    writeFileSync(join(directory, "scripts/ensure-deps.mjs"), "");
    cpSync(join(root, "package.json"), join(directory, "package.json"));
    for (const made of [join(directory, ".sst"), bin]) mkdirSync(made);
    writeFileSync(join(bin, "package.json"), "{}");
    // Like stacks/release.ts: a new alias gets the published version; later only a deployment without canary moves it.
    program(
      "npx",
      `if (args[1] === "secret") {
         const section = (title, names) => names.map((name, n) => (n === 0 ? "# " + title + "\\n" : "") + name + "=value").join("\\n");
         console.log(section("fallback", state.fallbacks ?? []));
         if (!args.includes("--fallback")) console.log(section("resolve/" + args.at(-1), state.own ?? []));
         process.exit(0);
       }
       if (state.sst === "fails") process.exit(1);
       state.calls.push((process.env.RESOLVE_CANARY ? "canary " : "") + args.join(" "));
       state.published += 1;
       const version = String(state.published);
       if (!process.env.RESOLVE_CANARY || !state.alias) state.alias = version;
       const release = { application: "Release", alias: "live", versions: [{ name: "api", version, group: "api" }] };
       const outputs = { apiUrl: "https://api.example/api", release };
       fs.writeFileSync(".sst/outputs.json", JSON.stringify(outputs));`,
    );
    // The CLI: `npm run resolve -- prove …`.
    mkdirSync(join(directory, "packages/cli/src"), { recursive: true });
    writeFileSync(join(directory, "packages/cli/package.json"), "{}");
    program("docker", 'process.exit(state.docker === "stopped" ? 1 : 0);');
    program("prove", 'state.calls.push(args.join(" "));');
    cpSync(join(bin, "prove"), join(directory, "packages/cli/src/main.ts"));
    program("vitest", 'state.calls.push(["smoke", process.env.RESOLVE_API_URL, args.at(-1)].join(" "));');
    program(
      "aws",
      `if (args[0] === "sts") process.exit(state.credentials === "expired" ? 255 : 0);
       state.calls.push(args.slice(0, 2).join(" "));
       if (args[1] === "get-alias") console.log(JSON.stringify({ FunctionVersion: state.alias }));
       if (args[1] === "create-deployment") {
         const revision = JSON.parse(args[args.indexOf("--revision") + 1]);
         const [resource] = JSON.parse(revision.appSpecContent.content).Resources;
         state.alias = resource.api.Properties.TargetVersion;
         console.log(JSON.stringify({ deploymentId: "d-1" }));
       }`,
    );
  });

  const smoke = "smoke https://api.example/api smoke";
  const deploy = (...args: string[]) => deployWith("", ...args);
  const deployWith = (operatorKey: string, ...args: string[]) =>
    exec(join(directory, "scripts/deploy.sh"), args, {
      env: {
        ...process.env,
        RESOLVE_OPERATOR_KEY: operatorKey,
        PATH: [bin, join(root, "node_modules/.bin"), process.env["PATH"]].join(":"),
      },
    });

  test("the first deployment of a stage makes the alias and has nothing to move", async () => {
    startWith({ published: 0, calls: [] });
    const { stdout } = await deploy("staging");
    const calls = ["canary sst deploy --stage staging", "lambda get-alias", smoke];
    expect(state()).toEqual({ alias: "1", published: 1, calls });
    expect(stdout).toContain("live already");
  });

  test("the second one leaves the alias to CodeDeploy, waits for it, and then asks the API", async () => {
    startWith({ alias: "1", published: 1, calls: [] });
    const { stdout } = await deploy("staging");
    const moved = ["deploy create-deployment", "deploy wait"];
    const calls = ["canary sst deploy --stage staging", "lambda get-alias", ...moved, smoke];
    expect(state()).toEqual({ alias: "2", published: 2, calls });
    expect(stdout.split("\n")).toContain("live");
  });

  test("production is not deployed with a fallback value of a secret, other stages are", async () => {
    const fallbacks = ["UpstashRedisRestUrl", "UpstashRedisRestToken"];
    startWith({ published: 0, calls: [], fallbacks, own: ["UpstashRedisRestUrl"] });
    await expect(deploy("production")).rejects.toMatchObject({
      stderr: "Set it first: npx sst secret set UpstashRedisRestToken VALUE --stage production\n",
    });
    expect(state().calls).toEqual([]);
    await deploy("staging");
    expect(state().published).toBe(1);
    startWith({ published: 0, calls: [], fallbacks, own: fallbacks });
    await deploy("production");
    expect(state().published).toBe(1);
    startWith({ published: 0, calls: [] });
    await deploy("production-lean");
    expect(state().published).toBe(1);
  });

  test("with an operator's key, `resolve prove` checks the stage after the smoke tests", async () => {
    startWith({ alias: "1", published: 0, calls: [] });
    await deployWith("rsk_op", "staging");
    const proof = "prove --api https://api.example/api --key rsk_op --out .sst/prove-staging";
    expect(state().calls.slice(-2)).toEqual([smoke, proof]);
    startWith({ alias: "1", published: 0, calls: [] });
    const { stdout } = await deploy("staging");
    expect(state().calls.at(-1)).toBe(smoke);
    expect(stdout).toContain("did not run");
  });

  test("without Docker, which builds the image of the vector worker, it stops before it deploys anything", async () => {
    startWith({ published: 0, calls: [], docker: "stopped" });
    await expect(deploy("staging")).rejects.toMatchObject({ stderr: expect.stringContaining("Docker is missing") });
    expect(state()).toMatchObject({ published: 0, calls: [] });
  });

  test("without valid credentials it stops with one sentence before it asks for secrets", async () => {
    startWith({ published: 0, calls: [], credentials: "expired" });
    await expect(deploy("production")).rejects.toMatchObject({
      stderr: expect.stringMatching(/^AWS does not accept.*\n$/),
    });
    expect(state()).toMatchObject({ published: 0, calls: [] });
  });

  test("a deployment that fails names the page that says what to do", async () => {
    startWith({ published: 0, calls: [], sst: "fails" });
    await expect(deploy("staging")).rejects.toMatchObject({ stderr: expect.stringContaining("docs/first-day.md") });
    expect(state().calls).toEqual([]);
  });

  test("without a stage it says how it is called, and does nothing", async () => {
    startWith({ published: 0, calls: [] });
    await expect(deploy()).rejects.toMatchObject({ stderr: expect.stringContaining("scripts/deploy.sh production") });
    expect(state().calls).toEqual([]);
  });
});
