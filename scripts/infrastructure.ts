import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  functions,
  isTask,
  pascal,
  queues,
  routes,
  rules,
  schedules,
  tasks,
} from "../packages/functions/src/topology.ts";
import { stageOf } from "../stacks/stage.ts";

/** Updates the diagram of `docs/infrastructure.md` from the topology, and its table from the stages. */
export const withPictureAndStages = async (root: string): Promise<string> => {
  let page = await readFile(join(root, "docs/infrastructure.md"), "utf8");
  for (const [name, text] of Object.entries({ picture, stages: stageTable() }))
    page = page.replace(
      new RegExp(`(<!-- ${name}: generated -->\n)[\\s\\S]*?(<!-- end -->)`),
      (_, open, close) => `${open}\n${text}\n\n${close}`,
    );
  return page;
};

const workers = Object.entries({ ...functions, ...tasks });
const senders = (link: string) =>
  workers.filter(([, { links }]) => (links as string[]).includes(link)).map(([name]) => name);
/** A queue with more senders than this has one arrow, from the database with its outbox. */
const sendersMax = 3;

const sends = (link: string, node: string): string[] =>
  senders(link).length > sendersMax ? [`db --> ${node}`] : senders(link).map((name) => `${name} --> ${node}`);

const lines = [
  'callers["callers"] --> edge["CloudFront and firewall"]',
  'edge --> console["console (S3)"]',
  'edge --> gateway["API Gateway"]',
  ...[...new Set(Object.values(routes))].map((name) => `gateway --> ${name}`),
  'db[("PostgreSQL: rows and outbox")]',
  ...Object.entries(functions).map(([name, { network }]) =>
    network === "vpc" ? `${name} --- db` : `${name}["${name}, outside the VPC"]`,
  ),
  ...Object.keys(queues).flatMap((name) => [`${name}.q[["${name}"]]`, ...sends(pascal(name), `${name}.q`)]),
  ...Object.entries(queues).map(
    ([name, { consumer }]) => `${name}.q --> ${consumer}${isTask(consumer) ? '["vector-worker (Fargate)"]' : ""}`,
  ),
  'bus{{"EventBridge"}}',
  ...sends("Bus", "bus"),
  's3[("S3: documents")] --> awsBus{{"AWS events"}}',
  ...Object.values(rules).map(({ bus, target }) => `${bus === "resolve" ? "bus" : "awsBus"} --> ${target}`),
  ...Object.entries(schedules).map(([name, { expression, target }]) => `${name}.s(["${expression}"]) --> ${target}`),
  ...workers.filter(([, { documents }]) => documents).map(([name]) => `${name} -.- s3`),
];
const picture = `\`\`\`mermaid\nflowchart LR\n${lines.map((line) => `  ${line}`).join("\n")}\n\`\`\``;

const shown = ["production", "production-lean", "production-west", "staging", "a developer's"];

const stageTable = (): string => {
  const stages = shown.map((name) => flat(stageOf(name)));
  const keys = [...new Set(stages.flatMap((stage) => Object.keys(stage)))];
  const rows = keys.map((key) => `| \`${key}\` | ${stages.map((stage) => stage[key] ?? "–").join(" | ")} |`);
  return [`| | ${shown.join(" | ")} |`, `|---|${shown.map(() => "---").join("|")}|`, ...rows].join("\n");
};

/** `{tasks: {min: 3}}` → `{"tasks.min": "3"}`. */
const flat = (value: object, prefix = ""): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined
        ? []
        : typeof inner === "object" && !Array.isArray(inner)
          ? Object.entries(flat(inner, `${prefix}${key}.`))
          : [[`${prefix}${key}`, String(inner)]],
    ),
  );
