import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { vector } from "@electric-sql/pglite-pgvector";
import { servePostgres } from "./wire.ts";

/**
 * The thread of the embedded database, so that queries do not block the event loop of the other code. `parentPort` is set
 * in every worker thread.
 */
const { dataDir, port }: { dataDir?: string; port?: number } = workerData;
const db = await PGlite.create({
  extensions: { vector, btree_gin },
  ...(dataDir ? { dataDir } : {}),
});
/**
 * It has one session, which the build of a vector index would hold for minutes. So it searches up to 200,000 vectors exactly
 * (app.tenants_to_index), seven of which are in a page of 8 KiB.
 */
await db.exec(`set app.exact_bytes = '${Math.ceil(200_000 / 7) * 8_192}'`);
const server = await servePostgres(db, port);

const parent = parentPort!;
parent.once("message", async () => {
  await server.close();
  await db.close();
  // Nothing keeps the thread alive after this.
  parent.close();
});
parent.postMessage({ port: server.port });
