import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type EvaluatedName, type EvaluatedResource, type Inputs, root } from "./testing/evaluation.ts";

type Mutant = {
  what: string;
  /** Production without a name. */
  evaluation?: EvaluatedName;
  resource: string;
  mutate: (inputs: Inputs, resource: EvaluatedResource) => void;
};

/** Wrong values, each under the start of the title of the test that must fail. */
const mutants: Record<string, Mutant> = {
  "F-35 document-processing has": {
    what: "a visibility timeout of 299 s",
    resource: "DocumentProcessingQueueQueue",
    mutate: (queue) => (queue["visibilityTimeoutSeconds"] = 299),
  },
  "G-5 every consumer": {
    what: "a batch without single failures",
    resource: "WebhookDeliveryQueueSubscriberWvshckEventSourceMapping",
    mutate: (mapping) => (mapping["functionResponseTypes"] = []),
  },
  "N-1 N-2 N-3": {
    what: "a subnet with another address range",
    resource: "AppSubnet1",
    mutate: (one) => (one["cidrBlock"] = "10.0.12.0/24"),
  },
  "N-1 subnets of production are": {
    what: "a subnet that overlaps another",
    resource: "DataSubnet2",
    mutate: (one) => (one["cidrBlock"] = "10.0.20.128/25"),
  },
  "N-4 the data tier": {
    what: "a data subnet with a route to the internet",
    resource: "Data1Routes",
    mutate: (one) => (one["routes"] = [{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat" }]),
  },
  "E-4 F-3": {
    what: "an API without TLS",
    resource: "EdgeDistribution",
    mutate: (one) => (one["orderedCacheBehaviors"][0].viewerProtocolPolicy = "allow-all"),
  },
  "E-6 PriceClass": {
    what: "another price class",
    resource: "EdgeDistribution",
    mutate: (one) => (one["priceClass"] = "PriceClass_All"),
  },
  "E-7 an IP address": {
    what: "ten times the rate",
    resource: "Firewall",
    mutate: (one) => (one["rules"][0].statement.rateBasedStatement.limit = 20_000),
  },
  "E-8 F-6": {
    what: "an invalid country code",
    resource: "Firewall",
    mutate: (one) => (one["rules"][2].statement.notStatement.statements[0].geoMatchStatement.countryCodes[3] = "EU"),
  },
  "E-9 SQL": {
    what: "a low sensitivity",
    resource: "Firewall",
    mutate: (one) => (one["rules"][3].statement.orStatement.statements[0].sqliMatchStatement.sensitivityLevel = "LOW"),
  },
  "D-7 500": {
    what: "fewer connections",
    resource: "DatabaseParameters",
    mutate: (one) => (one["parameters"][0].value = "300"),
  },
  "AWS accepts the name of every resource of production": {
    what: "a proxy with Pulumi's automatic name",
    resource: "DatabaseProxy",
    mutate: (one) => delete one["name"],
  },
  "every function of production may send": {
    what: "a failure destination that its function may not send to",
    resource: "StoreUploadRole",
    mutate: (role) => (role["inlinePolicies"][0].policy = role["inlinePolicies"][0].policy.replaceAll("Dlq", "Other")),
  },
  "no subnet is in a zone without": {
    what: "a subnet where there is no RDS Proxy",
    resource: "PublicSubnet1",
    mutate: (one) => (one["availabilityZone"] = "us-east-1a"),
  },
  "F-9 production: RDS Proxy": {
    what: "more of the API than the database has connections for",
    resource: "ApiFunction",
    mutate: (one) => (one["reservedConcurrentExecutions"] = 400),
  },
  "N-7 F-38": {
    what: "a wrong port to the database",
    resource: "AppToProxyIn",
    mutate: (one) => (one["fromPort"] = 0),
  },
  "X-1 X-2": {
    what: "a task with less memory",
    resource: "VectorWorkerTask",
    mutate: (one) => (one["memory"] = "2048"),
  },
  "X-7 X-8": {
    what: "scaling at a higher load",
    resource: "VectorWorkerCPU",
    mutate: (one) => (one["targetTrackingScalingPolicyConfiguration"].targetValue = 90),
  },
  "M-9 more than": {
    what: "an alarm at 100 failures",
    resource: "HighErrorRate",
    mutate: (one) => (one["threshold"] = 100),
  },
  "P-1 P-2": {
    what: "a ten times larger error budget",
    resource: "AvailabilityBurn60m",
    mutate: (one) => (one["threshold"] = 0.144),
  },
  "T-5 API Gateway": {
    what: "an API without versions",
    resource: "ApiFunction",
    mutate: (one) => (one["publish"] = false),
  },
  "T-7 every alarm": {
    what: "an alarm without a runbook",
    resource: "OnboardingAge",
    mutate: (one) => (one["alarmDescription"] = "Look at it."),
  },
  "S-5 F-39 production: everything": {
    what: "a queue without encryption",
    resource: "UrlFetchQueueQueue",
    mutate: (one) => (one["sqsManagedSseEnabled"] = false),
  },
  "S-5 F-39 production: every key": {
    what: "a key that does not rotate",
    resource: "TenantKeys",
    mutate: (one) => (one["enableKeyRotation"] = false),
  },
  "I-6 CloudFront": {
    what: "assets that anybody may read",
    resource: "EdgeDistribution",
    mutate: (one) => {
      for (const origin of one["origins"]) delete origin["originAccessControlId"];
    },
  },
  "T-9 the budget of production is": {
    what: "20 tasks, which cost half of the budget",
    resource: "VectorWorkerService",
    mutate: (one) => (one["desiredCount"] = 20),
  },
  "quotas cover": {
    what: "more tasks than the account may run",
    resource: "VectorWorkerAutoScalingTarget",
    mutate: (one) => (one["maxCapacity"] = 40),
  },
  "every dead-letter queue has": {
    what: "an alarm that notifies nobody",
    resource: "UploadStoredDeadLetters",
    mutate: (one) => (one["alarmActions"] = []),
  },
  "metrics from logs of two stages": {
    what: "a metric of all stages together",
    resource: "RequestsErrors",
    mutate: (one) => delete one["metricTransformation"].dimensions,
  },
  "the access log is valid JSON": {
    what: "a value without quotation marks that may be a hyphen",
    resource: "HttpApiStage",
    mutate: (one) =>
      (one["accessLogSettings"].format = one["accessLogSettings"].format.replace(/"(\$context.routeKey)"/, "$1")),
  },
  "F-58 the recovery stage uses": {
    what: "a restored instance with another key",
    evaluation: "production-west-active",
    resource: "Database",
    mutate: (one) => (one["kmsKeyId"] = "arn:aws:kms:us-west-2:123456789012:key/other"),
  },
  "R-10 the recovery stage can": {
    what: "a deployment that restores the database again",
    evaluation: "production-west-active",
    resource: "Database",
    mutate: (_, resource) => (resource.ignoreChanges = ["password"]),
  },
  "F-58 a recovery needs": {
    what: "a role that is created only when the first region is lost",
    evaluation: "production-west-standby",
    resource: "DatabaseProxyRole",
    mutate: (_, resource) => (resource.name = "Other"),
  },
  "a NAT gateway waits": {
    what: "a NAT gateway that is created before the internet gateway",
    resource: "Nat1",
    mutate: (_, resource) => (resource.waitsFor = []),
  },
  "a developer's stage reaches": {
    what: "a NAT instance that may start before its subnet has a route",
    evaluation: "developer",
    resource: "NatInstance",
    mutate: (_, resource) => (resource.waitsFor = ["Internet"]),
  },
  "M-1 every log group has": {
    what: "a log group that RDS creates itself",
    resource: "DatabaseProxyLog",
    mutate: (one) => (one["name"] = "/aws/rds/proxy/other"),
  },
  "AWS accepts those of production": {
    what: "an alarm with a dimension that its metric does not have",
    resource: "PinnedConnections",
    mutate: (one) => (one["metricQueries"][1].metric.dimensions = { DBProxyName: "resolve-production" }),
  },
  "the preview job checks": {
    what: "a secret that the preview job does not check",
    evaluation: "developer",
    resource: "UpstashRedisRestUrl",
    mutate: (_, resource) => (resource.name = "Other"),
  },
  "exists in production, and": {
    what: "a reference to a resource that may be created later",
    resource: "DatabaseProxyTarget",
    mutate: (_, resource) => (resource.dependencies = []),
  },
  "is allowed on both sides in production, by": {
    what: "a topic to which Backup may not publish",
    resource: "AlarmsPolicy",
    mutate: (one) => (one["policy"] = one["policy"].replace("backup.amazonaws.com", "other.amazonaws.com")),
  },
  "each trusts one environment": {
    what: "a role for every job of the main branch",
    evaluation: "github-production",
    resource: "resolve-deploy",
    mutate: (role) =>
      (role["assumeRolePolicy"] = role["assumeRolePolicy"].replace("environment:production", "ref:refs/heads/main")),
  },
  "D-10 work_mem": {
    what: "1 GB of maintenance memory on an instance of 2 GB",
    resource: "DatabaseParameters",
    mutate: (one) => {
      for (const parameter of one["parameters"])
        if (parameter.name === "maintenance_work_mem") parameter.value = String(1024 * 1024);
    },
  },
  "the operator is notified when a backup": {
    what: "a backup that did not start in time, and nobody is notified",
    resource: "SnapshotMissing",
    mutate: (one) => (one["treatMissingData"] = "notBreaching"),
  },
  "F-10 pinned connections": {
    what: "an alarm for one pin of few connections",
    resource: "PinnedConnections",
    mutate: (one) => (one["metricQueries"][0].expression = "pinned / open"),
  },
  "under sst dev a breakpoint": {
    what: "a function that ends at a breakpoint after 8 s",
    evaluation: "developer-dev",
    resource: "ApiFunction",
    mutate: (one) => (one["timeout"] = 8),
  },
  "R-4 a bucket is replicated": {
    what: "a replication that may be created before the versions of the other bucket",
    resource: "DocumentsReplication",
    mutate: (_, resource) =>
      (resource.dependencies = resource.dependencies.filter((one) => !one.includes("DocumentsReplicaBucket"))),
  },
  "the log of a distribution is": {
    what: "a delivery in a region where CloudFront has none",
    evaluation: "production-west",
    resource: "EdgeLogDelivery",
    mutate: (one) => delete one["region"],
  },
  "warm instances are": {
    what: "more warm instances than the function may run",
    resource: "ApiWarm",
    mutate: (one) => (one["provisionedConcurrentExecutions"] = 1000),
  },
  "the constraints of Cognito's": {
    what: "a limit of the e-mail address that Cognito may not keep",
    resource: "Users",
    mutate: (one) => (one["schemas"][0].stringAttributeConstraints.maxLength = "320"),
  },
  "D-18 F-9 the replica": {
    what: "a replica with fewer connections than the API has requests",
    evaluation: "production-domain",
    resource: "ReadReplica",
    mutate: (one) => (one["parameterGroupName"] = "resolve-small"),
  },
  "F-47 sweep has": {
    what: "a function with sqs:*",
    resource: "SweepRole",
    mutate: (role) =>
      (role["inlinePolicies"][0].policy = role["inlinePolicies"][0].policy.replace("sqs:SendMessage", "sqs:*")),
  },
};

const missingFile = "api has the files that it reads beside its bundle";

type Report = { testResults: { assertionResults: { title: string; status: string }[] }[] };

describe("wrong values", () => {
  let failed: string[];
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "resolve-mutants-"));
    // The code of production is large, and no test of a value reads it.
    const isNeeded = (path: string) => !/\/production(-again)?$/.test(path);
    await cp(inject("evaluations"), directory, { recursive: true, verbatimSymlinks: true, filter: isNeeded });
    for (const [evaluation, some] of Map.groupBy(
      Object.values(mutants),
      ({ evaluation }) => evaluation ?? "production",
    )) {
      const file = join(directory, `${evaluation}.json`);
      const resources = JSON.parse(await readFile(file, "utf8")) as EvaluatedResource[];
      const originals = structuredClone(resources);
      for (const { resource, mutate } of some) {
        const at = originals.findIndex(({ name, type }) => name === resource && /^aws:|:Secret$/.test(type));
        expect(at, resource).toBeGreaterThanOrEqual(0);
        mutate(resources[at]!.inputs, resources[at]!);
      }
      await writeFile(file, JSON.stringify(resources));
    }
    // A function under `sst dev` without a file that it reads.
    await rm(join(directory, "developer-dev/artifacts/Api-dev/static-v1.bin"));
    const report = join(directory, "report.json");
    const files = ["mutants", "stacks", "enums"].map((name) => `--exclude=stacks/${name}.test.ts`);
    // Only the tests that must fail.
    const titles = [...Object.keys(mutants), missingFile].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const args = ["run", "--project=stacks", "--reporter=json", `--outputFile=${report}`, "--testTimeout=60000"];
    const env = { ...process.env, STACKS_EVALUATIONS: directory };
    const vitest = join(root, "node_modules/.bin/vitest");
    // vitest exits with an error, since tests must fail.
    await promisify(execFile)(vitest, [...args, ...files, "-t", titles.join("|")], { cwd: root, env }).catch(() => {});
    const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
    failed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === "failed")
      .map(({ title }) => title);
    await rm(directory, { recursive: true });
  }, 300_000);

  it("the files beside a bundle are missing under sst dev: the test fails", () => {
    expect(failed).toContain(missingFile);
  });

  it.each(Object.entries(mutants))("%s fails for a wrong value", (title, { what }) => {
    expect(
      failed.some((one) => one.startsWith(title)),
      `${what} makes the test fail`,
    ).toBe(true);
  });

  it("the page of the faults names tests and mutants that exist", async () => {
    const page = await readFile(join(root, "docs/deployment-faults.md"), "utf8");
    const sources: { breaks: string }[] = JSON.parse(await readFile(join(root, "scripts/mutants.json"), "utf8"));
    const known = new Set([...Object.values(mutants).map(({ what }) => what), ...sources.map(({ breaks }) => breaks)]);
    known.add("the files beside a bundle are missing under sst dev");
    const rows = [...page.matchAll(/^\| .* \| `(\S+)` › (.*) \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(20);
    for (const [, file, title, mutant] of rows) {
      expect(await readFile(join(root, file!), "utf8"), file).toContain(title!.trim());
      expect(known).toContain(mutant!.trim());
    }
  });
});
