import { parentPort, workerData } from "node:worker_threads";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { newId } from "@resolve/core/platform/id";
import { sql } from "drizzle-orm";

/**
 * Sends queries one after another until a message arrives. With `reconnects`, each query uses a new connection, as in a
 * Lambda that was idle, with the secret that the process read at its start. `parentPort` is set in every worker thread.
 */
const { reconnects }: { reconnects: boolean } = workerData;
const parent = parentPort!;
const results: { ok: number; failed: string[] } = { ok: 0, failed: [] };
let isStopped = false;
parent.once("message", () => {
  isStopped = true;
});
const ctx = systemCtx({ tenantId: newId("tenant"), job: "load" });
while (!isStopped) {
  try {
    await withTx(ctx, (ctx) => ctx.db.execute(sql`select 1`));
    results.ok += 1;
    if (results.ok === 1) parent.postMessage("started");
  } catch (error) {
    results.failed.push(String(error));
  }
  if (reconnects) await closeDatabases();
}
await closeDatabases();
parent.postMessage(results);
parent.close();
