// `npm run test:services`: the data and whole-system suites on real PostgreSQL through PgBouncer, and on Redis.
import { execFileSync } from "node:child_process";
import { countTests, run } from "./run.mjs";
import { startServices } from "./services/up.mjs";

execFileSync("scripts/services/install.sh", { stdio: "inherit" });
const services = await startServices();
let suites;
try {
  const env = {
    TEST_DATABASE_URL: services.adminUrl,
    TEST_POOL_URL: services.poolUrl,
    TEST_REDIS_URL: services.redisUrl,
  };
  suites = await run(
    "suites on real servers",
    "vitest",
    [
      "run",
      "packages/local/src/data.test.ts",
      "packages/local/src/runtime.test.ts",
      "packages/local/src/consumers.test.ts",
      "packages/local/src/documents.test.ts",
    ],
    { env },
  );
} finally {
  await services.stop();
}
const { passed, failed } = countTests(suites.output);
console.log(`${passed} passed, ${failed + (suites.code !== 0 && failed === 0 ? 1 : 0)} failed`);
process.exit(suites.code);
