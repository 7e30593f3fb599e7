// `npm run bench -- [pdf] [ingest] [neighbour]`: benchmarks on real servers, one after the other.
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
  const args = ["packages/bench/src/main.ts", ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
} finally {
  await services.stop();
}
