import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

/** An account of AWS, as far as the preflight asks about it. */
type Account = {
  concurrency: number;
  vpcs: number;
  fargate: number | undefined;
  zones: string[];
  roles: string[];
  model: string;
  costTag: string;
  denied?: string;
};
const ready: Account = {
  concurrency: 1_000,
  vpcs: 1,
  fargate: 100,
  zones: ["use1-az1", "use1-az2", "use1-az3"],
  roles: ["resolve-deploy", "AWSServiceRoleForECS"],
  model: "AUTHORIZED",
  costTag: "Active",
};
let account: Account;
const calls: string[] = [];

/** Answers as AWS does, over its three protocols; the credential's scope names the service. */
const answer = (service: string, request: IncomingMessage, body: string): [number, string] => {
  const form = new URLSearchParams(body);
  const target = String(request.headers["x-amz-target"] ?? "");
  const action = form.get("Action") ?? target.split(".")[1] ?? request.url!;
  calls.push(`${service} ${action}`);
  if (account.denied === action) return [403, JSON.stringify({ __type: "AccessDeniedException", message: "no" })];
  const items = (name: string, values: string[]) =>
    values.map((one) => `<item><${name}>${one}</${name}></item>`).join("");
  switch (`${service} ${action}`) {
    case "sts GetCallerIdentity":
      return [200, "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn>"];
    case "lambda /2016-08-19/account-settings/":
      return [200, JSON.stringify({ AccountLimit: { ConcurrentExecutions: account.concurrency } })];
    case "servicequotas GetServiceQuota": {
      const { ServiceCode } = JSON.parse(body);
      if (ServiceCode === "fargate" && account.fargate === undefined)
        return [400, JSON.stringify({ __type: "com.amazonaws#NoSuchResourceException" })];
      return [200, JSON.stringify({ Quota: { Value: ServiceCode === "fargate" ? account.fargate : 5 } })];
    }
    case "servicequotas GetAWSDefaultServiceQuota":
      return [200, JSON.stringify({ Quota: { Value: 6 } })];
    case "ec2 DescribeVpcs":
      return [
        200,
        `<vpcSet>${items(
          "vpcId",
          Array.from({ length: account.vpcs }, (_, at) => `vpc-${at}`),
        )}</vpcSet>`,
      ];
    case "ec2 DescribeAddresses":
      return [200, "<addressesSet/>"];
    case "ec2 DescribeAvailabilityZones":
      return [
        200,
        account.zones
          .map(
            (id) =>
              `<item><zoneState>available</zoneState><zoneId>${id}</zoneId><optInStatus>opt-in-not-required</optInStatus></item>`,
          )
          .join(""),
      ];
    case "iam GetRole":
      return account.roles.includes(form.get("RoleName")!)
        ? [200, "<GetRoleResponse/>"]
        : [404, "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>"];
    case "bedrock /foundation-model-availability/amazon.titan-embed-text-v2%3A0":
      return [200, JSON.stringify({ authorizationStatus: account.model, regionAvailability: "AVAILABLE" })];
    case "ce ListCostAllocationTags":
      return [200, JSON.stringify({ CostAllocationTags: [{ TagKey: "stage", Status: account.costTag }] })];
    default:
      return [400, JSON.stringify({ __type: "UnknownOperationException", message: `${service} ${action}` })];
  }
};

const server = createServer(async (request, response) => {
  const body = await text(request);
  const [, service] = /Credential=AKIDEXAMPLE\/\d{8}\/[\w-]+\/(\w+)\/aws4_request, .*Signature=[0-9a-f]{64}$/.exec(
    String(request.headers.authorization),
  )!;
  const [status, content] = answer(service!, request, body);
  response.writeHead(status).end(content);
}).listen(0, "127.0.0.1");
const directory = mkdtempSync(join(tmpdir(), "resolve-preflight-"));
const evaluation = join(directory, "production.json");

beforeAll(async () => {
  if (!server.listening) await once(server, "listening");
  const of = (type: string, name: string, inputs: object) => ({ type: `aws:${type}`, name, inputs, dependencies: [] });
  const resources = [
    of("lambda/function:Function", "Api", { reservedConcurrentExecutions: 200 }),
    of("ec2/vpc:Vpc", "Network", {}),
    of("ec2/eip:Eip", "Nat1Address", {}),
    of("ecs/taskDefinition:TaskDefinition", "Worker", { cpu: "2048" }),
  ];
  writeFileSync(evaluation, JSON.stringify(resources));
});
beforeEach(() => {
  account = structuredClone(ready);
  calls.length = 0;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

const preflight = async (without: NodeJS.ProcessEnv = {}) => {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "",
    ...without,
  };
  const args = [join(import.meta.dirname, "preflight.mjs"), "--stage", "production", "--evaluation", evaluation];
  const run = promisify(execFile)(process.execPath, args, { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    // `execFile` rejects with the exit code and the output.
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
};

test("an account that has everything is ready, and each requirement was asked over AWS's protocol", async () => {
  const { code, stdout } = await preflight();
  expect(stdout).toContain("The account is ready.");
  expect(stdout).not.toContain("MISSING");
  expect(code).toBe(0);
  expect(new Set(calls.map((call) => call.split(" ")[0]))).toEqual(
    new Set(["sts", "lambda", "ec2", "servicequotas", "iam", "bedrock", "ce"]),
  );
});

test("everything that a new account lacks is named with the command that mends it", async () => {
  account = {
    ...ready,
    concurrency: 10,
    vpcs: 5,
    fargate: undefined,
    zones: ["use1-az3", "use1-az4"],
    roles: [],
    model: "NOT_AUTHORIZED",
    costTag: "Inactive",
  };
  const { code, stdout } = await preflight();
  expect(code).toBe(1);
  for (const said of [
    "the account has 10",
    "the quota is 5, and 5 are in use",
    "the quota is 6",
    "usable are: use1-az4",
    "it does not exist",
    "it is NOT_AUTHORIZED",
    "it is not active",
    "request-service-quota-increase --service-code lambda",
  ])
    expect(stdout).toContain(said);
});

test("what may not be read is reported as not readable, and is not taken for ready", async () => {
  account.denied = "ListCostAllocationTags";
  const { code, stdout } = await preflight();
  expect(code).toBe(1);
  expect(stdout).toContain("not readable: AccessDeniedException");
});

test("what the first deployment does not need may come later", async () => {
  account = { ...ready, roles: ["AWSServiceRoleForECS"], costTag: "Inactive" };
  const { code, stdout } = await preflight();
  expect(stdout).toMatch(/^later {4}the role resolve-deploy/m);
  expect(stdout).toMatch(/^later {4}the cost allocation tag/m);
  expect(stdout).toContain("The account is ready.");
  expect(code).toBe(0);
});

test("without credentials it says at once what to do, without a stack trace", async () => {
  const { code, stdout, stderr } = await preflight({ AWS_ACCESS_KEY_ID: "", PATH: directory });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("No credentials for AWS. Set AWS_PROFILE, or sign in with `aws sso login`.");
  expect(stderr).not.toContain("    at ");
});
