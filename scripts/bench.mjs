// `npm run bench -- [pdf] [large] [ingest] [neighbour] [fairness] [vectors] [search] [plans] [beside] [million] [reading] [replica] [requests] [events] [visible] [load] [cold-start]`: benchmarks on real servers, one after the other.
// `npm run eval -- [quality] [answers] [answers-fit] [answers-cost]`: the quality of search, by default, and of answers.
// With BENCH_EMBEDDED=1 on the embedded database.
import { spawnSync } from "node:child_process";
import { startServices } from "./services/up.mjs";

const isEmbedded = process.env["BENCH_EMBEDDED"] === "1";
const services = isEmbedded ? { env: {}, stop: () => {} } : await startServices();
try {
  const env = { POWERTOOLS_LOG_LEVEL: "SILENT", ...process.env, ...services.env };
  const isEvaluation = process.argv[2] === "eval";
  const asked = process.argv.slice(isEvaluation ? 3 : 2);
  const groups = {
    events: ["relay", "latency", "sender", "neighbours", "claim", "recovery"].map((figure) => `events-${figure}`),
  };
  for (const name of asked.length > 0
    ? asked.flatMap((word) => groups[word] ?? word)
    : isEvaluation
      ? ["quality"]
      : ["pdf", "large", "ingest", "neighbour", "fairness", "vectors", "search", "plans"]) {
    const { status } = spawnSync(process.execPath, ["packages/bench/src/main.ts", name], { stdio: "inherit", env });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  await services.stop();
}
