import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { durations, pathDiagram, rehearse, type Step } from "./rehearsal.ts";
import { firstDay, requirementsOf } from "./requirements.ts";
import { stageOf } from "./stage.ts";
import { evaluated, root } from "./testing/evaluation.ts";

const production = evaluated("production");
const usual = rehearse(production.resources);
const most = rehearse(production.resources, "most");
const needs = requirementsOf("production", stageOf("production"), production.resources);

describe("the rehearsal", () => {
  it("creates every resource once, after everything that it waits for", () => {
    expect(usual.steps.map(({ id }) => id).sort()).toEqual(
      [...new Set(production.resources.map(({ type, name }) => `${type} ${name}`))].sort(),
    );
    const steps = new Map(usual.steps.map((step): [string, Step] => [step.id, step]));
    for (const { type, name, dependencies } of production.resources)
      for (const before of dependencies) {
        const earlier = steps.get(before);
        if (earlier)
          expect(earlier.startsAt + earlier.seconds, `${before} before ${name}`).toBeLessThanOrEqual(
            steps.get(`${type} ${name}`)!.startsAt,
          );
      }
  });

  it("the longest chain has no gap, and the database is in it", () => {
    for (const [at, step] of usual.path.slice(1).entries()) {
      const before = usual.path[at]!;
      expect(step.startsAt).toBe(before.startsAt + before.seconds);
    }
    expect(usual.path.map(({ id }) => id)).toContain("aws:rds/instance:Instance Database");
    expect(most.seconds).toBeGreaterThan(usual.seconds);
  });

  it("a circular wait is an error", () => {
    const one = (name: string, before: string) => ({ type: "aws:a", name, dependencies: [`aws:a ${before}`] });
    expect(() => rehearse([one("A", "B"), one("B", "C"), one("C", "A")])).toThrow("a circular wait: aws:a A → aws:a B");
  });

  it("every listed duration belongs to a type that some stage has", () => {
    const names = ["production", "production-domain", "production-options", "developer"] as const;
    const types = new Set(names.flatMap((name) => evaluated(name).resources.map(({ type }) => type)));
    expect(Object.keys(durations).filter((type) => !types.has(type))).toEqual([]);
  });

  it("the workflow gives a deployment longer than AWS takes at most", () => {
    const workflow = parse(readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8"));
    const shiftMinutes = 10;
    expect(workflow.jobs.production["timeout-minutes"]).toBeGreaterThan(most.seconds / 60 + shiftMinutes);
    const staging = rehearse(evaluated("staging").resources, "most");
    expect(workflow.jobs.staging["timeout-minutes"]).toBeGreaterThan(staging.seconds / 60 + shiftMinutes);
    // RDS deletes as slowly as it creates.
    const preview = rehearse(evaluated("developer").resources, "most");
    for (const job of ["preview", "remove-preview"])
      expect(workflow.jobs[job]["timeout-minutes"], job).toBeGreaterThan(preview.seconds / 60);
  });

  it("R-8 F-58 a recovery takes less than four hours, also when each step takes as long as it may", () => {
    const { seconds, path } = rehearse(evaluated("production-west-active").resources, "most");
    expect(path.map(({ id }) => id)).toContain("aws:rds/instance:Instance Database");
    expect(seconds).toBeLessThan(4 * 3600);
  });

  it("the page's diagram has the chain of the evaluated resources", () => {
    const file = join(import.meta.dirname, "testing", "expected", "rehearsal.json");
    const secrets = production.secrets();
    const page = {
      diagram: pathDiagram(usual),
      usualSeconds: usual.seconds,
      mostSeconds: most.seconds,
      requirements: needs.map(({ what, how }) => ({ what, how })),
      commands: firstDay("production", stageOf("production"), secrets),
    };
    const text = `${JSON.stringify(page, null, 2)}\n`;
    if (process.env["UPDATE_LISTINGS"]) writeFileSync(file, text);
    expect(text, "after a change, run `npm run infra:accept` and `npm run generate`").toBe(readFileSync(file, "utf8"));
  });
});

describe("the requirements of the account", () => {
  const need = (id: string) => needs.find((one) => one.id === id)?.check as { need: number } | undefined;

  it("quotas cover what the evaluated resources use", () => {
    expect(need("addresses")?.need).toBe(production.all("ec2/eip:Eip").size);
    expect(need("vpcs")?.need).toBe(1);
    const { maxCapacity } = production.one("appautoscaling/target:Target", "VectorWorkerAutoScalingTarget");
    const vcpus = production.one("ecs/taskDefinition:TaskDefinition", "VectorWorkerTask")["cpu"] / 1024;
    // More than the six of a new account.
    expect(need("fargate")?.need).toBeGreaterThanOrEqual(maxCapacity * vcpus);
    expect(need("concurrency")?.need).toBe(1_000);
  });

  it("a stage with a domain needs its zone, one with mail needs SES, and a small one needs little", () => {
    const domain = stageOf("production");
    const edge = { ...domain.edge!, domain: "resolve.example" };
    const ids = requirementsOf("production", { ...domain, edge, mailDomain: "mail.example" }, []).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["zone resolve.example", "zone mail.example", "mail"]));
    const developer = requirementsOf("ada", stageOf("ada"), evaluated("developer").resources);
    expect(developer.map(({ id }) => id)).toEqual(["concurrency", "zones", "vpcs", "fargate", "ecs role", "cost tag"]);
  });

  it("every secret of the stage is set before the deployment", () => {
    const commands = firstDay("production", stageOf("production"), production.secrets());
    for (const name of production.secrets()) {
      const at = commands.findIndex((command) => command.includes(`secret set ${name} `));
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThan(commands.indexOf("scripts/deploy.sh production"));
    }
  });
});
