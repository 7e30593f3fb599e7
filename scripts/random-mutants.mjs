// `npm run test:mutants -- random 300 [seed] [--out FILE] [--seconds N] [--again]`: that many random faults in state changes,
// conditions on the tenant and SQL, two at a time. Each gets the tests that run its block (mutant-coverage.mjs), the cheapest
// and most specific first, until one fails or the seconds are over. FILE has a line for each and is where a repeated command goes
// on; `--again` tries survivors again. TEST_DATABASE_URL, TEST_POOL_URL and TEST_REDIS_URL name running servers; without them it starts some.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { coverage, innermost } from "./mutant-coverage.mjs";
import { anyOf, copySources, inLanes, nameSeparator } from "./mutants.mjs";
import { allMutations } from "./mutations.mjs";
import { startServices } from "./services/up.mjs";
import { typeErrorIn } from "./type-errors.mjs";

const root = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(root, file), "utf8");

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

/** The results in a file by their number, the last of each; a line that a kill has cut off is removed. */
export const resultsIn = (path) => {
  if (!existsSync(path)) return new Map();
  const text = readFileSync(path, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  if (complete !== text) writeFileSync(path, complete);
  const results = complete
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return new Map(results.map((result) => [result.n, result]));
};

/** Blocks whose tests may notice the mutation: its own, or those of the sources that name its SQL function. */
const blocksOfMutation = ({ file, start }, blocks) => {
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

/** The runs that may notice a mutation in these blocks, the cheapest and most specific first. Without blocks: all tests. */
export const runsFor = (wanted, files) => {
  const isWanted = (blocks) => wanted.length === 0 || blocks.some((block) => wanted.includes(block));
  const runs = files.flatMap(({ file, startMs, outside, tests }) => {
    const own = tests.filter(({ blocks }) => isWanted(blocks));
    // What runs before the first test, runs before each.
    const used = own.length > 0 || !isWanted(outside) ? own : tests;
    const scored = used
      .map((test) => ({
        ...test,
        score: (startMs + test.ms) * (outside.length + test.blocks.length + 1) * (own.length > 0 ? 1 : 10),
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
      .map((part, n) => ({
        file,
        names: part.map(({ name }) => name),
        longestMs: Math.max(...part.map(({ ms }) => ms)),
        ms: startMs + part.reduce((sum, one) => sum + one.ms, 0),
        score: part[0].score * 3 ** n,
      }));
  });
  return runs.sort((a, b) => a.score - b.score);
};
const partMs = 6_000;

/** Resolves with the exit code, or undefined after the time. */
const vitest = (args, cwd, env, timeoutMs) =>
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
 * The first of the tests that fails, without a name when the file does not run; undefined when all pass.
 * @throws Error when none of them ran
 */
export const failureOf = async ({ file, names, longestMs, ms }, directory, env) => {
  const out = join(directory, "result.json");
  rmSync(out, { force: true });
  const limits = [`--testTimeout=${5_000 + 4 * longestMs}`, `--hookTimeout=${20_000 + 2 * ms}`];
  const only = [file, "-t", `^(${anyOf(names)})$`];
  const args = ["run", "--bail=1", "--reporter=json", `--outputFile=${out}`, ...limits, ...only];
  const ended = await vitest(args, directory, env, 30_000 + 3 * ms);
  if (ended === undefined) return { hasTimedOut: true };
  const results = existsSync(out)
    ? JSON.parse(readFileSync(out, "utf8")).testResults.flatMap((one) => one.assertionResults)
    : [];
  if (ended === 0) {
    if (results.some(({ status }) => status === "passed")) return undefined;
    throw new Error(`no test ran: ${only.join(" ")}`);
  }
  const failed = results.find(({ status }) => status === "failed");
  const name = failed && [...failed.ancestorTitles, failed.title].join(nameSeparator);
  return { name, hasTimedOut: failed !== undefined && isTimeout(failed) };
};

const baseline = "packages/core/migrations/0001_baseline.sql";

/**
 * The baseline without row-level security of tenants. It would hide that a statement's own condition is missing: each of the two has to
 * be tested without the other.
 */
export const withoutTenantPolicy = (text) => {
  const [before, after, ...more] = text.split(
    "using (%I = (select app.tenant())) with check (%I = (select app.tenant()))",
  );
  if (after === undefined || more.length > 0) throw new Error(`${baseline} does not have the policy "tenant" once`);
  return `${before}using (%I is not null) with check (%I is not null)${after}`;
};
/** Tries a mutation in the first copy. A failure counts when the test passes by itself in the second one, which has no fault. */
const tryMutation = async (mutation, { blocks, files }, { mutated, clean, env, seconds, sound }) => {
  const { kind, file, start, end, to } = mutation;
  const text = read(file);
  const changed = text.slice(0, start) + to + text.slice(end);
  const wanted = blocksOfMutation(mutation, blocks);
  const runs = runsFor(wanted, files);
  if (runs.length === 0) return unnoticed(file, changed, { outcome: "not run" });
  writeFileSync(join(mutated, file), changed);
  const schema = kind === "tenant" ? withoutTenantPolicy(read(baseline)) : read(baseline);
  for (const copy of [mutated, clean]) writeFileSync(join(copy, baseline), schema);
  const until = Date.now() + seconds * 1000;
  let tried = 0;
  try {
    for (const run of runs) {
      if (tried > 0 && Date.now() + run.ms > until) continue;
      tried += 1;
      const failure = await failureOf(run, mutated, env);
      if (!failure) continue;
      const alone = { ...run, names: failure.name ? [failure.name] : run.names };
      const key = `${kind === "tenant"} ${run.file} ${alone.names}`;
      if (failure.hasTimedOut || !sound.has(key)) {
        if (await failureOf(alone, clean, env)) continue;
        sound.add(key);
      }
      return {
        outcome: failure.hasTimedOut ? "timed out" : "noticed",
        noticedBy: `${run.file} ${failure.name ?? ""}`.trim(),
      };
    }
  } finally {
    writeFileSync(join(mutated, file), text);
    rmSync(join(mutated, "packages/local/.bundles"), { recursive: true, force: true });
  }
  return unnoticed(file, changed, { outcome: "survived", tried, runs: runs.length });
};

/** The compiler is asked about survivors only, because it takes seconds. */
const unnoticed = (file, changed, otherwise) => {
  const error = file.endsWith(".ts") ? typeErrorIn(file, changed) : undefined;
  return error ? { outcome: "types", noticedBy: error } : otherwise;
};

const makeCopy = () => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutants-"));
  copySources(directory, ["vitest.config.ts", "scripts", "docs", "examples"]);
  return directory;
};

export const testRandomMutants = async (count, seed, { out = "mutants.jsonl", seconds = 60, isAgain = false } = {}) => {
  const services = process.env.TEST_DATABASE_URL ? undefined : await startServices();
  const env = services?.env ?? {};
  const copies = [];
  try {
    const covered = await coverage(makeCopy, (args, cwd, more, ms) => vitest(args, cwd, { ...env, ...more }, ms));
    const results = resultsIn(out);
    const other = [...results.values()].find((one) => one.seed !== seed || one.sources !== covered.state);
    if (other) throw new Error(`${out} has results of seed ${other.seed} and other sources: name another file`);
    const sound = new Set();
    const waiting = [...chosen(count, seed).entries()].filter(([n]) => {
      const before = results.get(n);
      return !before || (isAgain && ["survived", "not run"].includes(before.outcome));
    });
    await inLanes(waiting, async ([n, mutation], lane) => {
      copies[lane] ??= [makeCopy(), makeCopy()];
      const [mutated, clean] = copies[lane];
      const startedAt = Date.now();
      const result = await tryMutation(mutation, covered, { mutated, clean, env, seconds, sound });
      const { kind, file, from, to, start } = mutation;
      const line = read(file).slice(0, start).split("\n").length;
      const took = Math.round((Date.now() - startedAt) / 100) / 10;
      const place = `${file}:${line}`;
      const entry = { n, seed, sources: covered.state, kind, place, from, to, ...result, seconds: took };
      appendFileSync(out, `${JSON.stringify(entry)}\n`);
      console.log(
        `${n} ${result.outcome} ${took} s ${kind} ${place}  ${oneLine(from)} → ${oneLine(to)}  ${result.noticedBy ?? ""}`,
      );
    });
  } finally {
    for (const directory of copies.flat()) rmSync(directory, { recursive: true, force: true });
    await services?.stop();
  }
};

const oneLine = (text) => text.replace(/\s+/g, " ").slice(0, 80);
