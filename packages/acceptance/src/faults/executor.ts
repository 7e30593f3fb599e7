import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { now } from "@resolve/core/platform/clock";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import type { FunctionName, TaskName } from "@resolve/functions/topology";
import { consume } from "@resolve/local/consumer";

/** Runs handlers in a worker that can die. */
export type Executor = {
  invoke(name: FunctionName | TaskName, event: unknown): Promise<unknown>;
  /** Ends the worker at once. */
  kill(): void;
  /** Starts a new worker after a death. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** Runs in this process. Its death is simulated by the database proxy, which closes its connections. */
export const inProcess = (): Executor => ({
  invoke: consume,
  kill: () => {},
  // Not awaited: a new process does not wait for the old one's connections.
  restart: async () => void closeDatabases(),
  close: async () => {},
});

/** Runs in a child process that is ended by SIGKILL. All child processes get the environment of this call. */
export async function childProcess(): Promise<Executor> {
  let child: ChildProcess;
  let invocations = 0;
  const env = { ...process.env };
  const start = async () => {
    child = fork(new URL("./worker-process.ts", import.meta.url), {
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await once(child, "message");
  };
  await start();
  return {
    invoke: (name, event) => {
      const id = invocations++;
      const current = child;
      return new Promise((resolve, reject) => {
        const onMessage = (reply: { id: number; result?: unknown; error?: string }) => {
          if (reply.id !== id) return;
          done();
          if (reply.error === undefined) resolve(reply.result);
          else reject(new Error(reply.error));
        };
        const onExit = () => {
          done();
          reject(new Error("the worker was killed"));
        };
        const done = () => {
          current.off("message", onMessage);
          current.off("exit", onExit);
        };
        current.on("message", onMessage);
        current.on("exit", onExit);
        current.send({ id, name, event, clockOffset: now().getTime() - Date.now() });
      });
    },
    kill: () => child.kill("SIGKILL"),
    restart: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await start();
    },
    close: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
