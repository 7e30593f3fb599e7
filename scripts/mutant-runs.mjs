// Which tests may notice a mutation, and running them in a copy of the sources.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { innermost } from "./mutant-coverage.mjs";
import { anyOf, nameSeparator } from "./mutants.mjs";

const root = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(root, file), "utf8");

/** Blocks whose tests may notice the mutation: its own, or those of the sources that name its SQL function. */
export const blocksOfMutation = ({ file, start }, blocks) => {
  if (!file.endsWith(".sql")) {
    const own = innermost(blocks.get(file), start);
    // Outside of functions: whatever uses the module.
    return own === undefined ? blocks.get(file).map(({ n }) => n) : [own];
  }
  const name = new RegExp(`\\b${basename(file, ".sql")}\\b`);
  return [...blocks].flatMap(([source, own]) => {
    const text = read(source);
    return own.filter(({ start, end }) => name.test(text.slice(start, end))).map(({ n }) => n);
  });
};

const isWanted = (blocks, wanted) => wanted.length === 0 || blocks.some((block) => wanted.includes(block));

/** The tests of a file that run one of these blocks, or else all when what runs before each does. Without blocks: all. */
const testsFor = (wanted, { outside, tests }) => {
  const own = tests.filter(({ blocks }) => isWanted(blocks, wanted));
  return own.length > 0 || !isWanted(outside, wanted) ? { tests: own, isOwn: true } : { tests, isOwn: false };
};

/** Whether a test of a file may notice a mutation in these blocks. */
export const isReachedBy = (wanted, recorded, name) =>
  isWanted(recorded.outside, wanted) || testsFor(wanted, recorded).tests.some((test) => test.name === name);

/** One run of all tests of a file for these blocks, or of those with the names; undefined without any. */
export const runOf = (recorded, wanted, names) => {
  const tests = testsFor(wanted, recorded).tests.filter(({ name }) => names?.includes(name) ?? true);
  return tests.length === 0 ? undefined : runWith(recorded, tests);
};

const runWith = ({ file, startMs }, tests) => {
  const times = tests.map(({ ms }) => ms);
  return {
    file,
    names: tests.map(({ name }) => name),
    longestMs: Math.max(...times),
    ms: startMs + times.reduce((sum, ms) => sum + ms, 0),
  };
};

/** The runs that may notice a mutation in these blocks, the cheapest and most specific first. Without blocks: all tests. */
export const runsFor = (wanted, files) => {
  const runs = files.flatMap((recorded) => {
    const { startMs, outside } = recorded;
    const { tests, isOwn } = testsFor(wanted, recorded);
    const scored = tests
      .map((test) => ({
        ...test,
        score: (startMs + test.ms) * (outside.length + test.blocks.length + 1) * (isOwn ? 1 : 10),
      }))
      .sort((a, b) => a.score - b.score);
    // A long file is split, so that its slow tests come after other files.
    const parts = [[]];
    let ms = 0;
    for (const test of scored) {
      if (ms > 0 && ms + test.ms > partMs) {
        parts.push([]);
        ms = 0;
      }
      parts.at(-1).push(test);
      ms += test.ms;
    }
    return parts
      .filter((part) => part.length > 0)
      .map((part, n) => ({ ...runWith(recorded, part), score: part[0].score * 3 ** n }));
  });
  return runs.sort((a, b) => a.score - b.score);
};
const partMs = 6_000;

/** Resolves with the exit code, or undefined after the time. */
export const vitest = (args, cwd, env, timeoutMs) =>
  new Promise((resolve, reject) => {
    const { RESOLVE_REQUIRE_SHARED_DATA: _, ...own } = process.env;
    // A group of its own, which the timeout ends with all its workers.
    const options = { cwd, env: { ...own, ...env }, stdio: "ignore", detached: true };
    const child = spawn(join(root, "node_modules/.bin/vitest"), args, options);
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      process.kill(-child.pid, "SIGKILL");
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(isOver ? undefined : code);
    });
  });

/** A test or hook that took too long. */
const isTimeout = ({ failureMessages = [] }) =>
  failureMessages.length > 0 &&
  failureMessages.every((message) => /^\w*Error: (Test|Hook) timed out in /.test(message));

/**
 * The tests of a run that fail, without a name when the file does not run; empty when all pass.
 * @param bail ends at the first failure
 * @throws Error when none of them ran
 */
export const failuresOf = async ({ file, names, longestMs, ms }, directory, env, { bail = true } = {}) => {
  const out = join(directory, "result.json");
  rmSync(out, { force: true });
  const limits = [`--testTimeout=${5_000 + 4 * longestMs}`, `--hookTimeout=${20_000 + 2 * ms}`];
  const only = [file, "-t", `^(${anyOf(names)})$`];
  const args = ["run", ...(bail ? ["--bail=1"] : []), "--reporter=json", `--outputFile=${out}`, ...limits, ...only];
  const ended = await vitest(args, directory, env, 30_000 + 3 * ms);
  if (ended === undefined) return [{ hasTimedOut: true }];
  const results = existsSync(out)
    ? JSON.parse(readFileSync(out, "utf8")).testResults.flatMap((one) => one.assertionResults)
    : [];
  if (ended === 0) {
    if (results.some(({ status }) => status === "passed")) return [];
    throw new Error(`no test ran: ${only.join(" ")}`);
  }
  const failed = results.filter(({ status }) => status === "failed");
  if (failed.length === 0) return [{ hasTimedOut: false }];
  return failed.map((one) => ({
    name: [...one.ancestorTitles, one.title].join(nameSeparator),
    hasTimedOut: isTimeout(one),
  }));
};

/** What a failure says about the mutant. */
export const outcomeOf = (file, { name = "", hasTimedOut }) => ({
  outcome: hasTimedOut ? "timed out" : "noticed",
  noticedBy: `${file} ${name}`.trim(),
});

/** The first failure of a run; undefined when all of its tests pass. */
export const failureOf = async (run, directory, env) => (await failuresOf(run, directory, env))[0];
