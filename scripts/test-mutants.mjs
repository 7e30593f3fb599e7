// `npm run test:mutants`: puts each fault that the tests are to find back into a copy of the sources, and fails unless the test
// that is named after it fails. Mutants of one test file share a run; `-- --each` gives every mutant its own. Words name faults.
// `-- random 300 [seed]` tries random faults instead (random-mutants.mjs), and `-- report FILE` prints what came of them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { anyOf, copySources, inLanes, mutate } from "./mutants.mjs";
import { startServices } from "./services/up.mjs";

const root = join(import.meta.dirname, "..");

/** Tries the fixed mutants on real servers. Resolves with the number of those that no test noticed, or that do not apply. */
const testMutants = async ({ named, isEach }) => {
  const all = JSON.parse(readFileSync(join(root, "scripts/mutants.json"), "utf8"));
  const mutants = all.filter(({ fault }) => named.length === 0 || named.includes(fault));
  const groups = isEach
    ? mutants.map((mutant) => [mutant])
    : [...Map.groupBy(mutants, ({ test }) => test.file).values()];
  const services = await startServices();
  const startedAt = Date.now();
  let failed = 0;
  await inLanes(groups, async (group) => {
    const began = Date.now();
    const faults = await tryGroup(group, services.env);
    failed += faults.length;
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    for (const { fault, breaks } of group) console.log(`${fault.padEnd(6)} ${breaks}`);
    console.log(faults.length > 0 ? `  FAILED after ${seconds} s: ${faults.join("\n")}` : `  noticed in ${seconds} s`);
  }).finally(services.stop);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  console.log(`${mutants.length} mutants in ${seconds} s, ${failed === 0 ? "all noticed" : "FAILED"}`);
  return failed;
};

const tryGroup = async (group, env) => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutants-"));
  try {
    copySources(directory, ["vitest.config.ts", "scripts", "stacks", ".github"]);
    for (const mutant of group) mutate(directory, mutant);
    const { project, file } = group[0].test;
    const names = group.map(({ test }) => test.name);
    const out = join(directory, "result.json");
    const args = ["run", "--project", project, file, "-t", anyOf(names), "--reporter=json", `--outputFile=${out}`];
    const output = await vitest(args, directory, env);
    if (!existsSync(out)) return [`the tests did not run:\n${output}`];
    const results = JSON.parse(readFileSync(out, "utf8")).testResults.flatMap(
      ({ assertionResults }) => assertionResults,
    );
    return names.flatMap((name) => {
      const found = results.filter(({ fullName, status }) => fullName.includes(name) && status !== "skipped");
      if (found.length === 0) return [`no test "${name}" ran in ${file}:\n${output.slice(-2_000)}`];
      return found.some(({ status }) => status === "failed") ? [] : [`"${name}" passed`];
    });
  } catch (error) {
    return [error.message];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const vitest = (args, cwd, env) =>
  new Promise((resolve, reject) => {
    // Beside the copies there is no shared data, which tests then skip.
    const { RESOLVE_REQUIRE_SHARED_DATA: _, ...own } = process.env;
    const child = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd, env: { ...own, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: "boolean" },
    out: { type: "string" },
    seconds: { type: "string" },
    again: { type: "boolean" },
  },
});
const [command, ...words] = positionals;
if (command === "random") {
  const { testRandomMutants } = await import("./random-mutants.mjs");
  const [count = 300, seed = 1] = words.map(Number);
  const seconds = Number(values.seconds ?? 20);
  await testRandomMutants(count, seed, { out: values.out, seconds, isAgain: values.again });
  process.exit(0);
}
if (command === "report") {
  const { printReport } = await import("./mutant-report.mjs");
  printReport(words[0]);
  process.exit(0);
}
process.exit((await testMutants({ named: positionals, isEach: values.each })) === 0 ? 0 : 1);
