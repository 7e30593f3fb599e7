// `npm run bench -- [pdf] [large] [ingest] [neighbour] [fairness] [vectors] [search] [plans] [answers]`: benchmarks on real servers, one after the other.
import { execFileSync, spawnSync } from "node:child_process";
import { startServices } from "./services/up.mjs";

execFileSync("scripts/services/install.sh", { stdio: "inherit" });
const services = await startServices();
try {
  const env = {
    ...process.env,
    TEST_DATABASE_URL: services.adminUrl,
    TEST_POOL_URL: services.poolUrl,
    TEST_REDIS_URL: services.redisUrl,
  };
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0
    ? asked
    : ["pdf", "large", "ingest", "neighbour", "fairness", "vectors", "search", "plans"]) {
    const { status } = spawnSync(process.execPath, ["packages/bench/src/main.ts", name], { stdio: "inherit", env });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  await services.stop();
}
