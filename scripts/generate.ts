// Generates files from the sources: OpenAPI document, SDK types, a page for each problem, failure, warning and event, the
// schemas of events, the blueprint's infrastructure tests, and the diagram and stages of the infrastructure.
//   node scripts/generate.ts [--check]   with --check nothing is written and a difference is an error
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { failures } from "../packages/core/src/documents/failures.ts";
import { stages, states, transitions } from "../packages/core/src/documents/states.ts";
import { warnings } from "../packages/core/src/documents/warnings.ts";
import * as jobs from "../packages/core/src/jobs/states.ts";
import { auditActions } from "../packages/core/src/platform/audit-actions.ts";
import { problemTypes } from "../packages/core/src/platform/problems.ts";
import { withInfraTests } from "./blueprint.ts";
import { costPlot, fixedCostsJson, modelJson, modelOf, pageParts, stageCosts } from "./costs.ts";
import { withParts, withPictureAndStages, withRehearsal } from "./infrastructure.ts";

const root = join(import.meta.dirname, "..");
process.env["SST_RESOURCES_JSON"] ??= "{}";
const { openApiDocument } = await import("../packages/functions/src/api/index.ts");
const { eventCatalogue } = await import("../packages/functions/src/event-catalogue.ts");
const { dataSchemaOf, sampleOf, schemaOf } = await import("../packages/functions/src/event-schemas.ts");

/** Path → text of every generated file. */
const generate = async (): Promise<Map<string, string>> => {
  const document = openApiDocument();
  const types = astToString(await openapiTS(document as unknown as OpenAPI3, { defaultNonNullable: false }));
  const priced = await stageCosts(root);
  const costs = modelOf(priced);
  const files = new Map([
    ["packages/sdk/openapi.json", `${JSON.stringify(document, null, 2)}\n`],
    ["packages/sdk/src/api.gen.ts", `/** Generated from the OpenAPI document by scripts/generate.ts. */\n${types}`],
    ["docs/problems/README.md", index("Problems of the API", Object.entries(problemTypes), ({ title }) => title)],
    ["docs/document-states.md", documentStates],
    ["docs/job-states.md", jobStates],
    ["docs/audit-actions.md", auditActionsPage],
    ["docs/blueprint.md", await withInfraTests(root, await readFile(join(root, "docs/blueprint.md"), "utf8"))],
    ["docs/infrastructure.md", await withPictureAndStages(root)],
    ["docs/first-day.md", await withRehearsal(root)],
    ["docs/cost.md", await withParts(root, "docs/cost.md", pageParts(costs))],
    ["docs/cost.svg", costPlot(costs)],
    ["packages/cli/src/cost.gen.json", modelJson(costs)],
    ["packages/core/src/usage/fixed-costs.gen.json", fixedCostsJson(priced)],
    ["docs/failures/README.md", index("Why a document failed", Object.entries(failures), ({ message }) => message)],
    [
      "docs/warnings/README.md",
      index("What may be missing from a document", Object.entries(warnings), ({ message }) => message),
    ],
  ]);
  for (const [code, { status, title, hint }] of Object.entries(problemTypes))
    files.set(
      `docs/problems/${code}.md`,
      `# ${title}\n\n| | |\n|---|---|\n| code | \`${code}\` |\n| HTTP status | ${status} |\n| type | \`/api/docs/problems/${code}\` |\n\n**What to do.** ${hint}\n`,
    );
  for (const [code, { message, hint, retryable }] of Object.entries(failures))
    files.set(
      `docs/failures/${code}.md`,
      `# ${message}\n\n| | |\n|---|---|\n| code | \`${code}\` |\n| retrying helps | ${retryable ? "yes" : "no"} |\n\n**What to do.** ${hint}\n`,
    );
  for (const [code, { message, hint }] of Object.entries(warnings))
    files.set(`docs/warnings/${code}.md`, `# ${message}\n\nThe warning \`${code}\`.\n\n**What to do.** ${hint}\n`);
  for (const event of eventCatalogue.values()) files.set(`docs/events/${event.type}.md`, eventPage(event));
  const events = [...eventCatalogue.values()];
  files.set(
    "docs/events/README.md",
    index(
      "Events",
      events.map((event) => [event.type, event]),
      ({ summary }) => summary,
    ),
  );
  const schemas = Object.fromEntries(events.map((event) => [event.type, schemaOf(event)]));
  files.set("packages/functions/src/event-schemas.gen.json", `${JSON.stringify(schemas, null, 2)}\n`);
  files.set("packages/sdk/src/events.gen.ts", await eventTypesOf(events));
  return files;
};

type EventType = typeof eventCatalogue extends ReadonlyMap<string, infer E> ? E : never;

const eventPage = (event: EventType): string =>
  [
    `# ${event.type}`,
    event.summary,
    `Version ${event.version}; its subject is of the type \`${event.subjectType}\`. The whole event:`,
    `\`\`\`json\n${JSON.stringify(sampleOf(event), null, 2)}\n\`\`\``,
    "The JSON Schema of `data`, to which properties may be added:",
    `\`\`\`json\n${JSON.stringify(dataSchemaOf(event), null, 2)}\n\`\`\`\n`,
  ].join("\n\n");

/** The SDK's types of `data`, by event type. */
const eventTypesOf = async (events: EventType[]): Promise<string> => {
  const schemas = Object.fromEntries(events.map((event) => [event.type, dataSchemaOf(event)]));
  const document = { openapi: "3.1.0", info: { title: "events", version: "1" }, paths: {}, components: { schemas } };
  // The types of an OpenAPI document require each schema in their own form of JSON Schema.
  const types = astToString(await openapiTS(document as unknown as OpenAPI3, { defaultNonNullable: false }));
  return `/** Generated from the event catalogue by scripts/generate.ts. */\n${types}\n/** \`data\` of each type of event. */\nexport type EventData = components["schemas"];\n`;
};

const auditActionsPage = `# Actions of the audit log

| action | what the entry records |
|---|---|
${Object.entries(auditActions)
  .map(([action, what]) => `| \`${action}\` | ${what} |`)
  .join("\n")}
`;

const index = <T>(title: string, entries: [string, T][], line: (entry: T) => string): string =>
  `# ${title}\n\n${entries.map(([code, entry]) => `- [\`${code}\`](${code}.md): ${line(entry)}`).join("\n")}\n`;

type States = Record<string, string>;
type Transitions = Record<string, { from: readonly string[]; to: readonly string[] | string; when: string }>;

/** A page with the state diagram of a table of transitions. `ends` are more lines of the diagram. */
const statesPage = (
  title: string,
  source: string,
  states: States,
  transitions: Transitions,
  ends: string[],
): string => {
  const arrows = Object.entries(transitions).flatMap(([name, { from, to }]) =>
    from.flatMap((one) =>
      [to]
        .flat()
        .filter((other) => other !== one || name === "claim")
        .map((other) => `${one} --> ${other}: ${name}`),
    ),
  );
  const table = (head: string, rows: [string, string][]) =>
    `${head}\n|---|---|\n${rows.map(([name, what]) => `| \`${name}\` | ${what} |`).join("\n")}`;
  return [
    `# ${title}`,
    `Generated from \`${source}\`, the table that every move goes through.`,
    `\`\`\`mermaid\nstateDiagram-v2\n${[...ends, ...arrows].map((line) => `  ${line}`).join("\n")}\n\`\`\``,
    table("| state | |", Object.entries(states)),
    `${table(
      "| move | when |",
      Object.entries(transitions).map(([name, { when }]) => [name, when]),
    )}\n`,
  ].join("\n\n");
};

const documents = "packages/core/src/documents/states.ts";
const documentEnds = ["[*] --> awaiting_upload: upload, address", "[*] --> queued: text", "deleting --> [*]: purge"];
const documentStates = `${statesPage("States of a document", documents, states, transitions, documentEnds)}
Stages of \`processing\`, in order: ${stages.map((stage) => `\`${stage}\``).join(", ")}.\n`;
const jobStates = statesPage("States of a job", "packages/core/src/jobs/states.ts", jobs.states, jobs.transitions, [
  "[*] --> queued",
]);

const files = await generate();
const isCheck = process.argv.includes("--check");
const stale: string[] = [];
for (const [path, text] of files) {
  const present = await readFile(join(root, path), "utf8").catch(() => undefined);
  if (present === text) continue;
  stale.push(path);
  if (isCheck) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
// Remove the pages of removed codes.
for (const directory of ["docs/problems", "docs/failures", "docs/warnings", "docs/events"])
  for (const name of await readdir(join(root, directory)))
    if (!files.has(`${directory}/${name}`)) {
      stale.push(`${directory}/${name}`);
      if (!isCheck) await rm(join(root, directory, name));
    }
for (const path of stale) console.log(`${isCheck ? "out of date" : "written"}: ${path}`);
if (isCheck && stale.length > 0) {
  console.error("Run `npm run generate` and commit the result.");
  process.exit(1);
}
process.exit(0);
