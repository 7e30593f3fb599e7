// `npm run test:services`: the data and whole-system suites on real PostgreSQL through PgBouncer, and on Redis.
import { execFileSync } from "node:child_process";
import { countTests, run } from "./run.mjs";
import { startManagedPostgres, startServices } from "./services/up.mjs";

execFileSync("scripts/services/install.sh", { stdio: "inherit" });
const services = await startServices();
const env = {
  TEST_DATABASE_URL: services.adminUrl,
  TEST_POOL_URL: services.poolUrl,
  TEST_REDIS_URL: services.redisUrl,
};
const suite = (name) => `packages/${name}.test.ts`;
const runs = [];
try {
  const managed = await startManagedPostgres();
  const withPasswords = { ...env, TEST_MANAGED_URL: managed.url };
  runs.push(await run("passwords, as on RDS", "vitest", ["run", suite("local/src/rotation")], { env: withPasswords }));
  managed.stop();
  const files = [
    "local/src/data",
    "local/src/runtime",
    "local/src/consumers",
    "local/src/documents",
    "acceptance/src/collections",
    "local/src/search",
    "acceptance/src/answers",
    "local/src/written-answers",
    "core/src/documents/index/write",
    "local/src/jobs",
    "local/src/worker",
    "core/src/platform/database/connections",
    "core/src/platform/services/cache",
  ].map(suite);
  runs.push(await run("suites on real servers", "vitest", ["run", ...files], { env }));
  runs.push(await run("search quality", "vitest", ["run", "packages/bench/src/quality.test.ts"], { env }));
  // Most of their time is waiting: two at once, each with half of the seeds.
  const halves = ["1", "46"].map((first) => ({ ...env, FAULT_FIRST_SEED: first, FAULT_SEEDS: "45" }));
  const cut = halves.map((env) =>
    run("faults: connections cut", "vitest", ["run", suite("acceptance/src/faults/connections-cut")], { env }),
  );
  runs.push(...(await Promise.all(cut)));
  // Alone: it restarts the server.
  const restarting = { ...env, TEST_POSTGRES_RESTART: services.restartCommand };
  runs.push(
    await run("faults: processes killed", "vitest", ["run", suite("acceptance/src/faults/processes-killed")], {
      env: restarting,
    }),
  );
} finally {
  await services.stop();
}
const counts = runs.map(({ output }) => countTests(output));
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
const broken = runs.filter(({ code }, n) => code !== 0 && counts[n].failed === 0).length;
console.log(`${sum("passed")} passed, ${sum("failed") + broken} failed`);
process.exit(runs.every(({ code }) => code === 0) ? 0 : 1);
