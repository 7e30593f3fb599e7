// `npm run test:mutants -- random 300 [seed] [--out FILE] [--seconds N] [--again]`: that many random faults in state changes,
// conditions on the tenant and SQL, two at a time. Each gets the tests that run its block (mutant-coverage.mjs), the cheapest
// and most specific first, until one fails or the seconds are over. The survivors then get all others together (mutants-together.mjs). FILE has a
// line for each and is where a repeated command goes on; `--again` gives survivors all tests again. TEST_DATABASE_URL, TEST_POOL_URL and
// TEST_REDIS_URL name running servers; without them it starts some.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverage } from "./mutant-coverage.mjs";
import { blocksOfMutation, failureOf, outcomeOf, runsFor, vitest } from "./mutant-runs.mjs";
import { copySources, inLanes, replaceOnce } from "./mutants.mjs";
import { testTogether } from "./mutants-together.mjs";
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

/**
 * The results in a file by their number, the last of each; a line that a kill has cut off is removed. `passed` has the test files whose
 * tests noticed none of the survivors with these numbers.
 */
export const resultsIn = (path) => {
  if (!existsSync(path)) return { results: new Map(), passed: new Map() };
  const text = readFileSync(path, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  if (complete !== text) writeFileSync(path, complete);
  const lines = complete
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const results = new Map(lines.filter(({ n }) => n !== undefined).map((result) => [result.n, result]));
  const passed = Map.groupBy(
    lines.filter(({ passed }) => passed !== undefined),
    ({ passed }) => passed,
  );
  const numbersOf = (own) => new Set(own.flatMap(({ numbers }) => numbers));
  return { results, passed: new Map([...passed].map(([file, own]) => [file, numbersOf(own)])) };
};

const baseline = "packages/core/migrations/0001_baseline.sql";
const probe = "packages/core/src/onboarding/probe.ts";

/**
 * The baseline without row-level security of tenants. It would hide that a statement's own condition is missing: each of the two has to
 * be tested without the other.
 */
export const withoutTenantPolicy = (text) =>
  replaceOnce(
    text,
    "using (%I = (select app.tenant())) with check (%I = (select app.tenant()))",
    "using (%I is not null) with check (%I is not null)",
    `${baseline} does not have the policy "tenant" once`,
  );

/** The step of onboarding that tries to reach rows of other tenants finds none: it would stop every run. */
export const withoutFindings = (text) =>
  [
    ["return { checks, leaks };", "return { checks, leaks: leaks.slice(0, 0) };"],
    ["if (pgError(error).code === refused) return true;", "if (pgError(error).code) return true;"],
  ].reduce((changed, [from, to]) => replaceOnce(changed, from, to, `${probe} does not have "${from}" once`), text);

/** A copy of the sources. `put` replaces the mutations that it has by others, and takes the policy of tenants out when they need it. */
const makeCopy = () => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-mutants-"));
  copySources(directory, ["vitest.config.ts", "scripts", "docs", "examples"]);
  let changed = [];
  const put = (mutations, isOpen) => {
    const byFile = Map.groupBy(mutations, ({ file }) => file);
    const texts = new Map([...byFile].map(([file, own]) => [file, mutatedText(file, own)]));
    if (isOpen) {
      texts.set(baseline, withoutTenantPolicy(read(baseline)));
      texts.set(probe, withoutFindings(texts.get(probe) ?? read(probe)));
    }
    for (const file of changed) writeFileSync(join(directory, file), read(file));
    for (const [file, text] of texts) writeFileSync(join(directory, file), text);
    changed = [...texts.keys()];
    rmSync(join(directory, "packages/local/.bundles"), { recursive: true, force: true });
  };
  return { directory, put, remove: () => rmSync(directory, { recursive: true, force: true }) };
};

const mutatedText = (file, mutations) =>
  mutations
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, to }) => text.slice(0, start) + to + text.slice(end), read(file));

/** Tries a mutation by itself. A failure counts when the test passes without it. */
const tryMutation = async (mutation, { blocks, files }, { copy, env, seconds, sound }) => {
  const runs = runsFor(blocksOfMutation(mutation, blocks), files);
  if (runs.length === 0) return unnoticed(mutation, { outcome: "not run" });
  const isOpen = mutation.kind === "tenant";
  const until = Date.now() + seconds * 1000;
  let tried = 0;
  for (const run of runs) {
    if (tried > 0 && Date.now() + run.ms > until) continue;
    tried += 1;
    copy.put([mutation], isOpen);
    const failure = await failureOf(run, copy.directory, env);
    if (!failure) continue;
    const alone = { ...run, names: failure.name ? [failure.name] : run.names };
    const key = `${isOpen} ${run.file} ${alone.names}`;
    if (failure.hasTimedOut || !sound.has(key)) {
      copy.put([], isOpen);
      if (await failureOf(alone, copy.directory, env)) continue;
      sound.add(key);
    }
    return outcomeOf(run.file, failure);
  }
  return unnoticed(mutation, { outcome: "survived", tried, runs: runs.length });
};

/** The compiler is asked about survivors only, because it takes seconds. */
const unnoticed = (mutation, otherwise) => {
  const { file } = mutation;
  const error = file.endsWith(".ts") ? typeErrorIn(file, mutatedText(file, [mutation])) : undefined;
  return error ? { outcome: "types", noticedBy: error } : otherwise;
};

export const testRandomMutants = async (count, seed, { out = "mutants.jsonl", seconds = 20, isAgain = false } = {}) => {
  const services = process.env.TEST_DATABASE_URL ? undefined : await startServices();
  const env = services?.env ?? {};
  const copies = [];
  try {
    const covered = await coverage(
      () => makeCopy().directory,
      (args, cwd, more, ms) => vitest(args, cwd, { ...env, ...more }, ms),
    );
    const { results, passed } = resultsIn(out);
    const other = [...results.values()].find((one) => one.seed !== seed || one.sources !== covered.state);
    if (other) throw new Error(`${out} has results of seed ${other.seed} and other sources: name another file`);
    const all = chosen(count, seed);
    const save = (n, result, seconds) => {
      const { kind, file, from, to, start } = all[n];
      const place = `${file}:${read(file).slice(0, start).split("\n").length}`;
      const entry = { n, seed, sources: covered.state, kind, place, from, to, ...result, seconds };
      appendFileSync(out, `${JSON.stringify(entry)}\n`);
      const change = `${oneLine(from)} → ${oneLine(to)}`;
      console.log(`${n} ${result.outcome} ${seconds} s ${kind} ${place}  ${change}  ${result.noticedBy ?? ""}`);
      results.set(n, entry);
    };
    copies.push(makeCopy(), makeCopy());
    const sound = new Set();
    const waiting = [...all.entries()].filter(([n]) => !results.has(n));
    await inLanes(waiting, async ([n, mutation], lane) => {
      const startedAt = Date.now();
      const result = await tryMutation(mutation, covered, { copy: copies[lane], env, seconds, sound });
      save(n, result, Math.round((Date.now() - startedAt) / 100) / 10);
    });
    const isLeft = ({ outcome, isComplete }) => outcome === "survived" && (isAgain || !isComplete);
    if (isAgain) passed.clear();
    const survivors = all.filter((_, n) => isLeft(results.get(n)));
    const numberOf = new Map(all.map((mutation, n) => [mutation, n]));
    const found = (mutation, result) =>
      save(numberOf.get(mutation), result, results.get(numberOf.get(mutation)).seconds);
    const hasPassed = (file, mutation) => passed.get(file)?.has(numberOf.get(mutation)) ?? false;
    const onPassed = (file, own) =>
      appendFileSync(out, `${JSON.stringify({ passed: file, numbers: own.map((one) => numberOf.get(one)) })}\n`);
    for (const one of await testTogether(survivors, covered, { copies, env, found, hasPassed, onPassed }))
      found(one, { outcome: "survived", isComplete: true });
  } finally {
    for (const copy of copies) copy.remove();
    await services?.stop();
  }
};

const oneLine = (text) => text.replace(/\s+/g, " ").slice(0, 80);
