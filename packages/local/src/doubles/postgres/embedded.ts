import { once } from "node:events";
import { Worker } from "node:worker_threads";

export type EmbeddedPostgres = {
  port: number;
  /** Connection string of a login role; `postgres` is the superuser. */
  url(user?: string): string;
  close(): Promise<void>;
};

/** Connection string of a login role. */
export const embeddedUrl = (port: number, user = "postgres"): string =>
  `postgres://${user}:local@127.0.0.1:${port}/postgres`;

/**
 * Starts PostgreSQL with pgvector in a thread of this process, on disk in `dataDir` or in memory. Takes about a second.
 */
export async function startEmbeddedPostgres(
  options: { dataDir?: string; port?: number } = {},
): Promise<EmbeddedPostgres> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: options, env: {} });
  const exit = new Promise((resolve) => worker.once("exit", resolve));
  const [reply] = await Promise.race([
    once(worker, "message"),
    once(worker, "error").then(([error]) => Promise.reject(error)),
  ]);
  const { port }: { port: number } = reply;
  return {
    port,
    url: (user) => embeddedUrl(port, user),
    // The thread ends by itself: when it is terminated as it runs, V8 sometimes ends the whole process (SIGTRAP).
    close: async () => {
      worker.postMessage("close");
      const terminating = setTimeout(() => void worker.terminate(), 5_000);
      await exit;
      clearTimeout(terminating);
    },
  };
}
