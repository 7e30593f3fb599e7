import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isInstalled } from "../scripts/installed.ts";
import { type EvaluatedName, type EvaluatedResource, evaluated, type Inputs, root } from "./testing/evaluation.ts";

const directory = mkdtempSync(join(tmpdir(), "resolve-enums-"));
afterAll(() => rmSync(directory, { recursive: true }));

const hasBotocore = isInstalled(
  "python3",
  ["-c", "import botocore"],
  "values are not compared with AWS's service models, since botocore is missing (Debian: python3-botocore)",
);

type Comparison = { findings: string[]; compared: number };
/** What `enums.py` finds in each list of resources. Names that Pulumi chooses are compared too. */
const compare = (lists: EvaluatedResource[][]): Comparison[] => {
  const files = lists.map((resources, at) => {
    const file = join(directory, `${at}.json`);
    const withNames = resources.map(({ named, inputs, ...rest }) => ({
      ...rest,
      inputs: named ? { ...inputs, [named.property]: named.value } : inputs,
    }));
    writeFileSync(file, JSON.stringify(withNames));
    return file;
  });
  return JSON.parse(execFileSync("python3", [join(root, "stacks/testing/enums.py"), ...files], { encoding: "utf8" }));
};

/** Production with values that AWS would refuse. */
const broken = (): EvaluatedResource[] => {
  const resources = structuredClone(evaluated("production").resources);
  const mutate = (name: string, change: (inputs: Inputs) => void) =>
    change(resources.find((one) => one.name === name && one.type.startsWith("aws:"))!.inputs);
  mutate("HighErrorRate", (alarm) => (alarm["statistic"] = "Median"));
  mutate("Firewall", (acl) => (acl["rules"][0].statement.rateBasedStatement.limit = 1));
  mutate("ApiFunction", (api) => (api["memorySize"] = 64));
  mutate("MonthlyBudget", (budget) => (budget["timeUnit"] = "WEEKLY"));
  return resources;
};

describe.runIf(hasBotocore)("values in AWS's service models", () => {
  const stages: EvaluatedName[] = ["production", "production-lean", "staging", "developer"];
  // One process for all: loading the service models takes most of its time.
  let ofStage: Map<EvaluatedName, Comparison>;
  let ofBroken: Comparison;
  beforeAll(() => {
    const results = compare([...stages.map((stage) => evaluated(stage).resources), broken()]);
    ofStage = new Map(stages.map((stage, at) => [stage, results[at]!]));
    ofBroken = results.at(-1)!;
  });

  it.each(stages)("all values of %s are within AWS's enumerations, ranges and patterns", (stage) => {
    const { findings, compared } = ofStage.get(stage)!;
    expect(findings).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });

  it("the comparison finds values that AWS would refuse", () => {
    for (const part of ["Median", "limit", "memorySize", "WEEKLY"])
      expect(
        ofBroken.findings.some((one) => one.includes(part)),
        part,
      ).toBe(true);
  });
});
