import { ingest } from "./ingest.ts";
import { large } from "./large.ts";
import { neighbour } from "./neighbour.ts";
import { pdf } from "./pdf.ts";

const benchmarks = { pdf, large, ingest, neighbour };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(1);
}
process.env["POWERTOOLS_LOG_LEVEL"] ??= "SILENT";
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  await run();
}
process.exit(0);
