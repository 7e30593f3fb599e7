import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { sharedData } from "../scripts/shared-data.ts";

const root = join(import.meta.dirname, "..");
const blueprint = readFileSync(join(import.meta.dirname, "blueprint.md"), "utf8");
const rows = [...blueprint.matchAll(/^\| ([A-Z]+-\d+) \| (.*) \| (\w+) \| (.*) \|$/gm)].map(
  ([, id, requirement, state, where]) => ({ id: id!, requirement: requirement!, state: state!, where: where! }),
);

test("every line of the blueprint has one row with a state", () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  for (const { id, state, where } of rows) {
    expect(["done", "part", "open", "unprovable"], id).toContain(state);
    if (state === "open") expect(where, id).toBe("");
    else expect(where, id).not.toBe("");
    expect(
      /^missing: [^;`]{10,}; /.test(where),
      `${id} is "part": its cell must begin with what is missing, and only then`,
    ).toBe(state === "part");
  }
  for (const id of ["B-17", "B-18", "T-1", "T-2", "T-3", "T-4"])
    expect(rows.find((row) => row.id === id)?.state, id).toBe("unprovable");
});

test("the files and tests that a row names exist", () => {
  for (const { id, where } of rows) {
    const [named] = [where.match(/`[^`]+`( › [^;|]+)?/g) ?? []];
    for (const part of named) {
      const [, path, title] = /^`([^`]+)`(?: › (.+))?$/.exec(part.trim())!;
      expect(existsSync(join(root, path!)), `${id}: ${path}`).toBe(true);
      if (title) expect(readFileSync(join(root, path!), "utf8"), `${id}: ${path}`).toContain(title.trim());
    }
  }
});

const given = sharedData("../checklist.md");
test.runIf(given)("the blueprint has every line of the customer's checklist", () => {
  const checklist = readFileSync(given!, "utf8");
  const ids = [...checklist.matchAll(/^- \[.\] ([A-Z]+-\d+)/gm)].map((match) => match[1]!);
  expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
});

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

test.each(pages)("the links of %s lead to existing files", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g))
    expect(existsSync(join(root, dirname(page), target!)), `${page}: ${target}`).toBe(true);
});

/** As GitHub makes them: lower case, without punctuation, a hyphen for each space. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test.each(pages)("the links of %s lead to existing headings", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, target, anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g)) {
    const linked = target ? normalize(join(dirname(page), target)) : page;
    if (linked.endsWith(".md")) expect(anchorsOf(linked), `${page}: ${linked}`).toContain(anchor!.replace(/\s/g, ""));
  }
});

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

test.each(pages)("the npm commands of %s exist", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, , name] of text.matchAll(/npm (run )?(?:-s )?([a-z:]+)/g))
    if (!["install", "and", "run"].includes(name!))
      expect(Object.keys(scripts), `${page}: npm ${name}`).toContain(name);
});

const linksOf = (page: string): string[] => {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) =>
    normalize(join(dirname(page), target!)),
  );
};

test("every page is reachable from docs/README.md", () => {
  const reached = new Set(["docs/README.md"]);
  for (const page of reached)
    for (const target of linksOf(page).filter((path) => pages.includes(path))) reached.add(target);
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test("decisions are numbered without gaps, and every number that a file names exists", () => {
  const decisions = readFileSync(join(import.meta.dirname, "decisions/README.md"), "utf8");
  const numbers = [...decisions.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  for (const { path, text } of sources())
    for (const [, number] of text.matchAll(/\b[Dd]ecision (\d+)/g))
      expect(numbers.length, `${path} names decision ${number}`).toBeGreaterThanOrEqual(Number(number));
});

test.each([
  ["reading.md", "## Formats", "packages/extraction/"],
  ["local.md", "## AWS and the doubles", "packages/local/"],
])("the tests that docs/%s names exist", (name, section, folder) => {
  const page = readFileSync(join(import.meta.dirname, name), "utf8");
  const lines = page.slice(page.indexOf(section)).split("\n");
  const rows = lines.filter((line) => line.startsWith("| ") && !/^\| (part|format|AWS|report|-+) +\|/.test(line));
  expect(rows.length).toBeGreaterThan(10);
  const tests = sources()
    .filter(({ path }) => path.startsWith(folder) && path.endsWith(".test.ts"))
    .map(({ text }) => text)
    .join("\n");
  for (const row of rows) {
    const title = /\| "([^|]+)" +\|$/.exec(row)?.[1];
    expect(title, row).toBeDefined();
    expect(tests, row).toContain(title);
  }
});

test("the tests that docs/webhooks-compared.md names exist", () => {
  const page = readFileSync(join(import.meta.dirname, "webhooks-compared.md"), "utf8");
  const titles = [...page.matchAll(/"([^"|]{20,})" +\|$/gm)].map(([, title]) => title!);
  expect(titles.length).toBeGreaterThan(12);
  const tests = sources()
    .filter(({ path }) => path.endsWith(".test.ts"))
    .map(({ text }) => text)
    .join("\n");
  for (const title of titles) expect(tests, title).toContain(title);
});

test("no file refers to a file outside of the repository", () => {
  // Only these files look for the optional test data of the shared folder.
  const exempt = ["scripts/shared-data.ts", ".ci/run", "docs/docs.test.ts"];
  const outside = /\bDESIGN\b|\.\.\/shared\b/;
  const found = sources().filter(({ path, text }) => !exempt.includes(path) && outside.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test("docs/dependencies.md lists exactly the dependencies of the package.json files", () => {
  const listed = [
    ...readFileSync(join(import.meta.dirname, "dependencies.md"), "utf8").matchAll(/^\| `([^`]+)` +\|/gm),
  ].map(([, name]) => name!);
  const names = tracked()
    .filter((path) => /(^|\/)package\.json$/.test(path))
    .flatMap((path) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, path), "utf8"));
      return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    })
    .filter((name) => !name.startsWith("@resolve/"));
  expect(listed.sort()).toEqual([...new Set(names)].sort());
});

function tracked(): string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  return list
    .toString()
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)));
}

function sources(): { path: string; text: string }[] {
  return tracked()
    .filter((path) => /\.(ts|mjs|cjs|js|sql|sh|py|md|yml|yaml|json)$|^\.ci\//.test(path))
    .filter((path) => !/package-lock\.json$|pnpm-lock\.yaml$|\.gen\.ts$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}
