import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deploymentsOf } from "./release.mjs";

const root = join(import.meta.dirname, "..");

describe("release", () => {
  test("moves what has a new version, from the one that is live, each function in a deployment of its own", () => {
    const versions = [
      { name: "resolve-api", version: "8", group: "api" },
      { name: "resolve-api-wait", version: "4", group: "api-wait" },
    ];
    const deployments = (live: Record<string, string>) =>
      deploymentsOf({ alias: "live", versions }, (name: string) => live[name]);
    const api = {
      group: "api",
      spec: {
        version: "0.0",
        Resources: [
          {
            "resolve-api": {
              Type: "AWS::Lambda::Function",
              Properties: { Name: "resolve-api", Alias: "live", CurrentVersion: "7", TargetVersion: "8" },
            },
          },
        ],
      },
    };
    expect(deployments({ "resolve-api": "7", "resolve-api-wait": "4" })).toEqual([api]);
    const both = deployments({ "resolve-api": "7", "resolve-api-wait": "3" });
    expect(both.map(({ group }) => group)).toEqual(["api", "api-wait"]);
    for (const { spec } of both) expect(spec.Resources).toHaveLength(1);
    expect(deployments({ "resolve-api": "8", "resolve-api-wait": "4" })).toEqual([]);
  });
});

describe("the deploy workflow (T-5)", () => {
  type Step = { uses?: string; run?: string; with?: Record<string, string> };
  type Job = {
    needs?: string | string[];
    if?: string;
    uses?: string;
    environment?: string;
    "timeout-minutes"?: number;
    permissions?: Record<string, string>;
    concurrency?: { group: string; "cancel-in-progress"?: boolean };
    steps?: Step[];
  };
  const text = readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8");
  const workflow = parse(text) as {
    on: Record<string, { types?: string[] }>;
    permissions: object;
    jobs: Record<string, Job>;
  };
  const jobs = Object.entries(workflow.jobs);
  const runs = (name: string) => workflow.jobs[name]!.steps!.flatMap(({ run }) => run ?? []);

  test("has no long-lived key: every job that reaches AWS exchanges its token for a role", () => {
    expect(text.replaceAll("secrets.RESOLVE_OPERATOR_KEY", "")).not.toMatch(/secrets\.|aws-access-key|AWS_SECRET/i);
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const [name, { steps = [], permissions }] of jobs) {
      const login = steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      const needsAws = steps.some(({ run }) => /\bsst\b|deploy\.sh/.test(run ?? ""));
      expect(Boolean(login), name).toBe(needsAws);
      if (login) {
        expect(login.with?.["role-to-assume"], name).toMatch(/^\$\{\{ vars\.AWS_ROLE \}\}$/);
        expect(permissions, name).toEqual({ contents: "read", "id-token": "write" });
      }
    }
  });

  test("nothing is deployed before all tests passed, production not before staging, and a closed pull request leaves nothing", () => {
    expect(workflow.jobs["test"]!.uses).toBe("./.github/workflows/ci.yml");
    expect(workflow.jobs["preview"]!.needs).toBe("test");
    expect(workflow.jobs["staging"]!.needs).toEqual(["test", "dependencies"]);
    expect(workflow.jobs["production"]).toMatchObject({ needs: "staging", environment: "production" });
    expect(workflow.on["pull_request"]?.types).toContain("closed");
    expect(runs("remove-preview")).toContain('npx sst remove --stage "$STAGE"');
    // Otherwise tests that end after the removal would deploy the preview again.
    expect(workflow.jobs["remove-preview"]!.needs).toBe("stop-tests");
    for (const name of ["test", "stop-tests"])
      expect(workflow.jobs[name]!.concurrency, name).toEqual({
        group: expect.stringMatching(/^test-\$\{\{ github\.event\.number /),
        "cancel-in-progress": true,
      });
    // `sst diff` reads the state with production's secrets, so a pull request's code must not run it.
    expect(text).not.toContain("sst diff");
    expect(runs("production").at(-1)).toBe("scripts/deploy.sh production");
  });

  test("every night and before staging, dependencies with a known vulnerability fail, and each run keeps its bill of materials", () => {
    const nightly = parse(readFileSync(join(root, ".github/workflows/nightly.yml"), "utf8")) as typeof workflow;
    expect(nightly.jobs["dependencies"]!.steps!.at(-1)).toEqual({ run: "npm run audit:dependencies" });
    expect(runs("dependencies")).toEqual(["npm run audit:dependencies", "npm run sbom"]);
    const { sbom } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
    const [, file] = /--out (\S+)$/.exec(sbom)!;
    expect(workflow.jobs["dependencies"]!.steps!.at(-1)).toMatchObject({
      uses: expect.stringMatching(/^actions\/upload-artifact@/),
      with: { path: file, "if-no-files-found": "error" },
    });
  });

  test("a job has the time that AWS may take: 75 minutes for the first copies of a database, 45 to release a network interface", () => {
    const minutesOf = (name: string) => workflow.jobs[name]!["timeout-minutes"];
    expect(minutesOf("production")).toBeGreaterThanOrEqual(150);
    expect(minutesOf("remove-preview")).toBeGreaterThanOrEqual(90);
  });

  test("a pull request gets its plan as a comment, from a job without credentials, and fails when data would be lost", () => {
    const plan = parse(readFileSync(join(root, ".github/workflows/plan.yml"), "utf8")) as typeof workflow;
    expect(plan.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    // What a pull request's author writes is never part of the program text (`scripts/workflows.test.ts` runs both).
    const commands = plan.jobs["plan"]!.steps!.flatMap(({ run }) => run ?? []);
    expect(commands).toEqual([".ci/plan", ".ci/comment-plan"]);
  });

  test("the tests in the workflow are those of .ci/run, on the Debian release that the services are installed from", () => {
    const ci = parse(readFileSync(join(root, ".github/workflows/ci.yml"), "utf8")) as {
      on: Record<string, unknown>;
      jobs: Record<string, { container: string; steps: Step[] }>;
    };
    expect(Object.keys(ci.on)).toContain("workflow_call");
    const { container, steps } = ci.jobs["test"]!;
    expect(container).toBe("debian:12");
    expect(steps.at(-1)).toEqual({ run: ".ci/run" });
    const commands = readFileSync(join(root, ".ci/run"), "utf8").match(/^npm .*$/gm);
    const onDoubles = "npm test -- --project packages --project stacks --project faults";
    expect(commands).toEqual([onDoubles, "npm run test:services", "npm run prove"]);
    // What a change leaves out, because it takes too long, runs every night.
    const nightly = parse(readFileSync(join(root, ".github/workflows/nightly.yml"), "utf8")) as typeof ci;
    const commandsOf = (job: string) => nightly.jobs[job]!.steps.flatMap(({ run }) => run ?? []).slice(-2);
    expect(commandsOf("test")).toEqual(["npm test", "npm test -- --project services"]);
    expect(commandsOf("mutants")).toEqual(["npm run test:mutants", "npm run prove:mutants"]);
    for (const { run = "" } of steps) expect(run).not.toMatch(/\bnpm\b|\bvitest\b/);
    // Without botocore, values are not compared with AWS's service models.
    const script = readFileSync(join(root, ".ci/run"), "utf8");
    expect(script).toContain("install -y -qq --no-install-recommends python3-botocore shellcheck");
    expect(script).toContain("export RESOLVE_REQUIRE_TOOLS=1");
  });

  test("callers move to the new code after its deployment, and the smoke tests run last", () => {
    const script = readFileSync(join(root, "scripts/deploy.sh"), "utf8");
    const order = ['sst deploy --stage "$stage"\n', "run -s release", "run -s smoke"];
    const places = order.map((part) => script.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
