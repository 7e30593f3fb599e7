import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { type Edge, type Stage, stageOf } from "../stage.ts";

export const root = join(import.meta.dirname, "..", "..");
const exec = promisify(execFile);

// biome-ignore lint/suspicious/noExplicitAny: the provider has a type for each, and `typeErrors` checks them.
export type Inputs = Record<string, any>;
export type EvaluatedResource = {
  type: string;
  name: string;
  inputs: Inputs;
  waitsFor: string[];
  /** `type name` of the resources that it waits for. */
  dependencies: string[];
  /** The property with its name in AWS, and the name, when the type has names. */
  named?: { property: string; value: string };
  /** The values that AWS would return. */
  outputs: string[];
  ignoreChanges: string[];
};
export type Evaluation = {
  json: string;
  resources: EvaluatedResource[];
  /** Inputs of every resource of a type such as `sqs/queue:Queue`, by name. */
  all(type: string): Map<string, Inputs>;
  /** @throws Error when there is not exactly one. */
  one(type: string, name: string): Inputs;
  /** Names of the resources that a resource depends on. */
  waitsFor(type: string, name: string): string[];
  /** Properties that keep the value of the previous deployment. */
  ignoreChanges(type: string, name: string): string[];
  /** Names of the secrets that an operator sets. */
  secrets(): string[];
  /** Names of the links, and the properties of one link. */
  links(): string[];
  link(name: string): Inputs;
  /** The value of the secret that a link names. */
  secretOf(link: string): string;
};

/**
 * `settings` override those of the stage. `keepsCode` keeps the code that SST would upload, about 150 MB. `canary`
 * evaluates a deployment by scripts/deploy.sh.
 */
type Variant = {
  stage: string;
  dev?: boolean;
  settings?: Partial<Stage>;
  keepsCode?: boolean;
  deployment?: number;
  canary?: boolean;
};

const withDomain: Edge = {
  domain: "resolve.example",
  waf: { rate: "count", geo: "count", sqli: "count", xss: "count" },
  originVerify: { newest: 2, sent: 1 },
};

/** The evaluations that the tests read. */
export const variants = {
  production: { stage: "production", keepsCode: true },
  "production-again": { stage: "production", keepsCode: true },
  "production-models": {
    stage: "production",
    settings: { ocr: true, answering: { provider: "bedrock", model: "amazon.nova-lite-v1:0" } },
  },
  "production-domain": {
    stage: "production",
    settings: {
      datadog: { site: "datadoghq.com", role: "DatadogIntegrationRole" },
      edge: withDomain,
      database: { ...stageOf("production").database, readReplica: true },
    },
  },
  "production-options": {
    stage: "production",
    settings: {
      cache: "cache.r6g.xlarge",
      searchResultsSeconds: 300,
      embedding: { provider: "openai", baseUrl: "https://api.openai.com/v1", model: "text-embedding-3-small" },
      mailDomain: "resolve.example",
      edge: withDomain,
      threatProtection: true,
      fixedEgress: true,
      identityProviders: {
        Halden: { tenantId: "ten_01j9x0000000e008000000000a", metadataUrl: "https://idp.halden.example/metadata" },
        Brandt: {
          tenantId: "ten_01j9x0000000e008000000000b",
          issuer: "https://id.brandt.example",
          clientId: "resolve",
        },
      },
    },
  },
  "production-west": { stage: "production-west" },
  "production-west-standby": { stage: "production-west", settings: { edge: withDomain } },
  "production-west-active": { stage: "production-west", settings: { standby: false, edge: withDomain } },
  // Long after a recovery, with copies in the first region.
  "production-west-kept": { stage: "production-west", settings: { standby: false, recoveryRegion: "us-east-1" } },
  "production-lean": { stage: "production-lean" },
  staging: { stage: "staging", deployment: 2 },
  "staging-canary": { stage: "staging", deployment: 2, canary: true },
  // The longest name that a stage may have.
  developer: { stage: "developers-with-the-longest-name" },
  "developer-dev": { stage: "developer", dev: true, keepsCode: true },
} satisfies Record<string, Variant>;
/** Stages with GitHub's roles of an account, and without the system. */
export const accountVariants = {
  "github-production": { stage: "github-production" },
  "github-preview": { stage: "github-preview" },
} satisfies Record<string, Variant>;
export type EvaluatedName = keyof typeof variants | keyof typeof accountVariants;

/** Writes evaluations to `directory`/NAME.json, with the bundles of `bundleAll`. One process evaluates them in turn. */
export async function evaluate(names: EvaluatedName[], directory: string): Promise<void> {
  const list = names.map((name) => ({
    ...({ ...variants, ...accountVariants }[name] as Variant),
    work: join(directory, name),
    out: join(directory, `${name}.json`),
  }));
  const args = [
    // A larger young generation saves a sixth of the time, which garbage collection would take.
    "--max-semi-space-size=64",
    // Pulumi reads a stack trace for each of its promises, which takes a sixth of the time.
    "--stack-trace-limit=0",
    join(root, "stacks/testing/evaluate-all.mjs"),
    JSON.stringify(list),
  ];
  const env = { ...process.env, GITHUB_REPOSITORY: "acme/resolve" };
  await exec(process.execPath, args, { cwd: root, env });
}

/** The code that SST would upload for a function of production. */
export const codeOf = (name: string): string => join(inject("evaluations"), "production/artifacts", name, "code.zip");
/** The directory from which `sst dev` runs a function of a developer's stage. */
export const devDirectoryOf = (name: string): string =>
  join(inject("evaluations"), "developer-dev/artifacts", `${name}-dev`);
/** The build context of the image of a production task. */
export const imageOf = (name: string): string => join(inject("evaluations"), "production/files", name);

/** Reads an evaluation that `setup.ts` wrote for this run, once. A test that changes resources copies them first. */
export function evaluated(name: EvaluatedName): Evaluation {
  const known = read.get(name);
  if (known) return known;
  const json = readFileSync(join(inject("evaluations"), `${name}.json`), "utf8");
  const evaluation = { ...withResources(JSON.parse(json) as EvaluatedResource[]), json };
  read.set(name, evaluation);
  return evaluation;
}
const read = new Map<EvaluatedName, Evaluation>();

/** An evaluation with these resources. */
export function withResources(resources: EvaluatedResource[]): Evaluation {
  const all = (type: string) =>
    new Map(resources.filter((r) => r.type === `aws:${type}`).map((r) => [r.name, plain(r.inputs) as Inputs]));
  const one = (type: string, name: string) => {
    const inputs = all(type).get(name);
    if (!inputs) throw new Error(`there is no ${type} ${name}`);
    return inputs;
  };
  const find = (type: string, name: string) => resources.find((r) => r.type === `aws:${type}` && r.name === name);
  const linked = resources.filter(({ type }) => type === "sst:sst:LinkRef");
  const link = (name: string) =>
    plain(linked.find((one) => one.name === `${name}LinkRef`)?.inputs["properties"]) as Inputs;
  return {
    json: "",
    resources,
    all,
    one,
    waitsFor: (type, name) => find(type, name)?.waitsFor ?? [],
    ignoreChanges: (type, name) => find(type, name)?.ignoreChanges ?? [],
    secrets: () => resources.filter(({ type }) => type === "sst:sst:Secret").map(({ name }) => name),
    link,
    secretOf: (link) => one("secretsmanager/secretVersion:SecretVersion", `${link}SecretValue`)["secretString"],
    links: () => linked.map(({ name }) => name.replace(/LinkRef$/, "")),
  };
}

/** The resources of a stage, one `type name` per line, as in `expected/`. */
export const listing = ({ resources }: Evaluation): string =>
  `${resources
    .filter(({ type }) => !type.startsWith("sst:"))
    .map(({ type, name }) => `${type.replace(/^(\w+):.*:/, "$1:")} ${name}`)
    .join("\n")}\n`;

/** Checks the resolved inputs of every AWS resource against the provider's types; returns the output of tsc. */
export async function typeErrors({ resources }: Evaluation): Promise<string> {
  const directory = await mkdtemp(join(root, ".sst", "types-"));
  const provider = join(root, ".sst/platform/node_modules/@pulumi/aws");
  const imports = new Map<string, string>();
  const lines: string[] = [];
  for (const { type, inputs } of resources.filter((r) => r.type.startsWith("aws:"))) {
    const [, module, name] = type.split(":") as [string, string, string];
    const alias = module.replace(/\W/g, "_");
    imports.set(alias, `import type * as ${alias} from "${provider}/${module}";`);
    lines.push(`export const r${lines.length}: ${alias}.${name}Args = ${JSON.stringify(plain(inputs))};`);
  }
  try {
    await writeFile(join(directory, "resolved.ts"), [...imports.values(), ...lines].join("\n"));
    const flags = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "--target",
      "es2022",
      "--types",
      "node",
    ];
    await exec(join(root, "node_modules/.bin/tsc"), [...flags, join(directory, "resolved.ts")], { cwd: root });
    return "";
  } catch (error) {
    return String((error as { stdout?: string }).stdout || error);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A null means "not set"; a secret is replaced by its value. */
const plain = (value: unknown): unknown => {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  if ("$secret" in (value as object)) return plain((value as { $secret: unknown }).$secret);
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, plain(inner)]));
};
