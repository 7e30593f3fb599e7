// Which blocks of the sources each test runs: a probe at the start of every block reports once per test that it ran, also from
// the threads and processes that a test starts. Recorded once per test file and state of the sources, in node_modules/.cache.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { inLanes, nameSeparator } from "./mutants.mjs";
import { sourceFiles, sqlFiles } from "./mutations.mjs";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache/resolve/mutants");
const read = (file) => readFileSync(join(root, file), "utf8");

/** Test files that run code of packages/core: not those of the doubles and of starting, and not the fault suite, which takes long. */
export const testFiles = () =>
  ["core", "acceptance", "local", "functions"].flatMap((name) =>
    readdirSync(join(root, `packages/${name}/src`), { recursive: true })
      .filter((file) => file.endsWith(".test.ts") && !/^(faults|doubles|start|demo)\//.test(file))
      .map((file) => `packages/${name}/src/${file}`)
      .sort(),
  );

/** The blocks of a source, outer ones first: their ranges, and the texts that put a probe into each. */
export const blocksOf = (text) => {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (range, body, opening, closing) => {
    const start = body.getStart(source);
    const inserts = closing
      ? [
          { at: start, text: opening },
          { at: body.getEnd(), text: closing },
        ]
      : [{ at: start + 1, text: opening }];
    found.push({ start: range.getStart(source), end: range.getEnd(), inserts });
  };
  const visit = (node) => {
    const isBody = node.parent && ts.isFunctionLike(node.parent) && node.parent.body === node;
    if (isBody && !ts.isBlock(node)) add(node.parent, node, "(mutantHit(#), ", ")");
    else if (ts.isBlock(node)) add(isBody ? node.parent : node, node, " mutantHit(#);");
    else if (isBranch(node)) add(node, node, "{ mutantHit(#); ", " }");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const isBranch = (node) =>
  ts.isStatement(node) &&
  ((ts.isIfStatement(node.parent) && node !== node.parent.expression) ||
    (ts.isIterationStatement(node.parent, false) && node === node.parent.statement));

/** The number of the innermost block around a place, of the blocks in the order of the files; undefined outside of functions. */
const numbered = () => {
  let count = 0;
  return new Map(sourceFiles().map((file) => [file, blocksOf(read(file)).map((block) => ({ ...block, n: count++ }))]));
};

export const innermost = (blocks, at) => blocks.filter(({ start, end }) => start <= at && at < end).at(-1)?.n;

const instrument = (directory, blocks) => {
  for (const [file, own] of blocks) {
    if (own.length === 0) continue;
    const inserts = own.flatMap(({ n, inserts }) =>
      inserts.map(({ at, text }) => ({ at, text: text.replace("#", n) })),
    );
    let text = read(file);
    for (const { at, text: added } of inserts.sort((a, b) => a.at - b.at).reverse())
      text = text.slice(0, at) + added + text.slice(at);
    writeFileSync(
      join(directory, file),
      `import { mutantHit } from ${JSON.stringify(join(directory, "hit.mjs"))}; ${text}`,
    );
  }
  writeFileSync(join(directory, "hit.mjs"), probe);
  writeFileSync(join(directory, "recording.mjs"), recording);
  writeFileSync(join(directory, "vitest.config.ts"), config(read("vitest.config.ts")));
};

const config = (text) =>
  text.replace("maxWorkers: 2,", `maxWorkers: 1, setupFiles: [new URL("recording.mjs", import.meta.url).href],`);

/** The worker of the test has the number of the running test in a global variable; other threads and processes read it from a file. */
const probe = `
import { appendFileSync, readFileSync } from "node:fs";
const { MUTANT_HITS: hits, MUTANT_TEST: test } = process.env;
const seen = new Map();
let readAt = 0;
let current = "0";
export const mutantHit = (block) => {
  if (!hits) return;
  if (globalThis.mutantTest) current = globalThis.mutantTest;
  else if (Date.now() - readAt > 2) {
    readAt = Date.now();
    current = readFileSync(test, "utf8");
  }
  if (seen.get(block) === current) return;
  seen.set(block, current);
  appendFileSync(hits, current + " " + block + "\\n");
};
`;

const recording = `
import { appendFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach } from "vitest";
const set = (n) => {
  globalThis.mutantTest = String(n);
  writeFileSync(process.env.MUTANT_TEST, String(n));
};
set(0);
let n = 0;
let startedAt;
beforeEach(() => {
  set(++n);
  startedAt = performance.now();
});
afterEach(({ task }) => {
  const names = [];
  for (let part = task; part; part = part.suite) names.unshift(part.name);
  const ms = Math.round(performance.now() - startedAt);
  appendFileSync(process.env.MUTANT_TESTS, JSON.stringify({ n, name: names.join(${JSON.stringify(nameSeparator)}), ms, hasPassed: task.result?.state !== "fail" }) + "\\n");
  set(0);
});
`;

/**
 * The recorded coverage of every test file: its passing tests with the blocks that each runs, and those that run outside of tests.
 * @param makeCopy creates a copy of the sources and returns its path @param vitest runs vitest in a directory
 */
export const coverage = async (makeCopy, vitest) => {
  const blocks = numbered();
  mkdirSync(cache, { recursive: true });
  const sources = createHash("sha256").update(probe).update(recording);
  for (const file of [...sourceFiles(), ...sqlFiles()]) sources.update(file).update(read(file));
  const state = sources.digest("hex");
  const recorded = testFiles().map((file) => {
    const key = createHash("sha256").update(state).update(file).update(read(file)).digest("hex").slice(0, 20);
    return { file, path: join(cache, `${key}.json`) };
  });
  const directories = [];
  const missing = recorded.filter(({ path }) => !existsSync(path));
  await inLanes(missing, async ({ file, path }, lane) => {
    if (!directories[lane]) {
      directories[lane] = makeCopy();
      instrument(directories[lane], blocks);
    }
    const result = await record(file, directories[lane], vitest);
    // Without a test that passed, the next command tries again.
    if (result.tests.length > 0) writeFileSync(path, JSON.stringify(result));
  });
  for (const directory of directories) rmSync(directory, { recursive: true });
  const files = recorded
    .filter(({ path }) => existsSync(path))
    .map(({ path }) => JSON.parse(readFileSync(path, "utf8")));
  return { state: state.slice(0, 12), blocks, files };
};

const record = async (file, directory, vitest) => {
  const [hits, test, tests] = ["hits", "test", "tests"].map((name) => join(directory, `${name}.log`));
  for (const path of [hits, tests]) writeFileSync(path, "");
  writeFileSync(test, "0");
  const env = { MUTANT_HITS: hits, MUTANT_TEST: test, MUTANT_TESTS: tests };
  const startedAt = Date.now();
  await vitest(["run", file], directory, env, 180_000);
  const ms = Date.now() - startedAt;
  const lines = (path) => readFileSync(path, "utf8").split("\n").filter(Boolean);
  const ran = new Map();
  for (const line of lines(hits)) {
    const [n, block] = line.split(" ").map(Number);
    ran.set(n, (ran.get(n) ?? new Set()).add(block));
  }
  const all = lines(tests).map((line) => JSON.parse(line));
  const passed = all.filter(({ hasPassed }) => hasPassed);
  for (const path of [hits, tests, test]) rmSync(path);
  const recorded = {
    file,
    startMs: ms - all.reduce((sum, one) => sum + one.ms, 0),
    outside: [...(ran.get(0) ?? [])],
    tests: passed.map(({ n, name, ms }) => ({ name, ms, blocks: [...(ran.get(n) ?? [])] })),
  };
  console.log(
    `${file}: ${passed.length} of ${all.length} tests, ${(ms / 1000).toFixed(1)} s, ${new Set([...ran.values()].flatMap((own) => [...own])).size} blocks`,
  );
  return recorded;
};
