import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type FunctionSpec, functions } from "@resolve/functions/topology";
import { afterAll, expect, test } from "vitest";
import { bundleFunctions } from "./bundle.ts";

const cache = mkdtempSync(join(tmpdir(), "resolve-bundles-"));
const current = join(cache, "current.json");
afterAll(() => rmSync(cache, { recursive: true, force: true }));

test("the functions are bundled with their files, again only when a source has changed, and unused bundles are deleted", async () => {
  const first = await bundleFunctions(cache);
  const specs: FunctionSpec[] = Object.values(functions);
  const handlers = new Set(specs.map(({ handler }) => handler.replace(/\.\w+$/, "")));
  const bundles = [...handlers].map((path) => `${basename(path)}.mjs`);
  expect(new Set(bundles).size).toBe(handlers.size);
  const files = specs.flatMap(({ files }) => Object.keys(files ?? {}));
  expect([...bundles, ...files, "background.mjs"].filter((name) => !existsSync(new URL(name, first)))).toEqual([]);
  expect(await bundleFunctions(cache)).toEqual(first);

  const made = JSON.parse(readFileSync(current, "utf8"));
  const source = "packages/local/src/lambda-main.ts";
  expect(made.inputs[source]).toBeDefined();
  writeFileSync(current, JSON.stringify({ ...made, inputs: { ...made.inputs, [source]: "1 1" } }));
  for (const name of ["in-use", "unused"]) mkdirSync(join(cache, name));
  utimesSync(join(cache, "unused"), 0, 0);
  expect(await bundleFunctions(cache)).not.toEqual(first);
  expect([first, join(cache, "in-use"), join(cache, "unused")].map((path) => existsSync(path))).toEqual([
    true,
    true,
    false,
  ]);
});
