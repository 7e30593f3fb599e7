import { parentPort } from "node:worker_threads";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { startWorker } from "@resolve/jobs/worker";

/** The thread of the vector worker, which keeps a core busy for minutes. Any message stops it. */
const stopping = new AbortController();
const worker = startWorker(stopping.signal);
parentPort!.once("message", () => stopping.abort());
await worker.done;
await closeDatabases();
parentPort!.close();
