import { parentPort } from "node:worker_threads";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { startWorker } from "@resolve/jobs/worker";

/** The thread of the vector worker, which keeps a core busy for minutes. Any message stops it. `parentPort` is set in every worker thread. */
const parent = parentPort!;
const stopping = new AbortController();
const worker = startWorker(stopping.signal);
parent.once("message", () => stopping.abort());
await worker.done;
await closeDatabases();
parent.close();
