// `npm run infra:plan -- --base origin/main`: what a deployment of this checkout would change in a stage that was deployed from
// another commit. Both programs are evaluated without an account.
//   --stage NAME   a stage; may be repeated. By default production and staging
//   --allow NAME   a resource whose data may be lost; may be repeated
//   --out FILE     also writes the plan as Markdown
// Exit code 1: data would be lost in a resource that is not allowed. Exit code 2: there is no such commit.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePlan, losses, planOf } from "../stacks/testing/plan.ts";
import { optionsOf } from "./options.ts";

const root = join(import.meta.dirname, "..");
const values = optionsOf(import.meta.filename, {
  base: { type: "string", default: "origin/main" },
  stage: { type: "string", multiple: true, default: ["production", "staging"] },
  allow: { type: "string", multiple: true, default: [] },
  out: { type: "string" },
});
const directory = mkdtempSync(join(tmpdir(), "resolve-plan-"));
const checkout = join(directory, "base");
const git = (...args: string[]) =>
  execFileSync("git", ["-C", root, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
/** Each checkout is evaluated by its own program, as scripts/deploy.sh deploys it. */
const evaluate = (from: string, stage: string) => {
  const out = join(directory, "resources.json");
  const work = join(directory, "work");
  const args = [join(from, "stacks/testing/evaluate.mjs"), "--stage", stage, "--work", work, "--out", out];
  execFileSync(process.execPath, args, { cwd: from, env: { ...process.env, RESOLVE_CANARY: "1" }, stdio: "pipe" });
  return JSON.parse(readFileSync(out, "utf8"));
};

const commitOf = (base: string): string => {
  try {
    return git("rev-parse", "--short", `${base}^{commit}`);
  } catch {
    console.error(`"${base}" is no commit of this checkout. Run \`git fetch\`, or name another one with --base.`);
    process.exit(2);
  }
};
const commit = commitOf(values.base);
/** Progress, beside the plan on the standard output. */
const say = (what: string) => console.error(`${what} …`);
const plans: string[] = [];
let lost = 0;
try {
  say(`installing ${commit}`);
  git("worktree", "add", "--detach", "--force", checkout, commit);
  const env = { ...process.env, RESOLVE_SST_CHECKOUT: root };
  for (const script of ["scripts/ensure-deps.mjs", "stacks/testing/install.mjs"])
    execFileSync(process.execPath, [script], { cwd: checkout, env, stdio: "pipe" });
  for (const stage of values.stage) {
    say(`evaluating ${stage}, before and after`);
    const plan = planOf(evaluate(checkout, stage), evaluate(root, stage));
    plans.push(describePlan(`${stage}, compared with ${commit}`, plan, values.allow));
    lost += losses(plan, values.allow).length;
  }
} finally {
  git("worktree", "remove", "--force", checkout);
  rmSync(directory, { recursive: true, force: true });
}
console.log(plans.join("\n"));
if (values.out) writeFileSync(values.out, plans.join("\n"));
if (lost > 0) console.error(`Data would be lost in ${lost} resources.`);
process.exit(lost > 0 ? 1 : 0);
