// `npm run infra:rehearse -- --stage production`: plays the first deployment of a stage without an account. It prints the longest
// chains of waits, what the account needs, and the commands of the first day.
//   --evaluation FILE   reads a file that `npm run infra:evaluate` wrote, instead of evaluating
//   --requirements      prints the requirements as JSON, for scripts/preflight.mjs
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearse, report } from "../stacks/rehearsal.ts";
import { firstDay, requirementsOf } from "../stacks/requirements.ts";
import { assertStageName, stageOf } from "../stacks/stage.ts";
import { optionsOf } from "./options.ts";

const values = optionsOf(import.meta.filename, {
  stage: { type: "string", default: "production" },
  evaluation: { type: "string" },
  requirements: { type: "boolean", default: false },
});
const { stage: name } = values;
assertStageName(name);

/** Evaluates the stage's program into a file and reads it. */
const evaluate = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-rehearsal-"));
  const out = join(directory, "resources.json");
  const program = join(import.meta.dirname, "../stacks/testing/evaluate.mjs");
  execFileSync(process.execPath, [program, "--stage", name, "--work", join(directory, "work"), "--out", out], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const json = readFileSync(out, "utf8");
  rmSync(directory, { recursive: true });
  return json;
};

const resources = JSON.parse(values.evaluation ? readFileSync(values.evaluation, "utf8") : evaluate());
const stage = stageOf(name);
const requirements = requirementsOf(name, stage, resources);
const secrets = resources.filter((one: { type: string }) => one.type === "sst:sst:Secret");
if (values.requirements) console.log(JSON.stringify({ stage: name, region: stage.region, requirements }));
else
  process.stdout.write(
    report(
      name,
      rehearse(resources, "usual"),
      rehearse(resources, "most"),
      requirements,
      firstDay(
        name,
        stage,
        secrets.map((one: { name: string }) => one.name),
      ),
    ),
  );
