import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functions, isTask, queues, rules, schedules, tasks } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type Evaluation, evaluateStage, listing, root, typeErrors } from "./testing/evaluation.ts";

const stages = ["production", "production-lean", "staging", "developer"];
const evaluations = new Map<string, Evaluation>();
let production: Evaluation;
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "resolve-bundles-"));
  for (const stage of stages) evaluations.set(stage, await evaluateStage(stage));
  production = evaluations.get("production")!;
}, 300_000);
afterAll(() => rm(temporary, { recursive: true }));

describe("what is made", () => {
  it.each(stages)("%s has exactly the listed resources", async (stage) => {
    const file = join(import.meta.dirname, "testing", "expected", `${stage}.txt`);
    if (process.env["UPDATE_LISTINGS"]) await writeFile(file, listing(evaluations.get(stage)!));
    expect(listing(evaluations.get(stage)!)).toBe(await readFile(file, "utf8"));
  });

  it("sst dev evaluates too", async () => {
    const { resources } = await evaluateStage("developer", { dev: true });
    expect(resources.length).toBeGreaterThan(100);
  }, 60_000);

  it("the same program gives the same bytes", async () => {
    expect((await evaluateStage("production")).json).toBe(production.json);
  }, 60_000);

  it("inputs as resolved have the types of the provider", async () => {
    expect(await typeErrors(production)).toBe("");
    const broken = structuredClone(production.resources);
    broken.find(({ type }) => type === "aws:sqs/queue:Queue")!.inputs["visibilityTimeoutSeconds"] = "soon";
    expect(await typeErrors({ ...production, resources: broken })).toContain("Type 'string' is not assignable");
  }, 60_000);
});

describe("queues (Q-1…Q-6)", () => {
  it.each(Object.entries(queues))("%s is as the topology says", (name, spec) => {
    const queue = production.one("sqs/queue:Queue", `${pascal(name)}QueueQueue`);
    const dead = production.one("sqs/queue:Queue", `${pascal(name)}DlqQueue`);
    expect(queue).toMatchObject({
      fifoQueue: spec.fifo,
      visibilityTimeoutSeconds: spec.visibilityTimeoutSeconds,
      messageRetentionSeconds: spec.retentionSeconds,
      receiveWaitTimeSeconds: 20,
      sqsManagedSseEnabled: true,
    });
    const redrive = JSON.parse(queue["redrivePolicy"]);
    expect(redrive.maxReceiveCount).toBe(spec.maxReceiveCount);
    expect(redrive.deadLetterTargetArn.endsWith(`:${dead["name"]}`)).toBe(true);
    expect(dead).toMatchObject({ fifoQueue: spec.fifo, messageRetentionSeconds: 14 * 86_400 });
    if (isTask(spec.consumer)) return;
    // AWS: at least six times the function's timeout, or a slow batch is worked on twice. Q-5 fixes 60 s for webhooks.
    const factor = spec.visibilityTimeoutSeconds / functions[spec.consumer].timeoutSeconds;
    expect(factor).toBeGreaterThanOrEqual(name === "webhook-delivery" ? 3 : 6);
  });

  it("the blueprint's own figures", () => {
    expect(queues["document-processing"]).toMatchObject({
      fifo: true,
      retentionSeconds: 1_209_600,
      visibilityTimeoutSeconds: 300,
      maxReceiveCount: 3,
    });
    expect(queues["webhook-delivery"]).toMatchObject({
      fifo: false,
      retentionSeconds: 345_600,
      visibilityTimeoutSeconds: 60,
      batchSize: 10,
    });
  });

  it("every consumer reports single failures of a batch and has a bound", () => {
    const mappings = [...production.all("lambda/eventSourceMapping:EventSourceMapping").values()];
    expect(mappings).toHaveLength(Object.keys(queues).length - Object.keys(tasks).length);
    for (const mapping of mappings) {
      expect(mapping["functionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
      const spec = Object.entries(queues).find(([name]) =>
        mapping["eventSourceArn"].includes(`${pascal(name)}Queue`),
      )![1];
      expect(mapping).toMatchObject({
        batchSize: spec.batchSize,
        scalingConfig: { maximumConcurrency: spec.maximumConcurrency },
      });
      expect(mapping["functionName"]).toContain(`${pascal(spec.consumer)}Function`);
    }
  });
});

describe("functions", () => {
  it.each(Object.entries(functions))("%s is as the topology says", (name, spec) => {
    const made = production.one("lambda/function:Function", `${pascal(name)}Function`);
    expect(made).toMatchObject({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: spec.timeoutSeconds,
      memorySize: spec.memoryMb,
      tracingConfig: { mode: "Active" },
    });
    expect(made["reservedConcurrentExecutions"]).toBe(spec.reservedConcurrency);
    expect(made["role"]).toContain(`${pascal(name)}Role`);
  });

  it("no log lives for ever", () => {
    for (const [name, group] of production.all("cloudwatch/logGroup:LogGroup"))
      expect(group["retentionInDays"], name).toBeGreaterThan(0);
  });

  it("a bundle holds what it reads beside itself, and works from there", async () => {
    const api = await unpack("Api");
    process.env["SST_RESOURCES_JSON"] = "{}";
    const { handler } = await import(pathToFileURL(join(api, "bundle.mjs")).href);
    for (const path of ["/api/health", "/api/docs/swagger-ui.css", "/api/openapi.json"])
      expect((await handler(gatewayEvent(path), {})).statusCode, path).toBe(200);

    const migrations = await unpack("Migrate");
    expect(await readFile(join(migrations, "migrations/0001_roles_and_context.sql"), "utf8")).toContain(
      "resolve_owner",
    );

    const processor = await unpack("ProcessDocument");
    const handbook = await readFile(join(root, "examples/corpus/handbook.pdf"));
    const pdf = { pages: 8, text: expect.stringContaining("Halden Optics") };
    const read = (bytes: Uint8Array) => answered(processor, { task: "read", bytes, hint: { name: "file" } });
    expect(await read(handbook)).toMatchObject({ ok: true, answer: pdf });
    const rtf = Buffer.from("{\\rtf1\\ansi Read by officeparser.\\par}");
    const text = "Read by officeparser.";
    expect(await read(rtf)).toMatchObject({ ok: true, answer: { format: "rtf", text } });
    const pages = { task: "pages", bytes: handbook, progress: new Int32Array(new SharedArrayBuffer(8)) };
    expect(await answered(processor, pages)).toMatchObject({ ok: true, answer: { size: 8 } });
    const extraction = { text, blocks: [{ kind: "paragraph", start: 0, end: text.length }] };
    expect(await answered(processor, { task: "chunk", extraction })).toMatchObject({ ok: true, answer: [{ text }] });
  }, 60_000);
});

describe("events", () => {
  it.each(Object.entries(rules))("%s reaches its function, and what fails is kept", (name, spec) => {
    const target = production.one("cloudwatch/eventTarget:EventTarget", `${pascal(name)}Target`);
    const retries = production.one(
      "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      `${pascal(name)}Retries`,
    );
    const dead = production.one("sqs/queue:Queue", `${pascal(name)}DlqQueue`);
    expect(target["arn"]).toContain(`${pascal(spec.target)}Function`);
    expect(target["deadLetterConfig"].arn).toContain(dead["name"]);
    expect(retries["destinationConfig"].onFailure.destination).toContain(dead["name"]);
    expect(retries["maximumRetryAttempts"]).toBe(spec.maximumRetryAttempts);
    const pattern = JSON.parse(production.one("cloudwatch/eventRule:EventRule", `${pascal(name)}Rule`)["eventPattern"]);
    expect(pattern).toMatchObject(spec.pattern);
  });

  it("uploads are those of our bucket only", () => {
    const bucket = production.one("s3/bucket:Bucket", "DocumentsBucketBucket")["bucket"];
    const rule = production.one("cloudwatch/eventRule:EventRule", "UploadStoredRule");
    expect(JSON.parse(rule["eventPattern"]).detail.bucket.name).toEqual([bucket]);
    expect(production.one("s3/bucketNotification:BucketNotification", "DocumentsEvents")["eventbridge"]).toBe(true);
  });

  it("no function has two asynchronous retry policies", () => {
    const names = [...production.all("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").values()].map(
      (config) => config["functionName"],
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(Object.entries(schedules))("%s runs on time", (name, spec) => {
    const schedule = production.one("scheduler/schedule:Schedule", `${pascal(name)}ScheduleSchedule`);
    expect(schedule["scheduleExpression"]).toBe(spec.expression);
    expect(schedule["target"].arn).toContain(`${pascal(spec.target)}Function`);
  });
});

describe("network (N-1…N-4, N-6, N-9)", () => {
  const subnet = (name: string) => production.one("ec2/subnet:Subnet", name);

  it("two zones, three tiers, as the blueprint numbers them", () => {
    expect(production.one("ec2/vpc:Vpc", "Network")["cidrBlock"]).toBe("10.0.0.0/16");
    const blocks = { Public: ["1", "2"], App: ["10", "11"], Data: ["20", "21"] };
    for (const [tier, thirds] of Object.entries(blocks))
      for (const [at, third] of thirds.entries())
        expect(subnet(`${tier}Subnet${at + 1}`)).toMatchObject({
          cidrBlock: `10.0.${third}.0/24`,
          availabilityZone: `us-east-1${"ab"[at]}`,
        });
  });

  it("the data tier has no way out, the app tier one through its own zone", () => {
    const routes = (name: string) => production.one("ec2/routeTable:RouteTable", `${name}Routes`)["routes"];
    for (const name of ["Data1", "Data2"]) expect(routes(name)).toEqual([]);
    for (const at of [1, 2])
      expect(routes(`App${at}`)).toEqual([
        { cidrBlock: "0.0.0.0/0", natGatewayId: expect.stringContaining(`Nat${at}`) },
      ]);
    expect(evaluations.get("production-lean")!.all("ec2/natGateway:NatGateway").size).toBe(1);
    expect(evaluations.get("developer")!.all("ec2/natGateway:NatGateway").size).toBe(0);
  });

  it("nobody calls what runs our code", () => {
    expect(production.one("ec2/securityGroup:SecurityGroup", "AppSecurityGroup")["ingress"]).toEqual([]);
  });
});

describe("tasks (X-1, X-2, X-5…X-9)", () => {
  it.each(Object.entries(tasks))("%s is as the topology says, in the blueprint's size", (name, spec) => {
    const task = production.one("ecs/taskDefinition:TaskDefinition", `${pascal(name)}Task`);
    expect(task).toMatchObject({ family: "resolve-app", networkMode: "awsvpc", cpu: "2048", memory: "4096" });
    const [container] = JSON.parse(task["containerDefinitions"]);
    expect(container).toMatchObject({
      healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
      portMappings: [{ containerPort: 5000 }],
      stopTimeout: 120,
      logConfiguration: {
        options: {
          "awslogs-group": "/ecs/resolve-app",
          "awslogs-region": "us-east-1",
          "awslogs-stream-prefix": "app",
        },
      },
    });
    const given = container.environment.map((one: { name: string }) => one.name);
    const optional = ["Embedding", "Ocr"];
    for (const link of spec.links.filter((link) => !optional.includes(link)))
      expect(given).toContain(`SST_RESOURCE_${link}`);
    expect(given).not.toContain("SST_RESOURCE_Embedding");
    const service = production.one("ecs/service:Service", `${pascal(name)}Service`);
    expect(service).toMatchObject({ desiredCount: 3, enableExecuteCommand: false });
    expect(service["networkConfiguration"]).toMatchObject({ assignPublicIp: false });
    expect(service["networkConfiguration"].subnets).toEqual([
      expect.stringContaining("AppSubnet1"),
      expect.stringContaining("AppSubnet2"),
    ]);
  });

  it("they grow with load and with their queue, and from none where the stage allows it", () => {
    const target = (stage: string) =>
      evaluations.get(stage)!.one("appautoscaling/target:Target", "VectorWorkerAutoScalingTarget");
    expect(target("production")).toMatchObject({ minCapacity: 3, maxCapacity: 20 });
    expect(target("production-lean")).toMatchObject({ minCapacity: 0, maxCapacity: 20 });
    const policy = (name: string) => production.one("appautoscaling/policy:Policy", `VectorWorker${name}`);
    for (const [name, targetValue] of [
      ["CPU", 70],
      ["Memory", 80],
    ] as const)
      expect(policy(name)["targetTrackingScalingPolicyConfiguration"]).toMatchObject({
        targetValue,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
        disableScaleIn: true,
      });
    const lean = evaluations.get("production-lean")!;
    const alarm = (name: string) => lean.one("cloudwatch/metricAlarm:MetricAlarm", `VectorWorker${name}Alarm`);
    const metrics = (name: string) =>
      alarm(name)["metricQueries"].flatMap(
        ({ metric }: { metric?: { metricName: string } }) => metric?.metricName ?? [],
      );
    // One that works does not call for a second one; and a task is not ended while it has a message.
    expect(metrics("Out")).toEqual(["ApproximateNumberOfMessagesVisible"]);
    expect(metrics("In")).toEqual(["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"]);
    expect([alarm("Out"), alarm("In")]).toMatchObject([{ evaluationPeriods: 1 }, { evaluationPeriods: 15 }]);
    expect(alarm("Out")["alarmActions"]).toEqual([expect.stringContaining("VectorWorkerOut")]);
  });

  it("a developer's task has a public address, since there is no NAT", () => {
    const { networkConfiguration } = evaluations.get("developer")!.one("ecs/service:Service", "VectorWorkerService");
    expect(networkConfiguration).toMatchObject({ assignPublicIp: true });
    expect(networkConfiguration.subnets[0]).toContain("PublicSubnet1");
  });

  it("its image's program starts, says that it is well, and ends on SIGTERM", async () => {
    const directory = join(root, ".sst/files/vector-worker");
    expect(await readFile(join(directory, "Dockerfile"), "utf8")).toContain("main.mjs");
    const port = await freePort();
    const queue = { url: "http://127.0.0.1:9/queue", endpoint: "http://127.0.0.1:9" };
    const child = spawn(process.execPath, [join(directory, "main.mjs"), "--port", String(port)], {
      env: {
        SST_RESOURCE_VectorJobs: JSON.stringify(queue),
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
        AWS_REGION: "us-east-1",
      },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    const health = async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.status;
    await expect.poll(health, { timeout: 10_000 }).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

describe("alarms", () => {
  it("tell of every dead letter and of every queue that nobody takes from", () => {
    for (const name of Object.keys(queues).map(pascal)) {
      const dead = production.one("cloudwatch/metricAlarm:MetricAlarm", `${name}DeadLetters`);
      expect(dead).toMatchObject({ threshold: 1, metricName: "ApproximateNumberOfMessagesVisible" });
      expect(dead["dimensions"].QueueName).toBe(production.one("sqs/queue:Queue", `${name}DlqQueue`)["name"]);
      expect(dead["alarmActions"]).toEqual([expect.stringContaining("Alarms")]);
      const age = production.one("cloudwatch/metricAlarm:MetricAlarm", `${name}Age`);
      expect(age["dimensions"].QueueName).toBe(production.one("sqs/queue:Queue", `${name}QueueQueue`)["name"]);
    }
  });
});

describe("storage", () => {
  it("is versioned, private, over TLS only, and never expires a current document", () => {
    const bucket = production.one("s3/bucket:Bucket", "DocumentsBucketBucket");
    expect(bucket["forceDestroy"]).toBe(false);
    expect(
      production.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "DocumentsBucketPublicAccessBlock"),
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(production.one("s3/bucketPolicy:BucketPolicy", "DocumentsBucketPolicy")["policy"]).toContain(
      "aws:SecureTransport",
    );
    const { rules: lifecycle } = production.one(
      "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "DocumentsBucketLifecycle",
    );
    for (const rule of lifecycle) expect(rule).not.toHaveProperty("expiration");
  });
});

describe("rights", () => {
  const may = async (
    functionName: string,
    action: string,
    resource: string,
    context: Record<string, string[]> = {},
  ) => {
    const role = production.one("iam/role:Role", `${functionName}Role`);
    const result = await runSimulation(
      {
        identityPolicies: role["inlinePolicies"].map((entry: { name: string; policy: string }) => ({
          name: entry.name,
          policy: JSON.parse(entry.policy),
        })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        request: {
          action,
          principal: `arn:aws:iam::123456789012:role/${functionName}`,
          resource: { resource, accountId: "123456789012" },
          contextVariables: context,
        },
      },
      {},
    );
    return (result as { overallResult?: string }).overallResult === "Allowed";
  };
  const bucketArn = () => `arn:aws:s3:::${production.one("s3/bucket:Bucket", "DocumentsBucketBucket")["bucket"]}`;
  const queueArn = (name: string) =>
    `arn:aws:sqs:us-east-1:123456789012:${production.one("sqs/queue:Queue", `${name}QueueQueue`)["name"]}`;

  it("only services assume roles", () => {
    for (const [name, role] of production.all("iam/role:Role"))
      for (const { Principal } of JSON.parse(role["assumeRolePolicy"]).Statement)
        expect(Object.keys(Principal), name).toEqual(["Service"]);
  });

  const tracing = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
  /** Actions on every resource, a list for each statement, by role. */
  const unbounded = (evaluation: Evaluation) =>
    [...evaluation.all("iam/role:Role")].map(([name, role]): [string, string[][]] => {
      const policies: { policy: string }[] = role["inlinePolicies"];
      const statements = policies.flatMap(({ policy }) => JSON.parse(policy).Statement);
      for (const action of statements.flatMap(({ Action }) => Action)) expect(action, name).not.toContain("*");
      return [name, statements.filter(({ Resource }) => Resource.includes("*")).map(({ Action }) => Action)];
    });

  it("no function may do everything of a service, and only tracing names every resource", () => {
    for (const [name, actions] of unbounded(production)) expect([[], [tracing]], name).toContainEqual(actions);
  });

  it("with OCR on, who reads documents may ask Textract too; nobody else, and nothing is made", async () => {
    const evaluation = await evaluateStage("production", { ocr: true });
    const textract = ["textract:StartDocumentTextDetection", "textract:GetDocumentTextDetection"];
    const asking = unbounded(evaluation).filter(([, actions]) =>
      actions.flat().some((one) => one.includes("textract")),
    );
    expect(asking).toEqual([
      ["ProcessDocumentRole", [textract, tracing]],
      ["VectorWorkerTaskRole", [textract, tracing]],
    ]);
    expect(listing(evaluation)).toBe(listing(production));
  }, 60_000);

  it("the API reads and writes documents and deletes nothing", async () => {
    expect(await may("Api", "s3:PutObject", `${bucketArn()}/t/one`)).toBe(true);
    expect(await may("Api", "s3:DeleteObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("Api", "s3:DeleteBucket", bucketArn())).toBe(false);
    expect(await may("Api", "sqs:SendMessage", queueArn("DocumentProcessing"))).toBe(true);
    expect(await may("Api", "sqs:ReceiveMessage", queueArn("DocumentProcessing"))).toBe(false);
  });

  it("the worker reads documents, and the sender of webhooks nothing at all", async () => {
    expect(await may("ProcessDocument", "s3:GetObject", `${bucketArn()}/t/one`)).toBe(true);
    expect(await may("ProcessDocument", "s3:PutObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("ProcessDocument", "sqs:ReceiveMessage", queueArn("DocumentProcessing"))).toBe(true);
    expect(await may("DeliverWebhook", "s3:GetObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("DeliverWebhook", "sqs:SendMessage", queueArn("WebhookResults"))).toBe(true);
    expect(await may("DeliverWebhook", "sqs:SendMessage", queueArn("DocumentProcessing"))).toBe(false);
  });
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** Unzips what SST would upload for a function. */
const unpack = async (name: string): Promise<string> => {
  const directory = join(temporary, name);
  const files = unzipSync(await readFile(join(root, ".sst/artifacts", name, "code.zip")));
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith("/")) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
};

/** What the worker thread of a bundle answers. */
const answered = async (bundle: string, request: object): Promise<unknown> => {
  const worker = new Worker(join(bundle, "extract-worker.mjs"));
  const limits = { timeoutSeconds: 20, heapMb: 512, charsMax: 1e6, pagesMax: 100 };
  worker.postMessage({ limits, ...request });
  const reply = await new Promise<unknown>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await worker.terminate();
  return reply;
};

const gatewayEvent = (path: string) => ({
  version: "2.0",
  routeKey: "ANY /api/{proxy+}",
  rawPath: path,
  rawQueryString: "",
  headers: { host: "api.example" },
  requestContext: { http: { method: "GET", path, sourceIp: "192.0.2.1" }, requestId: "r", domainName: "api.example" },
  isBase64Encoded: false,
});
