import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { accounts } from "../stacks/github.ts";

const root = join(import.meta.dirname, "..");
const directory = join(root, ".github/workflows");

type Step = { run?: string; uses?: string; with?: Record<string, unknown>; env?: object; if?: string; name?: string };
type Job = {
  steps?: Step[];
  uses?: string;
  needs?: string | string[];
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  concurrency?: { group: string };
};
type Workflow = { jobs: Record<string, Job>; on: Record<string, unknown>; permissions: Record<string, string> };

/** Keys of GitHub's "Workflow syntax for GitHub Actions"; another key is a typing error that GitHub refuses. */
const keys = {
  workflow: ["name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"],
  job: [
    ...["name", "permissions", "needs", "if", "runs-on", "environment", "concurrency", "outputs", "env", "defaults"],
    ...["steps", "timeout-minutes", "strategy", "continue-on-error", "container", "services"],
  ],
  caller: ["name", "uses", "with", "secrets", "needs", "if", "permissions", "concurrency", "strategy"],
  step: [
    "id",
    "if",
    "name",
    "uses",
    "run",
    "working-directory",
    "shell",
    "with",
    "env",
    "continue-on-error",
    "timeout-minutes",
  ],
} as const;
const contexts = [
  "github",
  "env",
  "vars",
  "job",
  "jobs",
  "steps",
  "runner",
  "secrets",
  "strategy",
  "matrix",
  "needs",
  "inputs",
];
const scopes = [
  "actions",
  "checks",
  "contents",
  "deployments",
  "id-token",
  "issues",
  "packages",
  "pull-requests",
  "statuses",
];

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
const others = (value: object, allowed: readonly string[]) =>
  Object.keys(value).filter((key) => !allowed.includes(key));

describe("workflows", () => {
  test.each([...workflows])("%s has only keys that GitHub has", (_, workflow) => {
    expect(others(workflow, keys.workflow)).toEqual([]);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(name).toMatch(/^[a-zA-Z_][\w-]*$/);
      expect(others(job, job.uses ? keys.caller : keys.job), name).toEqual([]);
      for (const step of steps(job)) {
        expect(others(step, keys.step), name).toEqual([]);
        expect(Object.hasOwn(step, "run") !== Object.hasOwn(step, "uses"), `${name}: run or uses`).toBe(true);
      }
      for (const [scope, level] of Object.entries({ ...workflow.permissions, ...job.permissions })) {
        expect(scopes, name).toContain(scope);
        expect(["read", "write", "none"], name).toContain(level);
      }
    }
  });

  test.each(jobs)("%s waits for jobs that exist, calls files that exist, and ends", (_, job, workflow) => {
    for (const before of [job.needs ?? []].flat()) expect(Object.keys(workflow.jobs)).toContain(before);
    if (job.uses) expect(existsSync(join(root, job.uses)), job.uses).toBe(true);
    else expect(job["timeout-minutes"]).toBeGreaterThan(0);
    for (const { uses } of steps(job)) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    for (const { run } of steps(job))
      for (const [, file] of run?.matchAll(/(?:^|\s)((?:scripts|stacks|\.ci)\/[\w./-]+)/g) ?? [])
        expect(existsSync(join(root, file!)), file).toBe(true);
  });

  test.each(jobs)("the shell accepts each command of %s", (_, job) => {
    for (const { run } of steps(job)) {
      // An expression is replaced before the shell reads the command.
      const script = run?.replace(/\$\{\{.*?\}\}/g, "x");
      if (script) expect(() => execFileSync("bash", ["-n"], { input: script, stdio: "pipe" })).not.toThrow();
    }
  });

  test.each(jobs)(
    "expressions of %s use GitHub's contexts, and no command contains text that a stranger writes",
    (_, job) => {
      for (const [, expression] of JSON.stringify(job).matchAll(/\$\{\{(.*?)\}\}/g)) {
        const used = expression!.replace(/'[^']*'/g, "").match(/(?<![\w.])[a-z]+(?=\.)/g) ?? [];
        for (const context of used) expect(contexts, expression).toContain(context);
      }
      for (const { run } of steps(job))
        expect(run ?? "").not.toMatch(/\$\{\{.*(title|body|head_ref|message|label).*\}\}/);
    },
  );
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
