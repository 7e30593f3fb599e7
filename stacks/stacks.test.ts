import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluated, listing, typeErrors } from "./testing/evaluation.ts";

const production = evaluated("production");

const stages = ["production", "production-west", "production-lean", "staging", "developer"] as const;

describe("resources", () => {
  it.each(stages)("%s has exactly the listed resources", async (stage) => {
    const file = join(import.meta.dirname, "testing", "expected", `${stage}.txt`);
    if (process.env["UPDATE_LISTINGS"]) await writeFile(file, listing(evaluated(stage)));
    expect(listing(evaluated(stage))).toBe(await readFile(file, "utf8"));
  });

  it("G-13 sst dev evaluates too", () => {
    const { resources } = evaluated("developer-dev");
    expect(resources.length).toBeGreaterThan(100);
  });

  it("G-10 the same program gives the same bytes", () => {
    // A comparison of the texts would print both, which takes seconds; `planOf` finds the difference in plan.test.ts.
    expect(evaluated("production-again").json === production.json).toBe(true);
  });

  it("resolved inputs match the provider's types", async () => {
    // Together with one wrong resource, because reading the provider's types takes most of the time.
    const broken = structuredClone(production.resources.find(({ type }) => type === "aws:sqs/queue:Queue")!);
    broken.inputs["visibilityTimeoutSeconds"] = "soon";
    const errors = await typeErrors({ ...production, resources: [...production.resources, broken] });
    expect(errors.match(/error TS.*/g)).toEqual([expect.stringContaining("Type 'string' is not assignable")]);
  }, 180_000);
});
