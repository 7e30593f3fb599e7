import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { StartError, writeAtomically } from "./data-directory.ts";
import { type Runtime, startRuntime } from "./runtime.ts";

type Options = { port: number; data: string; demo: boolean; reset: boolean; strictEgress: boolean };

const portOf = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("The port must be a number from 0 to 65535.");
  return port;
};

const program = new Command("resolve-local")
  .description("Runs all of Resolve on this machine, without a cloud account.")
  .option("--port <number>", "port of the API and the console; 0 selects a free one", portOf, 5000)
  .option("--data <directory>", "directory for all data", ".local")
  .option("--no-demo", "do not onboard the demo tenant")
  .option("--reset", "delete the contents of the data directory first", false)
  .option("--strict-egress", "refuse webhooks to loopback, as a deployed stage does", false)
  .parse();

const startedAt = performance.now();
const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`;
const print = (line: string) => console.log(`${elapsed()}  ${line}`);

/** A signal ends the program at any time: the first one closes what is open, a second one ends it at once. */
const stopping = new AbortController();
const closeSecondsMax = 15;
let runtime: Runtime | undefined;
let exitCode = 0;
const stop = async (code: { started: number; starting: number }): Promise<void> => {
  if (stopping.signal.aborted) process.exit(exitCode || 1);
  exitCode = runtime ? code.started : code.starting;
  print("stopping");
  setTimeout(() => process.exit(exitCode || 1), closeSecondsMax * 1000);
  stopping.abort();
  if (!runtime) return;
  await runtime.close();
  process.exit(exitCode);
};
// A start that a signal ended has the exit code of that signal.
process.on("SIGINT", () => stop({ started: 0, starting: 130 }));
process.on("SIGTERM", () => stop({ started: 0, starting: 143 }));

try {
  const options = program.opts<Options>();
  const dataDir = resolve(options.data);
  if (options.reset) reset(dataDir);
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, JWT_SECRET: jwtSecret } = process.env;
  const { OPENAI_EMBEDDING_MODEL: model, OPENAI_ANSWERING_MODEL: answering, OPENAI_API_KEY: apiKey = "" } = process.env;
  const baseUrl = process.env["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1";
  runtime = await startRuntime({
    port: options.port,
    dataDir,
    strictEgress: options.strictEgress,
    databaseUrl,
    redisUrl,
    jwtSecret,
    links: {
      ...(model ? { Embedding: { provider: "openai", baseUrl, apiKey, model } } : {}),
      ...(answering ? { Answering: { provider: "openai", baseUrl, apiKey, model: answering } } : {}),
    },
    log: print,
    signal: stopping.signal,
    onLost: (error) => {
      console.error(`The data directory ${dataDir} can no longer be used (${error.message}).`);
      void stop({ started: 1, starting: 1 });
    },
  });

  const file = join(dataDir, "credentials.json");
  const known: { demo?: { tenantId: string; apiKey: string } } = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : {};
  const { apiUrl, consoleUrl, adminApiKey } = runtime;
  // What the event buses of customers have received.
  const { endpoint: customerEventsUrl } = Object(runtime.resources["CustomerRoles"]);
  const credentials = {
    apiUrl,
    consoleUrl,
    adminApiKey,
    customerEventsUrl,
    ...(known.demo ? { demo: known.demo } : {}),
  };
  writeAtomically(file, credentials);
  let demo = known.demo;
  if (options.demo) {
    const { runDemo } = await import("./demo/demo.ts");
    try {
      demo = await runDemo({ apiUrl, adminApiKey, existing: known.demo, print });
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      print(`The demo failed; the system runs without it, and the next start tries it again. ${String(error)}`);
    }
    if (demo) writeAtomically(file, { ...credentials, demo });
  }
  console.log(`
Console      ${consoleUrl}
API          ${apiUrl}   reference ${apiUrl}/docs
Mailbox      ${consoleUrl}mailbox
Credentials  ${file}
Answers      ${answering ? `by openai/${answering} at ${baseUrl}` : "quotes of the documents"}

Try:
  curl -s ${apiUrl}/ready
  curl -s ${apiUrl}/v1/tenants -H "Authorization: Bearer ${adminApiKey}"
  curl -s ${apiUrl}/v1/${demo ? `search -H "Authorization: Bearer ${demo.apiKey}" -H 'content-type: application/json' -d '{"query":"notice period"}'` : `roles -H "Authorization: Bearer ${adminApiKey}"`}

Stop with Ctrl-C.`);
} catch (error) {
  // `stop` closes a runtime that has started.
  if (!stopping.signal.aborted) fail(error);
  else if (!runtime) process.exit(exitCode);
}

function fail(error: unknown): never {
  // Only the first line of a driver's or library's error is shown; the rest rarely helps the user.
  const message =
    error instanceof StartError
      ? error.message
      : `Resolve could not start: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  console.error(message);
  if (process.env["POWERTOOLS_LOG_LEVEL"] === "DEBUG") console.error(error);
  process.exit(1);
}

/** Empties the data directory, unless it contains other files. */
function reset(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  const ours = new Set([
    "postgres",
    "objects",
    "secrets.json",
    "credentials.json",
    "user-pool.json",
    "mailbox.json",
    "lock",
  ]);
  const strange = readdirSync(dataDir).filter((name) => !ours.has(name));
  if (strange.length > 0)
    throw new StartError(
      `${dataDir} contains ${strange[0]}, which Resolve did not create, so --reset deletes nothing.`,
    );
  for (const name of ours) if (name !== "lock") rmSync(join(dataDir, name), { recursive: true, force: true });
}
