// `npm run test:mutants -- random 300 [seed]`: that many random faults in state changes, conditions on the tenant and SQL, one after
// the other, each with the tests of its domain only. Writes mutants.json as it goes, and continues there when it is started again.
// TEST_DATABASE_URL, TEST_POOL_URL and TEST_REDIS_URL name running servers; without them it starts some.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copySources } from "./mutants.mjs";
import { allMutations } from "./mutations.mjs";
import { startServices } from "./services/up.mjs";

const root = join(import.meta.dirname, "..");
const timeoutMs = 300_000;

const local = (...names) => names.map((name) => `packages/local/src/${name}.test.ts`);
const accepted = (...names) => names.map((name) => `packages/acceptance/src/${name}.test.ts`);
/** The tests of a part of the sources, the fastest first: a run ends with the first failure. */
const testsOf = {
  "core/src/documents/index": [
    "packages/core/src/documents/index",
    ...local("search", "documents", "large-documents", "jobs"),
  ],
  "core/src/documents": [
    ...local("documents", "consumers", "large-documents", "repeats"),
    ...accepted("documents", "collections", "uploads", "authorization"),
    "packages/acceptance/src/faults/connections-cut.test.ts",
  ],
  "core/src/identity": ["packages/core/src/identity", ...local("data"), ...accepted("authorization", "requests")],
  "core/src/search": [
    "packages/core/src/search",
    ...local("search", "written-answers"),
    ...accepted("search", "search-words", "answers", "collections"),
  ],
  "core/src/jobs": [...local("jobs", "sweep", "worker"), "packages/acceptance/src/faults/connections-cut.test.ts"],
  "core/src/events": ["packages/core/src/events", ...local("consumers", "webhooks")],
  "core/src/webhooks": [
    "packages/core/src/webhooks",
    ...local("webhooks", "sweep"),
    ...accepted("webhooks", "authorization"),
  ],
  "core/src/onboarding": ["packages/core/src/onboarding", ...local("repeats", "sweep"), ...accepted("onboarding")],
  "core/src/platform": [
    "packages/core/src/platform",
    ...local("data", "sweep", "consumers", "migrate", "rotation"),
    ...accepted("requests", "authorization"),
  ],
  "core/migrations": [
    ...local("data", "search", "jobs", "sweep"),
    ...accepted("search", "search-words", "collections"),
  ],
};

/** mulberry32 */
const randomOf = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The mutations of a seed: as many of each kind. */
export const chosen = (count, seed) => {
  const random = randomOf(seed);
  const shuffled = allMutations()
    .map((mutation) => ({ mutation, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ mutation }) => mutation);
  const kinds = ["state", "tenant", "sql"].map((kind) => shuffled.filter((one) => one.kind === kind));
  return Array.from({ length: count }, (_, n) => kinds[n % 3][Math.floor(n / 3)]).filter(Boolean);
};

/** Tries a mutation in the copy. Resolves with the test that fails with it, with `isTimeout` when nothing else failed, or undefined. */
const noticingTest = async (directory, { file, start, end, to }, env) => {
  const path = join(directory, file);
  const original = readFileSync(path, "utf8");
  writeFileSync(path, original.slice(0, start) + to + original.slice(end));
  try {
    const [, tests] = Object.entries(testsOf).find(([prefix]) => file.startsWith(`packages/${prefix}`));
    // A suite that has noticed a fault of this file runs first and alone, which most often ends the run.
    const runs = [...[...(noticing.get(file) ?? [])].reverse().map((suite) => [suite]), tests, tests];
    let timeout;
    for (const args of runs) {
      const first = await failedTest(directory, args, env);
      if (!first && args === tests) return undefined;
      if (first?.isTimeout) timeout = first;
      if (!first || first.isTimeout) continue;
      // On a busy machine a test may fail without a fault: it must fail again by itself.
      const again = await failedTest(
        directory,
        first.name ? [first.file, "-t", pattern(first.name)] : [first.file],
        env,
      );
      if (again && !again.isTimeout) return first;
    }
    return timeout;
  } finally {
    writeFileSync(path, original);
  }
};

const pattern = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A test or hook that took too long fails without a statement about the fault. */
const isTimeout = ({ failureMessages = [] }) =>
  failureMessages.length > 0 &&
  failureMessages.every((message) => /^\w*Error: (Test|Hook) timed out in /.test(message));

/** Suites that have noticed faults, by the source file of the faults. */
const noticing = new Map();

/** The first test that fails, or the file that cannot be run; undefined when all pass. A timeout is no statement about the fault. */
const failedTest = async (directory, args, env) => {
  const out = join(directory, "result.json");
  rmSync(out, { force: true });
  const ended = await vitest(["run", "--bail=1", "--reporter=json", `--outputFile=${out}`, ...args], directory, env);
  if (ended === 0) return undefined;
  if (ended === undefined) return { file: args[0], isTimeout: true };
  if (!existsSync(out)) return { file: args[0] };
  const { testResults } = JSON.parse(readFileSync(out, "utf8"));
  for (const { name, status, message, assertionResults } of testResults) {
    const file = name.slice(directory.length + 1);
    const failed = assertionResults.filter((result) => result.status === "failed");
    const one = failed.find((result) => !isTimeout(result));
    if (one) return { file, name: one.fullName };
    // A hook failed, or the file could not be loaded.
    if (status === "failed" && failed.length === 0 && !isTimeout({ failureMessages: [message] })) return { file };
  }
  return { file: args[0], isTimeout: true };
};

/** Resolves with the exit code, or undefined after the timeout. */
const vitest = (args, cwd, env) =>
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

export const testRandomMutants = async (count, seed) => {
  const report = join(root, "mutants.json");
  const before = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { seed, results: [] };
  const results = before.seed === seed ? before.results : [];
  const services = process.env.TEST_DATABASE_URL ? undefined : await startServices();
  const env = services
    ? { TEST_DATABASE_URL: services.adminUrl, TEST_POOL_URL: services.poolUrl, TEST_REDIS_URL: services.redisUrl }
    : {};
  // Seeds of the fault suite that a run has time for.
  Object.assign(env, { FAULT_SEEDS: "5", FAULT_KILLING_SEEDS: "0", MODEL_SECONDS: "20" });
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutants-"));
  try {
    copySources(directory, ["vitest.config.ts", "scripts", "docs", "examples"]);
    for (const mutation of chosen(count, seed).slice(results.length)) {
      const startedAt = Date.now();
      const noticed = await noticingTest(directory, mutation, env);
      const failed = noticed && !noticed.isTimeout ? (noticed.name ?? noticed.file) : undefined;
      const { kind, file, from, to } = mutation;
      if (failed) noticing.set(file, new Set([...(noticing.get(file) ?? []), noticed.file]));
      const line = readFileSync(join(root, file), "utf8").slice(0, mutation.start).split("\n").length;
      results.push({
        kind,
        place: `${file}:${line}`,
        from,
        to,
        noticedBy: failed ?? null,
        hasTimedOut: noticed?.isTimeout ?? false,
      });
      writeFileSync(report, `${JSON.stringify({ seed, results }, null, 2)}\n`);
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
      console.log(
        `${results.length} ${failed ? "noticed " : noticed ? "TIMED OUT" : "SURVIVED"} ${seconds} s ${kind} ${file}:${line}  ${oneLine(from)} → ${oneLine(to)}  ${failed ?? ""}`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await services?.stop();
  }
  const noticed = results.filter(({ noticedBy }) => noticedBy !== null).length;
  console.log(`${noticed} of ${results.length} random mutants of seed ${seed} noticed`);
};

const oneLine = (text) => text.replace(/\s+/g, " ").slice(0, 80);
