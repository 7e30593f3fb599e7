import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FunctionSpec, functions } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { codeOf, devDirectoryOf, evaluated, root } from "./testing/evaluation.ts";

const production = evaluated("production");

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "resolve-bundles-"));
});
afterAll(() => rm(temporary, { recursive: true }));

describe("functions", () => {
  it.each(Object.entries(functions))(
    "%s has the runtime, timeout, memory and concurrency of the topology",
    (name, spec) => {
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
    },
  );

  it("under sst dev a breakpoint may last 15 minutes, and no message is delivered again meanwhile", () => {
    const dev = evaluated("developer-dev");
    for (const name of Object.keys(functions).map(pascal))
      expect(dev.one("lambda/function:Function", `${name}Function`)["timeout"], name).toBe(900);
    for (const [name, { functionName, eventSourceArn }] of dev.all("lambda/eventSourceMapping:EventSourceMapping")) {
      const invoked = [...dev.all("lambda/function:Function").values()].find((one) =>
        functionName.endsWith(one["name"]),
      );
      const queue = [...dev.all("sqs/queue:Queue").values()].find((one) => eventSourceArn.endsWith(`:${one["name"]}`))!;
      expect(queue["visibilityTimeoutSeconds"], name).toBeGreaterThanOrEqual(invoked?.["timeout"] ?? 900);
    }
  });

  it("G-13 under sst dev there is no instance, proxy, cache, NAT, address, firewall or task that costs money", () => {
    const types = new Set(evaluated("developer-dev").resources.map(({ type }) => type));
    for (const part of ["rds/", "elasticache/", "natGateway", "ec2/eip", "ec2/instance", "wafv2/", "ecs/service"])
      expect(
        [...types].filter((type) => type.includes(part)),
        part,
      ).toEqual([]);
  });

  it("M-1 every log group has a retention, also those that RDS would create itself", () => {
    const type = "cloudwatch/logGroup:LogGroup";
    for (const evaluation of [production, evaluated("production-domain")]) {
      for (const [name, group] of evaluation.all(type)) expect(group["retentionInDays"], name).toBeGreaterThan(0);
      const written = [
        ...[...evaluation.all("rds/instance:Instance")].flatMap(
          ([made, { identifier, enabledCloudwatchLogsExports }]) =>
            enabledCloudwatchLogsExports.map((log: string) => ["instance", made, `instance/${identifier}/${log}`]),
        ),
        ...[...evaluation.all("rds/proxy:Proxy")].map(([made, { name }]) => ["proxy", made, `proxy/${name}`]),
      ];
      expect(written.length).toBeGreaterThanOrEqual(3);
      for (const [kind, made, path] of written) {
        const group = [...evaluation.all(type)].find(([, { name }]) => name === `/aws/rds/${path}`)?.[0];
        expect(evaluation.waitsFor(`rds/${kind}:${pascal(kind)}`, made), path).toContain(group);
      }
    }
  });

  it("the size of each bundle is within 20 % of the recorded one", async () => {
    const file = join(root, "stacks/testing/expected/bundles.json");
    const sizes: Record<string, number> = {};
    for (const name of Object.keys(functions)) sizes[name] = Math.ceil((await stat(codeOf(pascal(name)))).size / 1024);
    if (process.env["UPDATE_LISTINGS"]) await writeFile(file, `${JSON.stringify(sizes, null, 2)}\n`);
    const expected = JSON.parse(await readFile(file, "utf8")) as Record<string, number>;
    expect(Object.keys(sizes)).toEqual(Object.keys(expected));
    for (const [name, kilobytes] of Object.entries(sizes)) {
      expect(kilobytes, name).toBeGreaterThan(expected[name]! * 0.8);
      expect(kilobytes, name).toBeLessThan(expected[name]! * 1.2);
    }
  });

  it("every function that embeds text contains the built-in model file", async () => {
    const embedding = Object.entries(functions).filter(([, { links }]) =>
      (links as readonly string[]).includes("Embedding"),
    );
    expect(embedding.length).toBeGreaterThan(0);
    for (const [name] of embedding) {
      const { size } = await stat(join(await unpack(pascal(name)), "static-v1.bin"));
      expect(size, name).toBeGreaterThan(8e6);
    }
  });

  it("G-2 a bundle contains the files that it reads, and works from its own directory", async () => {
    const api = await unpack("Api");
    process.env["SST_RESOURCES_JSON"] = "{}";
    const { handler } = await import(pathToFileURL(join(api, "bundle.mjs")).href);
    for (const path of ["/api/health", "/api/docs/swagger-ui.css", "/api/openapi.json"])
      expect((await handler(gatewayEvent(path), { getRemainingTimeInMillis: () => 8_000 })).statusCode, path).toBe(200);

    const migrations = await unpack("Migrate");
    const listed = async (directory: string) => (await readdir(directory, { recursive: true })).sort();
    expect(await listed(join(migrations, "migrations"))).toEqual(await listed(join(root, "packages/core/migrations")));

    const processor = await unpack("ProcessDocument");
    const handbook = await readFile(join(root, "examples/corpus/handbook.pdf"));
    const pdf = { pages: 8, text: expect.stringContaining("Halden Optics") };
    const read = (bytes: Uint8Array) => replyOf(processor, { task: "read", bytes, hint: { name: "file" } });
    expect(await read(handbook)).toMatchObject({ ok: true, result: pdf });
    const rtf = Buffer.from("{\\rtf1\\ansi Read by its own reader.\\par}");
    const text = "Read by its own reader.";
    expect(await read(rtf)).toMatchObject({ ok: true, result: { format: "rtf", text } });
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const pages = { task: "pages", bytes: handbook, progress, reading: { hiddenText: "leave-out" } };
    expect(await replyOf(processor, pages)).toMatchObject({ ok: true, result: { size: 8 } });
    const extraction = { text, blocks: [{ kind: "paragraph", start: 0, end: text.length }] };
    const chunks = await replyOf(processor, { extraction }, "chunk-worker.mjs");
    expect(chunks).toMatchObject({ ok: true, result: [{ charStart: 0, charEnd: text.length }] });
  }, 180_000);
});

describe("under sst dev", () => {
  const withFiles = Object.entries<FunctionSpec>(functions).filter(([, { files }]) => files);

  it.each(withFiles)("%s has the files that it reads beside its bundle", async (name, { files = {} }) => {
    const directory = devDirectoryOf(pascal(name));
    expect(await readdir(directory)).toContain("bundle.mjs");
    for (const path of Object.keys(files)) expect((await stat(join(directory, path))).size, path).toBeGreaterThan(0);
  });

  it("the extraction worker starts from its bundle, and the migrator has its migrations", async () => {
    const bytes = await readFile(join(root, "examples/corpus/handbook.pdf"));
    const reply = await replyOf(devDirectoryOf("ProcessDocument"), { task: "read", bytes, hint: { name: "file" } });
    expect(reply).toMatchObject({ ok: true, result: { pages: 8 } });
    expect(await readdir(join(devDirectoryOf("Migrate"), "migrations/functions"))).toContain("enter.sql");
  });
});

/** Unzips the code that SST would upload for a function. */
const unpack = async (name: string): Promise<string> => {
  const directory = join(temporary, name);
  const files = unzipSync(await readFile(codeOf(name)));
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith("/")) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
};

/** The reply of a worker thread of a bundle. */
const replyOf = async (bundle: string, request: object, entry = "extract-worker.mjs"): Promise<unknown> => {
  const worker = new Worker(join(bundle, entry));
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
