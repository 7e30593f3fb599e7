import { parentPort } from "node:worker_threads";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { startWorker } from "@resolve/jobs/worker";

/** The worker of vector-jobs in a thread of its own: it keeps a core busy for minutes. Any message means stop. */
const stopping = new AbortController();
const worker = startWorker(stopping.signal);
parentPort!.once("message", () => stopping.abort());
await worker.done;
await closeDatabases();
parentPort!.close();
