// `npm run check`: all static checks of the sources.
import { run } from "./run.mjs";

const steps = [
  ["biome", "biome", ["check", "--error-on-warnings", "."]],
  ["types", "tsc", ["-p", "."]],
  ["generated files", process.execPath, ["scripts/generate.ts", "--check"]],
  ["SST platform", process.execPath, ["stacks/testing/install.mjs"]],
  ["types of stacks", "tsc", ["-p", "stacks"]],
  ["import order", "depcruise", ["--config", ".dependency-cruiser.cjs", "packages", "stacks", "--output-type", "err"]],
];
let failed = 0;
for (const [title, command, args] of steps) if ((await run(title, command, args)).code !== 0) failed += 1;
process.exit(failed === 0 ? 0 : 1);
