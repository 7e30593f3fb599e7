// Evaluates a JSON list of options of `evaluate`, each with the file `out` for its resources, one after the other.
import { rmSync, writeFileSync } from "node:fs";
import { evaluate } from "./harness.mjs";

for (const { out, ...options } of JSON.parse(process.argv[2])) {
  writeFileSync(out, `${JSON.stringify(await evaluate(options), null, 1)}\n`);
  if (!options.keepsCode) rmSync(options.work, { recursive: true });
}
