// `npm run prove:mutants`: breaks the product, and fails unless `resolve prove` detects it. The mutants of
// packages/cli/src/prove/mutants.json are applied to copies of the sources, where their checks must fail. Mutants share a
// system, because its start takes longer than most checks. With `-- --each` each mutant gets its own system and all checks
// run: only the mutant's check must fail.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copySources, inLanes, mutate } from "./mutants.mjs";

const root = join(import.meta.dirname, "..");
const isEach = process.argv.includes("--each");
const named = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const mutants = JSON.parse(readFileSync(join(root, "packages/cli/src/prove/mutants.json"), "utf8")).filter(
  ({ check }) => named.length === 0 || named.includes(check),
);
/** Two systems at a time, on two cores. These three take as long as the others together. */
const slow = new Set(["crash", "ready", "search"]);
const groups = isEach
  ? mutants.map((mutant) => [mutant])
  : [mutants.filter(({ check }) => slow.has(check)), mutants.filter(({ check }) => !slow.has(check))];

const runProve = (directory, only) =>
  new Promise((resolve, reject) => {
    const args = ["packages/cli/src/main.ts", "prove", "--local", "--out", "out", ...(only ? ["--only", only] : [])];
    const child = spawn(process.execPath, args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });

/** Returns the undetected mutants and other faults; empty when there are none. */
const tryGroup = async (group) => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutants-"));
  const names = group.map(({ check }) => check);
  try {
    copySources(directory);
    for (const mutant of group) mutate(directory, mutant);
    const { code, output } = await runProve(directory, isEach ? undefined : names.join(","));
    const page = join(directory, "out/prove.json");
    if (code !== 1 || !existsSync(page))
      return [`the proof ended with ${code} and without a page of what failed:\n${output}`];
    const { results } = JSON.parse(readFileSync(page, "utf8"));
    const faults = results.flatMap(({ name, passed, measured }) => {
      if (passed && names.includes(name)) return [`${name} passed`];
      if (!passed && !names.includes(name)) return [`${name} failed, too`];
      // A check that ended with an error has not measured its promise.
      return measured === "could not be measured" ? [`${name} could not measure`] : [];
    });
    const missing = names.filter((name) => !results.some((result) => result.name === name));
    faults.push(...missing.map((name) => `${name} did not run`));
    return faults.length > 0 ? [...faults, output] : [];
  } catch (error) {
    return [error.message];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const startedAt = Date.now();
let failed = 0;
const queue = groups.filter((group) => group.length > 0);
await inLanes(queue, async (group) => {
  const began = Date.now();
  const faults = await tryGroup(group);
  failed += faults.length > 0 ? 1 : 0;
  for (const { check, breaks } of group) console.log(`${check.padEnd(12)} ${breaks}`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(faults.length > 0 ? `  FAILED after ${seconds} s: ${faults.join("\n")}` : `  noticed in ${seconds} s`);
});
console.log(
  `${mutants.length} mutants in ${((Date.now() - startedAt) / 1000).toFixed(0)} s, ${failed === 0 ? "all noticed" : "FAILED"}`,
);
process.exit(failed === 0 ? 0 : 1);
