import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type EvaluatedResource, type Inputs, root } from "./testing/evaluation.ts";

type Mutant = { what: string; resource: string; spoil: (inputs: Inputs) => void };

/** Wrong figures, and the start of the title of the test that has to notice each. */
const mutants: Record<string, Mutant> = {
  "F-35 document-processing is as": {
    what: "a visibility timeout of 299 s",
    resource: "DocumentProcessingQueueQueue",
    spoil: (queue) => (queue["visibilityTimeoutSeconds"] = 299),
  },
  "G-5 every consumer": {
    what: "a batch that fails whole",
    resource: "WebhookDeliveryQueueSubscriberWvshckEventSourceMapping",
    spoil: (mapping) => (mapping["functionResponseTypes"] = []),
  },
  "N-1 N-2 N-3": {
    what: "a subnet beside its place",
    resource: "AppSubnet1",
    spoil: (one) => (one["cidrBlock"] = "10.0.12.0/24"),
  },
  "N-1 subnets of production lie": {
    what: "a subnet over another",
    resource: "DataSubnet2",
    spoil: (one) => (one["cidrBlock"] = "10.0.20.128/25"),
  },
  "N-4 the data tier": {
    what: "data with a way to the internet",
    resource: "Data1Routes",
    spoil: (one) => (one["routes"] = [{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat" }]),
  },
  "E-4 F-3": {
    what: "an API in clear",
    resource: "EdgeDistribution",
    spoil: (one) => (one["orderedCacheBehaviors"][0].viewerProtocolPolicy = "allow-all"),
  },
  "E-6 PriceClass": {
    what: "another price class",
    resource: "EdgeDistribution",
    spoil: (one) => (one["priceClass"] = "PriceClass_All"),
  },
  "E-7 an address": {
    what: "ten times the rate",
    resource: "Firewall",
    spoil: (one) => (one["rules"][0].statement.rateBasedStatement.limit = 20_000),
  },
  "E-8 F-6": {
    what: "a country that is none",
    resource: "Firewall",
    spoil: (one) => (one["rules"][2].statement.notStatement.statements[0].geoMatchStatement.countryCodes[3] = "EU"),
  },
  "E-9 SQL": {
    what: "a low sensitivity",
    resource: "Firewall",
    spoil: (one) => (one["rules"][3].statement.orStatement.statements[0].sqliMatchStatement.sensitivityLevel = "LOW"),
  },
  "D-7 500": {
    what: "fewer connections",
    resource: "DatabaseParameters",
    spoil: (one) => (one["parameters"][0].value = "300"),
  },
  "RDS takes the name of every RDS resource of production": {
    what: "a proxy that Pulumi names",
    resource: "DatabaseProxy",
    spoil: (one) => delete one["name"],
  },
  "every function of production may send": {
    what: "a failure destination that its function may not send to",
    resource: "StoreUploadRole",
    spoil: (role) => (role["inlinePolicies"][0].policy = role["inlinePolicies"][0].policy.replaceAll("Dlq", "Other")),
  },
  "no subnet lies in a zone without": {
    what: "a subnet where there is no RDS Proxy",
    resource: "PublicSubnet1",
    spoil: (one) => (one["availabilityZone"] = "us-east-1a"),
  },
  "F-9 production: all": {
    what: "more of the API than the database has connections for",
    resource: "ApiFunction",
    spoil: (one) => (one["reservedConcurrentExecutions"] = 400),
  },
  "N-7 F-38": {
    what: "a database that anybody reaches",
    resource: "AppToProxyIn",
    spoil: (one) => (one["fromPort"] = 0),
  },
  "X-1 X-2": { what: "a small task", resource: "VectorWorkerTask", spoil: (one) => (one["memory"] = "2048") },
  "X-7 X-8": {
    what: "a later scaling",
    resource: "VectorWorkerCPU",
    spoil: (one) => (one["targetTrackingScalingPolicyConfiguration"].targetValue = 90),
  },
  "M-9 more than": {
    what: "an alarm at 100 failures",
    resource: "HighErrorRate",
    spoil: (one) => (one["threshold"] = 100),
  },
  "P-1 P-2": {
    what: "a generous error budget",
    resource: "AvailabilityBurn60m",
    spoil: (one) => (one["threshold"] = 0.144),
  },
  "T-5 callers": { what: "an API without versions", resource: "ApiFunction", spoil: (one) => (one["publish"] = false) },
  "T-7 every alarm": {
    what: "an alarm that explains nothing",
    resource: "OnboardingAge",
    spoil: (one) => (one["alarmDescription"] = "Look at it."),
  },
  "F-47 sweep may": {
    what: "a function that may do everything with a queue",
    resource: "SweepRole",
    spoil: (role) =>
      (role["inlinePolicies"][0].policy = role["inlinePolicies"][0].policy.replace("sqs:SendMessage", "sqs:*")),
  },
};

type Report = { testResults: { assertionResults: { title: string; status: string }[] }[] };

describe("wrong figures", () => {
  let failed: string[];
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "resolve-mutants-"));
    await cp(inject("evaluations"), directory, { recursive: true });
    const file = join(directory, "production.json");
    const resources = JSON.parse(await readFile(file, "utf8")) as EvaluatedResource[];
    for (const { resource, spoil } of Object.values(mutants)) {
      const found = resources.filter(({ name, type }) => name === resource && type.startsWith("aws:"));
      expect(found, resource).toHaveLength(1);
      spoil(found[0]!.inputs);
    }
    await writeFile(file, JSON.stringify(resources));
    const report = join(directory, "report.json");
    // What bundles, compiles or starts is not about figures.
    const slow = ["mutants", "stacks", "enums"].map((name) => `--exclude=stacks/${name}.test.ts`);
    const args = ["run", "--project=stacks", "--reporter=json", `--outputFile=${report}`, "--testTimeout=60000"];
    const env = { ...process.env, STACKS_EVALUATIONS: directory };
    const vitest = join(root, "node_modules/.bin/vitest");
    // It fails, as it must.
    await promisify(execFile)(vitest, [...args, ...slow, "-t", "^(?!.*(bundle holds|image's program))"], {
      cwd: root,
      env,
    }).catch(() => {});
    const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
    failed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === "failed")
      .map(({ title }) => title);
    await rm(directory, { recursive: true });
  }, 120_000);

  it.each(Object.entries(mutants))("%s notices its wrong figure", (title, { what }) => {
    expect(
      failed.some((one) => one.startsWith(title)),
      `${what} is noticed`,
    ).toBe(true);
  });
});
