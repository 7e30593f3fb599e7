import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { accounts } from "../stacks/github.ts";
import { isInstalled } from "./installed.ts";

const root = join(import.meta.dirname, "..");
const directory = join(root, ".github/workflows");

type Step = { run?: string; uses?: string; with?: Record<string, unknown>; env?: object; if?: string; name?: string };
type Job = {
  steps?: Step[];
  uses?: string;
  if?: string;
  environment?: string;
  env?: object;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  concurrency?: { group: string };
};
type Workflow = { jobs: Record<string, Job>; on: Record<string, unknown>; permissions: Record<string, string> };

const files = readdirSync(directory);
const workflows = new Map(
  files.map((file): [string, Workflow] => {
    const document = parseDocument(readFileSync(join(directory, file), "utf8"), { uniqueKeys: true });
    expect([...document.errors, ...document.warnings], file).toEqual([]);
    return [file, document.toJS() as Workflow];
  }),
);
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]): [string, Job, Workflow] => [`${file} ${name}`, job, workflows.get(file)!]),
);
const deploy = workflows.get("deploy.yml")!;
const steps = (job: Job) => job.steps ?? [];

const temporary = mkdtempSync(join(tmpdir(), "resolve-workflows-"));
afterAll(() => rmSync(temporary, { recursive: true }));

type Parser = typeof import("@actions/workflow-parser");
/** GitHub's own parser. It imports JSON without an attribute, which Node refuses, so it is bundled. */
const parser = async (): Promise<Parser> => {
  const outfile = join(temporary, "parser.mjs");
  const stdin = { contents: 'export * from "@actions/workflow-parser";', resolveDir: root };
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ stdin, outfile, banner, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return import(pathToFileURL(outfile).href);
};
const loaded = parser();

/** What it says about keys, values, expressions, and the order of jobs. */
const problemsOf = async (file: string, content: string): Promise<string[]> => {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await loaded;
  const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
};
const text = (file: string) => readFileSync(join(directory, file), "utf8");

const hasShellcheck = isInstalled(
  "shellcheck",
  ["--version"],
  "scripts are not read by shellcheck, since it is missing (Debian: shellcheck)",
);

describe("workflows", () => {
  test.each(files)("GitHub's parser accepts %s", async (file) => {
    expect(await problemsOf(file, text(file))).toEqual([]);
  });

  test.each([
    [
      "a key that GitHub does not have",
      "timeout-minutes: 90",
      "timeout-minute: 90",
      "Unexpected value 'timeout-minute'",
    ],
    ["a permission that does not exist", "id-token: write", "id-token: wright", "Unexpected value 'wright'"],
    ["a context that does not exist", "vars.AWS_ROLE", "vras.AWS_ROLE", "Unrecognized named-value: 'vras'"],
    [
      "an expression that does not end",
      "== github.repository",
      "== (github.repository",
      "Unexpected end of expression",
    ],
    ["a job that does not exist", "needs: test", "needs: tests", "depends on unknown job 'tests'"],
    ["jobs that wait for each other", "if: github.event.action != 'closed'", "needs: production", "creates a cycle"],
  ])("it refuses %s", async (_, from, to, problem) => {
    expect(text("deploy.yml")).toContain(from);
    expect((await problemsOf("deploy.yml", text("deploy.yml").replace(from, to))).join()).toContain(problem);
  });

  test.each(jobs)("%s calls files that exist, and ends", (_, job) => {
    if (job.uses) expect(existsSync(join(root, job.uses)), job.uses).toBe(true);
    else expect(job["timeout-minutes"]).toBeGreaterThan(0);
    for (const { uses } of steps(job)) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    for (const { run } of steps(job))
      for (const [, file] of run?.matchAll(/(?:^|\s)((?:scripts|stacks|\.ci)\/[\w./-]+)/g) ?? [])
        expect(existsSync(join(root, file!)), file).toBe(true);
  });

  test.each(jobs)("each step of %s is one command, so that it can be run and tested elsewhere", (_, job) => {
    for (const { run = "" } of steps(job)) {
      expect(run.trim().split("\n"), run).toHaveLength(1);
      expect(run).not.toContain("${{");
    }
  });

  test("the environments have each secret and variable that a job reads: the page of the first day names it", () => {
    const page = readFileSync(join(root, "docs/first-day.md"), "utf8");
    for (const [name, job] of jobs)
      for (const [, kind, variable] of JSON.stringify(job).matchAll(/\b(secrets|vars)\.(\w+)/g)) {
        expect(page, name).toContain(`\`${variable}\``);
        // Secrets of the repository would be readable by every workflow of every branch.
        expect(job.environment, `${name} reads ${kind}.${variable}`).toBeDefined();
      }
  });

  test.runIf(hasShellcheck)("shellcheck accepts each script of the repository and each command of a workflow", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
    const scripts = tracked.filter((file) => /^#!.*\bbash\n/.test(readFileSync(join(root, file), "utf8").slice(0, 40)));
    expect(scripts).toEqual(expect.arrayContaining([".ci/run", ".ci/plan", "scripts/deploy.sh"]));
    execFileSync("shellcheck", scripts, { cwd: root, stdio: "pipe" });
    for (const { run } of jobs.flatMap(([, job]) => steps(job)))
      if (run) execFileSync("shellcheck", ["--shell=bash", "-"], { input: run, stdio: "pipe" });
  });
});

/** Runs a step of a job as GitHub does: its command in bash, at the root, with its variables. */
const runStep = (step: Step, cwd: string, env: Record<string, string>) =>
  execFileSync("bash", ["-e", "-c", step.run!], { cwd, env: { ...process.env, ...env }, encoding: "utf8" });

describe("the plan of a pull request", () => {
  const [planning, commenting] = steps(workflows.get("plan.yml")!.jobs["plan"]!).filter(({ run }) => run);
  const directory = mkdtempSync(join(tmpdir(), "resolve-workflow-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "bin"));
  cpSync(join(root, ".ci"), join(directory, ".ci"), { recursive: true });
  const callsFile = join(directory, "calls");
  /** A program in place of npm or gh that records its arguments. */
  const record = (name: string, code = 0) => {
    const lines = ["#!/usr/bin/env bash", `printf '%s\\n' "$@" > ${callsFile}`, `exit ${code}`];
    writeFileSync(join(directory, "bin", name), lines.join("\n"), { mode: 0o755 });
  };
  const PATH = `${join(directory, "bin")}:${process.env["PATH"]}`;
  const calls = () => readFileSync(callsFile, "utf8").trim().split("\n");

  test("reads the allowed resources from the description, of which nothing else is a command", () => {
    record("npm");
    const DESCRIPTION =
      'Moves a queue.\r\nAllow-data-loss: UrlFetchQueue\r\nAllow-data-loss: "; touch hacked"\n$(touch hacked)\n';
    runStep(planning!, directory, { PATH, BASE: "abc", DESCRIPTION });
    const plan = ["run", "-s", "infra:plan", "--", "--base", "abc", "--out", ".sst/plan.md"];
    expect(calls()).toEqual([...plan, "--allow=UrlFetchQueue"]);
    runStep(planning!, directory, { PATH, BASE: "abc", DESCRIPTION: "" });
    expect(calls()).toEqual(plan);
    expect(existsSync(join(directory, "hacked"))).toBe(false);
  });

  test("is posted whole characters at a time, and a token that may not comment is no failure", () => {
    record("gh", 1);
    const summary = join(directory, "summary");
    writeFileSync(join(directory, ".sst/plan.md"), `a${"→".repeat(30_000)}`);
    const said = runStep(commenting!, directory, { PATH, GITHUB_STEP_SUMMARY: summary, NUMBER: "7" });
    expect(said).toContain("in the summary of this job only");
    expect(calls().slice(0, 3)).toEqual(["pr", "comment", "7"]);
    expect(readFileSync(summary, "utf8")).toHaveLength(30_001);
    const comment = readFileSync(join(directory, ".sst/comment.md"), "utf8");
    expect(comment).toMatch(/^a→+$/);
    expect(Buffer.byteLength(comment)).toBeGreaterThan(59_990);
  });

  // It installs and evaluates another checkout, which takes three minutes: it runs on demand (CONTRIBUTING.md).
  test.runIf(process.env["RESOLVE_TEST_PLAN"])(
    "is made by the step as it is, for a small stage: nothing changes compared with the same commit",
    () => {
      const BASE = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
      const env = { BASE, DESCRIPTION: "", GITHUB_REPOSITORY: "acme/resolve" };
      const said = runStep({ run: `${planning!.run} --stage github-preview` }, root, env);
      expect(said).toContain("### github-preview, compared with");
      expect(said).toContain("0 replaced, 0 removed");
      expect(readFileSync(join(root, ".sst/plan.md"), "utf8").trim()).toBe(said.trim());
    },
    300_000,
  );
});

describe("previews", () => {
  test("need the fallback values of their secrets, and the job names the one that is missing", () => {
    const directory = mkdtempSync(join(tmpdir(), "resolve-fallbacks-"));
    cpSync(join(root, ".ci"), join(directory, ".ci"), { recursive: true });
    const step = steps(deploy.jobs["preview"]!).find(({ run }) => run === ".ci/fallbacks")!;
    const withSecrets = (...names: string[]) => {
      const lines = ["#!/usr/bin/env bash", ...names.map((name) => `echo "${name}=value"`)];
      writeFileSync(join(directory, "npx"), lines.join("\n"), { mode: 0o755 });
      return () => runStep(step, directory, { PATH: `${directory}:${process.env["PATH"]}`, STAGE: "pr-7" });
    };
    expect(withSecrets("UpstashRedisRestUrl", "UpstashRedisRestToken")).not.toThrow();
    const failed = withSecrets("UpstashRedisRestUrl", "UpstashRedisRestTokenOther");
    expect(failed).toThrow();
    try {
      failed();
    } catch (error) {
      expect((error as { stdout: string }).stdout).toContain(
        "npx sst secret set UpstashRedisRestToken VALUE --fallback",
      );
    }
    rmSync(directory, { recursive: true });
  });
});

describe("access to AWS", () => {
  const asks = ({ uses }: Step) => uses?.startsWith("aws-actions/configure-aws-credentials@");
  const withAws = Object.entries(deploy.jobs).filter(([, job]) => steps(job).some(asks));
  const environments = Object.values(accounts).flatMap((roles) => Object.values(roles));

  test("each job with a role runs in the environment that the role trusts, and only there", () => {
    expect(new Set(withAws.map(([, { environment }]) => environment))).toEqual(new Set(environments));
    for (const [name, job] of withAws) {
      expect(job.permissions?.["id-token"], name).toBe("write");
      // The variable is one of the environment, so each account's role has the same name in the workflow.
      expect(steps(job).find(asks)?.with?.["role-to-assume"], name).toMatch(/^\$\{\{ vars\.AWS_ROLE \}\}$/);
    }
    for (const [name, job] of Object.entries(deploy.jobs))
      if (!withAws.some(([one]) => one === name)) expect(job.permissions?.["id-token"], name).toBeUndefined();
  });

  test("a pull request reaches the preview account only, and one of a fork reaches no account", () => {
    for (const [name, job] of withAws) {
      if (job.environment === "preview") expect(job.if, name).toContain("head.repo.full_name == github.repository");
      else expect(job.if, name).toBe("github.event_name == 'push'");
    }
  });

  test("a preview is created by a push to the pull request and removed when it is closed, never both at once", () => {
    const { preview, "remove-preview": remove } = deploy.jobs as Record<string, Job>;
    expect((deploy.on["pull_request"] as { types: string[] }).types).toEqual(
      expect.arrayContaining(["opened", "synchronize", "reopened", "closed"]),
    );
    expect(preview!.if).toContain("github.event.action != 'closed'");
    expect(remove!.if).toContain("github.event.action == 'closed'");
    expect(preview!.concurrency?.group).toBe(remove!.concurrency?.group);
    expect(steps(preview!).at(-1)?.run).toContain('scripts/deploy.sh "$STAGE"');
    expect(steps(remove!).at(-1)?.run).toContain('sst remove --stage "$STAGE"');
  });

  test("after a deployment, staging and production are checked with the key of their own environment", () => {
    for (const name of ["staging", "production"]) {
      const last = steps(deploy.jobs[name]!).at(-1)!;
      expect(last.run).toBe(`scripts/deploy.sh ${name}`);
      expect(last.env).toEqual({ RESOLVE_OPERATOR_KEY: expect.stringContaining("secrets.RESOLVE_OPERATOR_KEY") });
    }
  });

  test("no job has a long-lived key of AWS", () => {
    expect(readFileSync(join(directory, "deploy.yml"), "utf8")).not.toMatch(/secrets\.AWS|aws-access-key-id/);
  });
});
