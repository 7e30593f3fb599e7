// `npm run prove:mutants`: breaks the product in one place at a time, and fails unless `resolve prove` notices. Each mutant of
// packages/cli/src/prove/mutants.json is applied to a copy of the sources, and its check runs there. With `-- --all` all
// checks run against each mutant, and its own must be the only one that fails.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");
const runsAll = process.argv.includes("--all");
const named = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const mutants = JSON.parse(readFileSync(join(root, "packages/cli/src/prove/mutants.json"), "utf8")).filter(
  ({ check }) => named.length === 0 || named.includes(check),
);
/** A runtime keeps more than one core busy, and two finish sooner together than one after the other. */
const lanes = Math.min(Math.max(2, cpus().length / 2), mutants.length);

/** What `resolve prove --local` reads, with the root's node_modules shared: the packages' own hold links to each other. */
const copySources = (directory) => {
  const isSource = (path) => ![".local", "model", "peers"].includes(basename(path));
  cpSync(join(root, "packages"), join(directory, "packages"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: isSource,
  });
  for (const path of ["node_modules", "packages/embedding/model"]) symlinkSync(join(root, path), join(directory, path));
  for (const name of readdirSync(root).filter((name) => /^(package|pnpm-workspace|tsconfig)/.test(name)))
    cpSync(join(root, name), join(directory, name));
};

const mutate = (directory, { file, from, to }) => {
  const text = readFileSync(join(directory, file), "utf8");
  if (text.split(from).length !== 2)
    throw new Error(`${file} does not have "${from}" exactly once: correct the mutant`);
  writeFileSync(join(directory, file), text.replace(from, to));
};

const runProve = (directory, check) =>
  new Promise((resolve, reject) => {
    const args = [
      "packages/cli/src/main.ts",
      "prove",
      "--local",
      "--out",
      "out",
      ...(runsAll ? [] : ["--only", check]),
    ];
    const child = spawn(process.execPath, args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });

/** Undefined when the check noticed; else why not. */
const tryMutant = async (mutant) => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutant-"));
  try {
    copySources(directory);
    mutate(directory, mutant);
    const { code, output } = await runProve(directory, mutant.check);
    if (code !== 1) return `the proof ended with ${code} instead of 1:\n${output}`;
    const { results } = JSON.parse(readFileSync(join(directory, "out/prove.json"), "utf8"));
    const failed = results.filter(({ passed }) => !passed);
    if (failed.map(({ name }) => name).join() !== mutant.check)
      return `failed: ${failed.map(({ name }) => name).join(", ") || "nothing"}\n${output}`;
    // A check that trips over the mutant has not measured it.
    if (failed[0].measured === "could not be measured") return `the check could not measure it:\n${output}`;
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const startedAt = Date.now();
let missed = 0;
// The crash takes longest: it begins.
const queue = mutants.toSorted((a, b) => (b.check === "crash") - (a.check === "crash"));
const lane = async () => {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const began = Date.now();
    const fault = await tryMutant(mutant);
    if (fault) missed += 1;
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.log(
      `${fault ? "MISSED " : "noticed"}  ${mutant.check}: ${mutant.breaks} (${seconds} s)${fault ? `\n${fault}` : ""}`,
    );
  }
};
await Promise.all(Array.from({ length: lanes }, lane));
console.log(
  `${mutants.length - missed} of ${mutants.length} mutants noticed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
);
process.exit(missed === 0 ? 0 : 1);
