// Records the present event catalogue as the one that consumers rely on. A change that would break them needs a higher version.
//   npm run events:accept
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { breakingChanges, type Snapshot } from "../packages/functions/src/event-evolution.ts";

process.env["SST_RESOURCES_JSON"] ??= "{}";
const { eventCatalogue } = await import("../packages/functions/src/event-catalogue.ts");
const { dataSchemaOf } = await import("../packages/functions/src/event-schemas.ts");

const path = join(import.meta.dirname, "../packages/functions/src/event-snapshot.json");
const before: Snapshot = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
const after: Snapshot = Object.fromEntries(
  [...eventCatalogue].map(([type, event]) => [type, { version: event.version, data: dataSchemaOf(event) }]),
);
const breaking = breakingChanges(before, after);
for (const change of breaking) console.error(`breaks consumers: ${change}`);
if (breaking.length > 0) {
  console.error("Keep what was there, or raise the event's version.");
  process.exit(1);
}
await writeFile(path, `${JSON.stringify(after, null, 2)}\n`);
console.log(`${Object.keys(after).length} events are recorded`);
process.exit(0);
