import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = (file: string): string => fileURLToPath(new URL(`../../../local/src/${file}`, import.meta.url));
const args = ["--import", program("faster-imports.ts"), program("main.ts"), "--no-demo"];
/** The start takes 10 s on an idle machine, and took more than 90 s on a machine with seven times as much work as cores. */
const startSeconds = 240;
const stopSeconds = 15;

/** A local runtime of this process, which can be killed and restarted. */
export type Local = {
  apiUrl: string;
  operatorKey: string;
  /** Kills the process without a shutdown, like a power cut. */
  kill(): Promise<void>;
  /** Starts it again with the same data and address; returns when the API works. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
};

/** Starts the local runtime in a process and a data directory of its own. @throws Error with its output */
export async function startLocal(): Promise<Local> {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-prove-"));
  let child: ChildProcess | undefined;
  const start = async (port: string) => {
    child = launch(dataDir, port);
    await started(child);
  };
  const stop = async (signal: "SIGKILL" | "SIGTERM") => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child?.kill("SIGKILL"), stopSeconds * 1000);
    await ended;
    clearTimeout(timer);
  };
  const close = async () => {
    await stop("SIGTERM");
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await start("0");
  } catch (error) {
    await close();
    throw error;
  }
  const { apiUrl, adminApiKey } = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8"));
  return {
    apiUrl,
    operatorKey: adminApiKey,
    kill: () => stop("SIGKILL"),
    restart: () => start(new URL(apiUrl).port),
    close,
  };
}

const launch = (dataDir: string, port: string): ChildProcess => {
  // Without these variables it starts its own database and cache, so the proof never uses servers of the environment.
  const { DATABASE_URL: _, REDIS_URL: __, ...env } = process.env;
  return spawn(process.execPath, [...args, "--port", port, "--data", dataDir], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
    // In its own process group, so that Ctrl-C does not end it before the clean-up.
    detached: true,
  });
};

/** Waits for the last line of the start. Both streams exist because `launch` pipes them. */
const started = async (child: ChildProcess): Promise<void> => {
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (part) => {
        output = `${output}${part}`.slice(-10_000);
        if (output.includes("Stop with Ctrl-C")) resolve();
      });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`The local runtime ended:\n${output}`)));
    setTimeout(
      () => reject(new Error(`The local runtime did not start within ${startSeconds} s:\n${output}`)),
      startSeconds * 1000,
    ).unref();
  });
  await ready;
};
