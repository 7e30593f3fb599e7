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
  } catch (error) {
    // CI installs it.
    if (process.env["RESOLVE_REQUIRE_BOTOCORE"]) throw error;
    console.warn(
      "Skipped: values are not compared with AWS's service models, because botocore is not installed (Debian: python3-botocore).",
    );
    return false;
  }
};

/** The findings of `enums.py`, and how many values it compared. Names that Pulumi chooses are compared too. */
const compare = (resources: EvaluatedResource[]) => {
  const file = join(directory, "resources.json");
  const withNames = resources.map(({ named, inputs, ...rest }) => ({
    ...rest,
    inputs: named ? { ...inputs, [named.property]: named.value } : inputs,
  }));
  writeFileSync(file, JSON.stringify(withNames));
  const out = execFileSync("python3", [join(root, "stacks/testing/enums.py"), file], { encoding: "utf8" });
  const findings = out.trim().split("\n");
  return { compared: Number.parseInt(findings.pop()!, 10), findings };
};

describe.runIf(hasBotocore())("values in AWS's service models", () => {
  const stages: EvaluatedName[] = ["production", "production-lean", "staging", "developer"];
  it.each(stages)(
    "all values of %s are within AWS's enumerations, ranges and patterns",
    (stage) => {
      const { findings, compared } = compare(evaluated(stage).resources);
      expect(findings).toEqual([]);
      expect(compared).toBeGreaterThan(500);
    },
    60_000,
  );

  it("the comparison finds values that AWS would refuse", () => {
    const resources = structuredClone(evaluated("production").resources);
    const mutate = (name: string, change: (inputs: Inputs) => void) =>
      change(resources.find((one) => one.name === name && one.type.startsWith("aws:"))!.inputs);
    mutate("HighErrorRate", (alarm) => (alarm["statistic"] = "Median"));
    mutate("Firewall", (acl) => (acl["rules"][0].statement.rateBasedStatement.limit = 1));
    mutate("ApiFunction", (api) => (api["memorySize"] = 64));
    mutate("MonthlyBudget", (budget) => (budget["timeUnit"] = "WEEKLY"));
    const { findings } = compare(resources);
    for (const part of ["Median", "limit", "memorySize", "WEEKLY"])
      expect(
        findings.some((one) => one.includes(part)),
        part,
      ).toBe(true);
  }, 60_000);
});
