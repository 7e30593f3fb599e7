import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** `npm run check`, `npm run -s resolve`, and `npm start` without `run`. */
const named = `${read("README.md")}${read("CONTRIBUTING.md")}`.matchAll(/npm (?:run (?:-s )?)?([a-z:]+)/g);
const commands = [...new Set([...named].map(([, name]) => name!))].filter((name) => name in scripts).sort();

/** Commands that need only the packages that `npm start` installs. */
const runtimeOnly = ["start", "resolve", "prove"];
/** Commands that read SST's platform, which is not an npm package; `check` and its callers install it. */
const platform = ["infra:evaluate", "infra:accept", "infra:plan"];

test("README and CONTRIBUTING name the commands", () => {
  expect(commands.length).toBeGreaterThan(8);
});

test.each(commands)(
  "npm run %s installs what it needs, so that it works in a clone that has only run npm start",
  (name) => {
    const install = scripts[`pre${name}`]?.split(" && ");
    expect(install?.[0]).toBe(
      runtimeOnly.includes(name) ? "node scripts/ensure-deps.mjs runtime" : "node scripts/ensure-deps.mjs",
    );
    expect(install?.slice(1)).toEqual(platform.includes(name) ? ["node stacks/testing/install.mjs"] : []);
  },
);

test("npx sst comes after the installation, since npx alone would fetch another version of SST", () => {
  const readme = read("README.md").replace(/\s+/g, " ");
  expect(readme.indexOf("node scripts/ensure-deps.mjs")).toBeGreaterThan(0);
  expect(readme.indexOf("npx ")).toBeGreaterThan(readme.indexOf("node scripts/ensure-deps.mjs"));
  expect(read("CONTRIBUTING.md")).not.toContain("npx ");
  const script = read("scripts/deploy.sh");
  expect(script.indexOf("npx sst")).toBeGreaterThan(script.indexOf("\nnode scripts/ensure-deps.mjs\n"));
});

test("infra:plan says in one sentence that its base is unknown", () => {
  const args = ["scripts/infra-plan.ts", "--base", "no-such-branch"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(stderr).toBe(
    '"no-such-branch" is no commit of this checkout. Run `git fetch`, or name another one with --base.\n',
  );
  expect(status).toBe(2);
});
