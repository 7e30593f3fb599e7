import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { services, total } from "../packages/core/src/usage/items.ts";
import { pricesReadOn } from "../packages/core/src/usage/prices.ts";
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
import { type Cost, reserved } from "../stacks/cost.ts";
import { promiseTable } from "../stacks/promises.ts";
import { budgetUnderDevUsd, stageOf } from "../stacks/stage.ts";
import { stageCosts } from "./costs.ts";

/** Replaces the parts of a page between `<!-- NAME: generated -->` and `<!-- end -->`. */
export const withParts = async (root: string, file: string, parts: Record<string, string>): Promise<string> => {
  let page = await readFile(join(root, file), "utf8");
  for (const [name, text] of Object.entries(parts))
    page = page.replace(
      new RegExp(`(<!-- ${name}: generated -->\n)[\\s\\S]*?(<!-- end -->)`),
      (_, open, close) => `${open}\n${text}\n\n${close}`,
    );
  return page;
};

/** Updates `docs/infrastructure.md`: the diagram from the topology, and the tables from stages and costs. */
export const withPictureAndStages = async (root: string): Promise<string> =>
  withParts(root, "docs/infrastructure.md", {
    picture,
    stages: stageTable(),
    costs: await costTable(root),
    promises: promiseTable(),
  });

type Page = {
  diagram: string;
  usualSeconds: number;
  mostSeconds: number;
  requirements: { what: string; how: string }[];
  commands: string[];
};

/** Updates `docs/first-day.md` from the rehearsal that `npm run infra:accept` wrote. */
export const withRehearsal = async (root: string): Promise<string> => {
  const json = await readFile(join(root, "stacks/testing/expected/rehearsal.json"), "utf8");
  const { diagram, usualSeconds, mostSeconds, requirements, commands } = JSON.parse(json) as Page;
  const minutes = (seconds: number) => `${Math.ceil(seconds / 60)} minutes`;
  return withParts(root, "docs/first-day.md", {
    requirements: requirements
      .map(({ what, how }) => `- ${what}: ${how.includes("--") ? `\`${how}\`` : how}`)
      .join("\n"),
    commands: `\`\`\`sh\n${commands.join("\n")}\n\`\`\``,
    path: `${diagram}\n\nProduction usually takes ${minutes(usualSeconds)}, and ${minutes(mostSeconds)} if each step takes as long as it may.`,
  });
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

/** The table of `docs/infrastructure.md` from the costs that `npm run infra:accept` wrote. */
const costTable = async (root: string): Promise<string> => {
  const costs: Record<string, Cost> = await stageCosts(root);
  const names: Record<string, string> = { developer: "a developer's", "developer-dev": "under sst dev" };
  const row = (title: string, of: (cost: Cost, name: string) => number) =>
    `| ${title} | ${Object.entries(costs)
      .map(([name, cost]) => usd(of(cost, name)))
      .join(" | ")} |`;
  const charged = services.filter((service) => Object.values(costs).some(({ fixed }) => fixed[service]));
  return [
    `| USD a month, ${pricesReadOn} | ${Object.keys(costs)
      .map((name) => names[name] ?? name)
      .join(" | ")} |`,
    `|---|${Object.keys(costs)
      .map(() => "--:")
      .join("|")}|`,
    ...charged.map((service) => row(service, ({ fixed }) => fixed[service] ?? 0)),
    row("**fixed**", ({ fixed }) => total(fixed)),
    row("fixed, with reserved database instances", ({ fixed }) => total(reserved(fixed))),
    row("idle: polling and its logs", ({ idle }) => total(idle)),
    row("budget", (_, name) => (name === "developer-dev" ? budgetUnderDevUsd : stageOf(name).budgetUsd)),
  ].join("\n");
};

const usd = (amount: number): string => (amount === 0 ? "–" : amount.toFixed(amount < 10 ? 1 : 0));

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
