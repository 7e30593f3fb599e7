/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, type FunctionSpec, functions, type LinkName } from "../packages/functions/src/topology.ts";
import type { Bus } from "./bus.ts";
import { mapValues, pascal } from "./names.ts";
import type { Ocr } from "./ocr.ts";
import type { Queues } from "./queues.ts";
import type { Secrets } from "./secrets.ts";
import type { Stage } from "./stage.ts";
import type { Storage } from "./storage.ts";

export type Functions = Record<FunctionName, sst.aws.Function>;
type Parts = { stage: Stage; secrets: Secrets; storage: Storage; bus: Bus; queues: Queues; ocr: Ocr };
type Permission = { actions: string[]; resources: $util.Input<string>[]; conditions?: Condition[] };
type Condition = { test: string; variable: string; values: string[] };

/** One function and one role for each of the topology's, with the exact actions its links need. */
export const createFunctions = async (parts: Parts): Promise<Functions> => {
  const files = await prepareFiles();
  return mapValues<FunctionName, FunctionSpec, sst.aws.Function>(
    functions,
    (spec, name) =>
      new sst.aws.Function(pascal(name), {
        handler: spec.handler,
        runtime: "nodejs24.x",
        architecture: "arm64",
        timeout: `${spec.timeoutSeconds} seconds`,
        memory: `${spec.memoryMb} MB`,
        logging: { retention: parts.stage.logRetention, format: "json" },
        link: spec.links.map((link) => linkOf(parts, link)).filter((link) => link !== undefined),
        permissions: [...grants(parts, name, spec), ...tracing],
        copyFiles: files.has(name) ? [{ from: files.get(name)!, to: "." }] : [],
        // Stack traces that can be read are worth the few kilobytes.
        nodejs: { minify: false },
        environment: { POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: "Resolve" },
        ...(spec.reservedConcurrency && parts.stage.reserveConcurrency
          ? { concurrency: { reserved: spec.reservedConcurrency } }
          : {}),
        transform: { function: { tracingConfig: { mode: "Active" } } },
      }),
  );
};

const linkOf = ({ secrets, storage, bus, queues, ocr }: Parts, name: LinkName) => {
  if (name === "Documents") return storage.link;
  if (name === "Bus") return bus.link;
  if (name === "Ocr") return ocr?.link;
  const queue = Object.entries(queues).find(([queueName]) => pascal(queueName) === name)?.[1];
  if (queue) return queue.link;
  return secrets.links[name as keyof Secrets["links"]];
};

const objectActions = { get: "s3:GetObject", put: "s3:PutObject", delete: "s3:DeleteObject" } as const;

/** SST's own links of components grant `s3:*`, `sqs:*`, `events:*`; these say what is done and no more. */
const grants = (parts: Parts, name: FunctionName, spec: FunctionSpec): Permission[] => {
  const { storage, bus, secrets, queues, ocr } = parts;
  const permissions: Permission[] = [];
  const bucket = storage.documents.arn;
  if (spec.documents)
    permissions.push(
      {
        actions: spec.documents.map((action) => objectActions[action]),
        resources: [$interpolate`${bucket}/t/*`],
      },
      // Without it S3 answers 403 instead of 404 for an object that is not there.
      { actions: ["s3:ListBucket"], resources: [bucket] },
    );
  if (spec.links.includes("Bus")) permissions.push({ actions: ["events:PutEvents"], resources: [bus.bus.arn] });
  if (spec.links.includes("Kms"))
    permissions.push({
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [secrets.key.arn],
      conditions: [{ test: "ForAllValues:StringEquals", variable: "kms:EncryptionContextKeys", values: ["tenantId"] }],
    });
  if (ocr && spec.links.includes("Ocr")) permissions.push(...recognition);
  for (const [queueName, { queue, spec: queueSpec }] of Object.entries(queues)) {
    if (spec.links.includes(pascal(queueName) as LinkName))
      permissions.push({ actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"], resources: [queue.arn] });
    if (queueSpec.consumer === name)
      permissions.push({
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
        resources: [queue.arn],
      });
  }
  return permissions;
};

/** Textract has no resources to name; what it may read of the bucket is what the function may. */
const recognition: Permission[] = [
  { actions: ["textract:StartDocumentTextDetection", "textract:GetDocumentTextDetection"], resources: ["*"] },
];

/** X-Ray has no resources to name. */
const tracing: Permission[] = [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }];

/**
 * Puts what each function needs beside its bundle into one directory (SST 4.17.1 zips single files twice) and says where,
 * from the root. A `.ts` source becomes a bundle of its own: a worker thread.
 */
const prepareFiles = async (): Promise<Map<string, string>> => {
  const { build } = await import("esbuild");
  const { cp, rm } = await import("node:fs/promises");
  const directories = new Map<string, string>();
  for (const [name, { files }] of Object.entries(functions)) {
    if (!files) continue;
    const directory = `.sst/files/${name}`;
    await rm(`${$cli.paths.root}/${directory}`, { recursive: true, force: true });
    for (const [to, from] of Object.entries(files)) {
      const source = `${$cli.paths.root}/${from}`;
      const target = `${$cli.paths.root}/${directory}/${to}`;
      if (from.endsWith(".ts")) await build({ ...workerBundle, entryPoints: [source], outfile: target });
      else await cp(source, target, { recursive: true, dereference: true });
    }
    directories.set(name, directory);
  }
  return directories;
};

const workerBundle = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  logLevel: "error",
  // What officeparser would read PDF and pictures with; neither is installed.
  external: ["pdfjs-dist", "pdfjs-dist/*", "tesseract.js"],
  // Libraries written as CommonJS ask for Node's modules by `require`.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
} satisfies import("esbuild").BuildOptions;
