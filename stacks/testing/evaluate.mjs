// Evaluates the real SST program for one stage without an account and writes every resource it would make, as
// `[{type, name, inputs}]`.
//   node stacks/testing/evaluate.mjs --stage production [--dev] [--settings '{"ocr":true}'] [--reuse-bundles] --out resources.json
// What it proves: components, providers' required properties, handlers that bundle and export. What it cannot: value
// ranges that only AWS checks, quotas, the rights of whoever deploys, replacements.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { evaluate } from "./harness.mjs";

const { values } = parseArgs({
  options: {
    stage: { type: "string", default: "production" },
    dev: { type: "boolean", default: false },
    settings: { type: "string", default: "{}" },
    "reuse-bundles": { type: "boolean", default: false },
    out: { type: "string" },
  },
});
const resources = await evaluate({ ...values, reuse: values["reuse-bundles"] });
if (values.out) writeFileSync(values.out, `${JSON.stringify(resources, null, 1)}\n`);
console.log(`${values.stage}${values.dev ? " ($dev)" : ""}: ${resources.length} resources`);
