import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Runtime, startRuntime } from "../packages/local/src/runtime.ts";
import { appSpec } from "./release.mjs";

const root = join(import.meta.dirname, "..");
const exec = promisify(execFile);

describe("release", () => {
  test("moves what has a new version, from the one that is live", () => {
    const versions = [
      { name: "api", version: "8" },
      { name: "api-wait", version: "3" },
    ];
    const live: Record<string, string> = { api: "7", "api-wait": "3" };
    expect(appSpec({ alias: "live", versions }, (name: string) => live[name])).toEqual({
      version: 0,
      Resources: [
        {
          api: {
            Type: "AWS::Lambda::Function",
            Properties: { Name: "api", Alias: "live", CurrentVersion: "7", TargetVersion: "8" },
          },
        },
      ],
    });
  });
});

describe("smoke", () => {
  const smoke = async (apiUrl: string) => {
    const { code, stdout, stderr } = await exec(process.execPath, [join(root, "scripts/smoke.mjs"), apiUrl]).then(
      (result) => ({ code: 0, ...result }),
      (error) => error as { code: number; stdout: string; stderr: string },
    );
    return { code, said: `${stdout}${stderr}` };
  };
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime({ port: 0, dataDir });
  }, 120_000);
  afterAll(async () => {
    await runtime.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test("a system that serves passes", async () => {
    const { code, said } = await smoke(runtime.apiUrl);
    expect(said).not.toContain("failed");
    expect(code).toBe(0);
  });

  test("one that answers anything to everybody does not", async () => {
    const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { code, said } = await smoke(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api`);
    server.close();
    expect(code).toBe(1);
    expect(said).toContain("failed  nobody gets in without a key");
    expect(said).toContain("failed  database, queue and cache answer");
    expect((await smoke("http://127.0.0.1/")).code).toBe(2);
  });
});

describe("the deploy workflow (T-5)", () => {
  type Step = { uses?: string; run?: string; with?: Record<string, string> };
  type Job = { needs?: string; if?: string; environment?: string; permissions?: Record<string, string>; steps: Step[] };
  const text = readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8");
  const workflow = parse(text) as {
    on: Record<string, { types?: string[] }>;
    permissions: object;
    jobs: Record<string, Job>;
  };
  const jobs = Object.entries(workflow.jobs);
  const runs = (name: string) => workflow.jobs[name]!.steps.flatMap(({ run }) => run ?? []);

  test("has no long-lived key: every job that reaches AWS exchanges its token for a role", () => {
    expect(text).not.toMatch(/secrets\.|aws-access-key|AWS_SECRET/i);
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const [name, { steps, permissions }] of jobs) {
      const login = steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      const needsAws = steps.some(({ run }) => /\bsst\b|deploy\.sh/.test(run ?? ""));
      expect(Boolean(login), name).toBe(needsAws);
      if (login) {
        expect(login.with?.["role-to-assume"], name).toMatch(/^\$\{\{ vars\.AWS_\w+_ROLE \}\}$/);
        expect(permissions, name).toEqual({ contents: "read", "id-token": "write" });
      }
    }
  });

  test("nothing is deployed untested, production not before staging, and a closed pull request leaves nothing", () => {
    for (const name of ["plan", "preview", "staging"]) expect(workflow.jobs[name]!.needs, name).toBe("test");
    expect(workflow.jobs["production"]).toMatchObject({ needs: "staging", environment: "production" });
    expect(workflow.on["pull_request"]?.types).toContain("closed");
    expect(runs("remove-preview")).toContain('npx sst remove --stage "$STAGE"');
    expect(runs("plan")).toContain("npx sst diff --stage production");
    expect(runs("production").at(-1)).toBe("scripts/deploy.sh production");
  });

  test("callers move after the code, and the end is a proof", () => {
    const script = readFileSync(join(root, "scripts/deploy.sh"), "utf8");
    const order = ['sst deploy --stage "$stage"\n', "run -s release", "run -s smoke"];
    const places = order.map((part) => script.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
