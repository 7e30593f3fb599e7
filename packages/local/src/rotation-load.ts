import { parentPort, workerData } from "node:worker_threads";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { newId } from "@resolve/core/platform/id";
import { sql } from "drizzle-orm";

/**
 * Sends queries one after another until a message arrives, and counts those that succeed in the shared `ok`. With
 * `reconnects`, each query uses a new connection, as in a Lambda that was idle, with the secret that the process read at
 * its start. `parentPort` is set in every worker thread.
 */
const { reconnects, ok }: { reconnects: boolean; ok: Int32Array } = workerData;
const parent = parentPort!;
const failed: string[] = [];
let isStopped = false;
parent.once("message", () => {
  isStopped = true;
});
const ctx = systemCtx({ tenantId: newId("tenant"), job: "load" });
while (!isStopped) {
  try {
    await withTx(ctx, (ctx) => ctx.db.execute(sql`select 1`));
    Atomics.add(ok, 0, 1);
  } catch (error) {
    failed.push(String(error));
  }
  if (reconnects) await closeDatabases();
}
await closeDatabases();
parent.postMessage(failed);
parent.close();
