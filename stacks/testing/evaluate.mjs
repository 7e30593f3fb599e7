// Evaluates the real SST program for one stage without an AWS account and writes every resource as `[{type, name,
// inputs}]`.
// node stacks/testing/evaluate.mjs --stage production [--dev] [--settings '{"ocr":true}'] [--deployment 2]
// [--reuse-bundles] [--keeps-code] [--work DIR] --out resources.json
// It checks components, the providers' required properties, and that handlers can be bundled and have their exports. It
// cannot check value ranges that only AWS knows, quotas, the deployer's permissions, or replacements.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleAll, evaluate } from "./harness.mjs";

const { values } = parseArgs({
  options: {
    stage: { type: "string", default: "production" },
    dev: { type: "boolean", default: false },
    settings: { type: "string", default: "{}" },
    deployment: { type: "string", default: "1" },
    "keeps-code": { type: "boolean", default: false },
    "reuse-bundles": { type: "boolean", default: false },
    // Another program than the bundled sst.config.ts.
    program: { type: "string" },
    work: { type: "string", default: join(import.meta.dirname, "..", "..", ".sst", "evaluation") },
    out: { type: "string" },
  },
});
if (!values["reuse-bundles"]) await bundleAll();
const resources = await evaluate({
  ...values,
  settings: JSON.parse(values.settings),
  deployment: Number(values.deployment),
  keepsCode: values["keeps-code"],
  canary: process.env.RESOLVE_CANARY === "1",
  work: resolve(values.work),
});
if (values.out) writeFileSync(values.out, `${JSON.stringify(resources, null, 1)}\n`);
const counts = new Map();
for (const { type } of resources.filter(({ type }) => !type.startsWith("sst:")))
  counts.set(type, (counts.get(type) ?? 0) + 1);
for (const [type, count] of [...counts].sort()) console.log(`${String(count).padStart(4)}  ${type}`);
const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `${String(total).padStart(4)}  resources of ${counts.size} types in stage ${values.stage}${values.dev ? " under sst dev" : ""}`,
);
