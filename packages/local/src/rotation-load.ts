import { parentPort, workerData } from "node:worker_threads";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { newId } from "@resolve/core/platform/id";
import { sql } from "drizzle-orm";

/**
 * Requests one after the other until told to stop. With `reconnects` each opens its connection anew, as a Lambda that was
 * idle does, with the secret it has known since it started.
 */
const { reconnects } = workerData as { reconnects: boolean };
const answered = { ok: 0, failed: [] as string[] };
let isOver = false;
parentPort!.once("message", () => {
  isOver = true;
});
const ctx = systemCtx({ tenantId: newId("tenant"), job: "load" });
while (!isOver) {
  try {
    await withTx(ctx, (ctx) => ctx.db.execute(sql`select 1`));
    answered.ok += 1;
    if (answered.ok === 1) parentPort!.postMessage("started");
  } catch (error) {
    answered.failed.push(String(error));
  }
  if (reconnects) await closeDatabases();
}
await closeDatabases();
parentPort!.postMessage(answered);
parentPort!.close();
