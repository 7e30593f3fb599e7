import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type EvaluatedName, type EvaluatedResource, evaluated, type Inputs, root } from "./testing/evaluation.ts";

const directory = mkdtempSync(join(tmpdir(), "resolve-enums-"));
afterAll(() => rmSync(directory, { recursive: true }));

const hasBotocore = (): boolean => {
  try {
    execFileSync("python3", ["-c", "import botocore"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("Values are not compared with AWS's models: there is no botocore (Debian: python3-botocore).");
    return false;
  }
};

/** What `enums.py` finds, and how many values it compared. */
const compare = (resources: EvaluatedResource[]) => {
  const file = join(directory, "resources.json");
  writeFileSync(file, JSON.stringify(resources));
  const out = execFileSync("python3", [join(root, "stacks/testing/enums.py"), file], { encoding: "utf8" });
  const findings = out.trim().split("\n");
  return { compared: Number.parseInt(findings.pop()!, 10), findings };
};

describe.runIf(hasBotocore())("values that only AWS's models know", () => {
  const stages: EvaluatedName[] = ["production", "production-lean", "staging", "developer"];
  it.each(stages)(
    "%s is within enumerations, ranges and patterns",
    (stage) => {
      const { findings, compared } = compare(evaluated(stage).resources);
      expect(findings).toEqual([]);
      expect(compared).toBeGreaterThan(800);
    },
    60_000,
  );

  it("a value that AWS would refuse is found", () => {
    const resources = structuredClone(evaluated("production").resources);
    const spoil = (name: string, change: (inputs: Inputs) => void) =>
      change(resources.find((one) => one.name === name && one.type.startsWith("aws:"))!.inputs);
    spoil("HighErrorRate", (alarm) => (alarm["statistic"] = "Median"));
    spoil("Firewall", (acl) => (acl["rules"][0].statement.rateBasedStatement.limit = 1));
    spoil("ApiFunction", (api) => (api["memorySize"] = 64));
    spoil("MonthlyBudget", (budget) => (budget["timeUnit"] = "WEEKLY"));
    const { findings } = compare(resources);
    for (const part of ["Median", "limit", "memorySize", "WEEKLY"])
      expect(
        findings.some((one) => one.includes(part)),
        part,
      ).toBe(true);
  }, 60_000);
});
