// `npm run test:faults -- 1000 [first seed]`: that many seeds of the fault suite on real servers, logged to faults.log.
import { execFileSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { countTests, run } from "./run.mjs";
import { startServices } from "./services/up.mjs";

const [seeds = "1000", first = "1"] = process.argv.slice(2);
execFileSync("scripts/services/install.sh", { stdio: "inherit" });
const services = await startServices();
writeFileSync("faults.log", "");
let passed = 0;
let failed = 0;
try {
  const env = {
    TEST_DATABASE_URL: services.adminUrl,
    TEST_POOL_URL: services.poolUrl,
    TEST_POSTGRES_RESTART: services.restartCommand,
    FAULT_FIRST_SEED: first,
    FAULT_SEEDS: seeds,
    FAULT_KILLING_SEEDS: String(Math.ceil(Number(seeds) / 10)),
    FAULT_LOG: "1",
  };
  for (const suite of ["faults", "faults-killed"]) {
    const { code, output } = await run(suite, "vitest", ["run", `packages/local/src/${suite}.test.ts`], { env });
    appendFileSync("faults.log", output);
    const counts = countTests(output);
    passed += counts.passed;
    failed += counts.failed + (code !== 0 && counts.failed === 0 ? 1 : 0);
  }
} finally {
  await services.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
