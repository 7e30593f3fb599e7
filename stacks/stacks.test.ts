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
    expect(evaluated("production-again").json).toBe(production.json);
  });

  it("resolved inputs match the provider's types", async () => {
    expect(await typeErrors(production)).toBe("");
    const broken = structuredClone(production.resources);
    broken.find(({ type }) => type === "aws:sqs/queue:Queue")!.inputs["visibilityTimeoutSeconds"] = "soon";
    expect(await typeErrors({ ...production, resources: broken })).toContain("Type 'string' is not assignable");
  }, 60_000);
});
