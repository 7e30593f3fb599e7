// `npm run test:faults -- 1000 [first seed]`: that many seeds of the fault suite on real servers, and random actors for as long (model.test.ts), logged to faults.log as
// they run. They mostly wait, so each core runs two processes, each with its own servers, because a seed may restart them.
import { createWriteStream } from "node:fs";
import { availableParallelism } from "node:os";
import { countTests, run } from "./run.mjs";
import { startServices } from "./services/up.mjs";

const [seeds, first] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 1)];
const log = createWriteStream("faults.log");
const perLane = Math.ceil(seeds / Math.min(seeds, 2 * availableParallelism()));
const firstOfLanes = Array.from({ length: Math.ceil(seeds / perLane) }, (_, lane) => first + lane * perLane);

const runLane = async (firstOfLane) => {
  const count = Math.min(perLane, first + seeds - firstOfLane);
  const services = await startServices();
  try {
    const env = {
      ...services.env,
      TEST_POSTGRES_RESTART: services.restartCommand,
      FAULT_FIRST_SEED: String(firstOfLane),
      FAULT_SEEDS: String(count),
      FAULT_KILLING_SEEDS: String(Math.ceil(count / 10)),
      FAULT_LOG: "1",
      // A seed of the suite takes about five seconds.
      MODEL_SECONDS: String(count * 5),
    };
    const results = [];
    // One after the other, because a suite that kills restarts the server.
    for (const suite of ["connections-cut", "processes-killed", "webhooks-cut", "webhooks-killed", "model"]) {
      const title = `${suite}, seeds from ${firstOfLane} on`;
      const args = ["run", "--project", "faults", suite];
      const { code, output } = await run(title, "vitest", args, { env, log });
      const { passed, failed } = countTests(output);
      results.push({ passed, failed: failed + (code !== 0 && failed === 0 ? 1 : 0) });
    }
    return results;
  } finally {
    await services.stop();
  }
};

const results = (await Promise.all(firstOfLanes.map(runLane))).flat();
const sum = (of) => results.reduce((total, result) => total + of(result), 0);
const failed = sum((result) => result.failed);
const summary = `${sum(({ passed }) => passed)} passed, ${failed} failed`;
log.end(`${summary}\n`);
console.log(summary);
process.exitCode = failed === 0 ? 0 : 1;
