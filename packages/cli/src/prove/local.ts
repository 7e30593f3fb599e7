import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../local/src/main.ts", import.meta.url));
/** Ten seconds on an idle machine; 90 did not suffice on one with seven times as much work as cores. */
const startSeconds = 240;
const stopSeconds = 15;

/** A runtime that is ours: it can be killed and started again, and leaves nothing behind. */
export type Local = {
  apiUrl: string;
  operatorKey: string;
  /** Ends the process as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same data and address; returns when it serves. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
};

/** Starts the local runtime in a process and a data directory of its own. @throws Error with what it printed */
export async function startLocal(): Promise<Local> {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-prove-"));
  let child: ChildProcess | undefined;
  const start = async (port: string) => {
    child = launch(dataDir, port);
    await served(child);
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
  // Its database and cache are its own: nothing of the proof reaches servers that the shell happens to name.
  const { DATABASE_URL: _, REDIS_URL: __, ...env } = process.env;
  return spawn(process.execPath, [main, "--no-demo", "--port", port, "--data", dataDir], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
    // Out of the terminal's reach: Ctrl-C must let the proof clean up first.
    detached: true,
  });
};

/** Its last line says that it serves. */
const served = async (child: ChildProcess): Promise<void> => {
  let said = "";
  const isServing = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (part) => {
        said = `${said}${part}`.slice(-10_000);
        if (said.includes("Stop with Ctrl-C")) resolve();
      });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`The local runtime ended:\n${said}`)));
    setTimeout(
      () => reject(new Error(`The local runtime did not serve within ${startSeconds} s:\n${said}`)),
      startSeconds * 1000,
    ).unref();
  });
  await isServing;
};
