import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
    expect(/^missing: [^;`]{10,}; /.test(where), `${id} is part: what is missing comes first, and only there`).toBe(
      state === "part",
    );
  }
  for (const id of ["B-17", "B-18", "T-1", "T-2", "T-3", "T-4"])
    expect(rows.find((row) => row.id === id)?.state, id).toBe("unprovable");
});

test("what a row names exists: files, and tests in them", () => {
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
test.runIf(given)("no line of the customer's checklist is missing", () => {
  const checklist = readFileSync(given!, "utf8");
  const ids = [...checklist.matchAll(/^- \[.\] ([A-Z]+-\d+)/gm)].map((match) => match[1]!);
  expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
});

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

test.each(pages)("links of %s lead somewhere", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g))
    expect(existsSync(join(root, dirname(page), target!)), `${page}: ${target}`).toBe(true);
});

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

test.each(pages)("npm commands of %s exist", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, , name] of text.matchAll(/npm (run )?(?:-s )?([a-z:]+)/g))
    if (!["install", "and", "run"].includes(name!))
      expect(Object.keys(scripts), `${page}: npm ${name}`).toContain(name);
});
