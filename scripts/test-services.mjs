// `npm run test:services`: every suite that uses a database or the whole system, on real PostgreSQL through PgBouncer and
// on Redis; then the fault suite.
import { countTests, failuresOf, run } from "./run.mjs";
import { startManagedPostgres, startServices } from "./services/up.mjs";

const services = await startServices();
const managed = await startManagedPostgres();
const env = { ...services.env, TEST_MANAGED_URL: managed.url };
const faults = (suite) => ["run", "--project", "faults", suite];
const runs = [];
try {
  const suites = ["run", "--project", "services", "--project", "acceptance", ...process.argv.slice(2)];
  runs.push(await run("suites on real servers", "vitest", suites, { env }));
  if (process.argv.length === 2) {
    // Seeds mostly wait, so three processes run at once: two with half of the seeds each, and one with those of webhooks.
    const halves = ["1", "11"].map((first) => ({ ...env, FAULT_FIRST_SEED: first, FAULT_SEEDS: "10" }));
    const cut = halves.map((env) => run("faults: connections cut", "vitest", faults("connections-cut"), { env }));
    runs.push(...(await Promise.all([...cut, run("faults: webhooks", "vitest", faults("webhooks-"), { env })])));
    // After the others, because it restarts the server.
    const restarting = { ...env, TEST_POSTGRES_RESTART: services.restartCommand };
    runs.push(await run("faults: processes killed", "vitest", faults("processes-killed"), { env: restarting }));
  }
} finally {
  managed.stop();
  await services.stop();
}
const counts = runs.map(({ output }) => countTests(output));
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
const broken = runs.filter(({ code }, n) => code !== 0 && counts[n].failed === 0).length;
for (const { output } of runs) for (const line of failuresOf(output)) console.log(line);
console.log(`${sum("passed")} passed, ${sum("failed") + broken} failed`);
process.exit(runs.every(({ code }) => code === 0) ? 0 : 1);
