import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FunctionSpec, functions } from "@resolve/functions/topology";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { percentile } from "./statistics.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const processes = Number(process.env["BENCH_PROCESSES"] ?? 50);
/** What a Lambda function with nothing but a router and one route would load. */
const bare = `
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
export const handler = handle(new Hono().get("/", (c) => c.text("hello")));
`;
/** Loads a bundle as the runtime does, and prints the ms of time and CPU. */
const loader = `
const [before, startedAt] = [process.cpuUsage(), performance.now()];
await import(process.argv[1]);
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000 }));
process.exit(0);
`;

type Load = { ms: number; cpuMs: number };

/**
 * The bundle of each handler as SST builds it: its size, and the time that fresh processes take to load it, in turns,
 * beside a bare Hono bundle. What the first request then opens (connections, the model's file) is not part of it.
 */
export const coldStart = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-cold-start-"));
  try {
    writeFileSync(join(directory, "bare.ts"), bare);
    const sources = new Map<string, { source: string; names: string[] }>([
      ["bare", { source: join(directory, "bare.ts"), names: ["a bare Hono bundle"] }],
    ]);
    for (const [name, { handler }] of Object.entries(functions) as [string, FunctionSpec][]) {
      const source = join(root, handler.replace(/\.\w+$/, ".ts"));
      const known = sources.get(source);
      if (known) known.names.push(name);
      else sources.set(source, { source, names: [name] });
    }
    const bundles = await Promise.all([...sources.values()].map((one, n) => bundle(join(directory, String(n)), one)));
    const loads = bundles.map((): Load[] => []);
    for (let round = 0; round < processes; round++)
      for (const [n, { file }] of bundles.entries()) loads[n]!.push(load(file));
    const median = (n: number) =>
      percentile(
        loads[n]!.map(({ ms }) => ms),
        0.5,
      );
    console.log("| handler | kB | kB zipped | load p50, ms | p95 | CPU p50, ms | to bare |");
    console.log("|---|--:|--:|--:|--:|--:|--:|");
    for (const [n, { names, kb, zippedKb }] of bundles.entries()) {
      const p95 = percentile(
        loads[n]!.map(({ ms }) => ms),
        0.95,
      );
      const cpu = percentile(
        loads[n]!.map(({ cpuMs }) => cpuMs),
        0.5,
      );
      const ratio = `${(median(n) / median(0)).toFixed(1)} ×`;
      const cells = [kb, zippedKb, median(n), p95, cpu].map((value) => value.toFixed(0));
      console.log(`| ${[names.join(", "), ...cells, ratio].join(" | ")} |`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const bundle = async (directory: string, { source, names }: { source: string; names: string[] }) => {
  mkdirSync(directory);
  const file = join(directory, "bundle.mjs");
  const { outputFiles } = await build({
    entryPoints: [source],
    outfile: file,
    // So that the bare handler finds Hono.
    nodePaths: [join(root, "node_modules"), join(root, "packages/functions/node_modules")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    external: ["sst"],
    logLevel: "error",
    write: false,
    // The names that SST gives them: sources may import the same function.
    banner: {
      js: 'import { createRequire as topLevelCreateRequire } from "node:module"; const require = topLevelCreateRequire(import.meta.url);',
    },
  });
  const [{ contents }] = outputFiles as [(typeof outputFiles)[number]];
  writeFileSync(file, contents);
  return { names, file, kb: statSync(file).size / 1024, zippedKb: zipSync({ "bundle.mjs": contents }).length / 1024 };
};

const load = (file: string): Load => {
  const env = { ...process.env, SST_RESOURCES_JSON: "{}", AWS_REGION: "us-east-1" };
  const args = ["--input-type=module", "--eval", loader, file];
  const text = execFileSync(process.execPath, args, { env, encoding: "utf8" });
  return JSON.parse(text.trim().split("\n").at(-1)!);
};
