import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isolateTenant } from "@resolve/core/documents";
import { reserveTenant } from "@resolve/core/identity";
import { type Ctx, tenantCtx } from "@resolve/core/platform/context";
import { newId } from "@resolve/core/platform/id";
import { queueNames } from "@resolve/core/platform/resources";
import { pascal } from "@resolve/functions/topology";
import { startBus } from "./doubles/bus.ts";
import { startCache } from "./doubles/cache.ts";
import { startS3 } from "./doubles/s3.ts";
import { startSqs } from "./doubles/sqs.ts";
import { databaseLinks, type TestDatabase } from "./testing.ts";

/** Starts the services that the vector worker needs, on loopback, and sets their links for this process too. */
export async function startWorkerBench(database: TestDatabase) {
  const sqs = await startSqs();
  const bus = await startBus({ invoke: async () => {}, rules: {} });
  const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
  const objects = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const s3 = await startS3({ dataDir: objects, buckets: ["documents"], credentials, onObjectCreated: () => {} });
  const cache = await startCache({ token: "cache" });
  const queues = queueNames.map((name) => [pascal(name), { url: sqs.url(name), endpoint: sqs.endpoint }]);
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
    SST_RESOURCES_JSON: JSON.stringify({
      ...JSON.parse(databaseLinks(database)),
      Documents: { name: "documents", endpoint: s3.endpoint, region: "us-east-1", ...credentials },
      Bus: { name: "resolve", endpoint: bus.endpoint, region: "us-east-1" },
      Cache: { url: cache.url, token: "cache" },
      ...Object.fromEntries(queues),
    }),
  });
  const running = new Set<ChildProcess>();
  const killAll = () => {
    for (const child of running) child.kill("SIGKILL");
    running.clear();
  };
  return {
    sqs,
    /** Starts the container's program as a separate process. */
    startWorker: (): ChildProcess => {
      const main = join(import.meta.dirname, "../../jobs/src/main.ts");
      const child = spawn(process.execPath, [main, "--port", "0"], { stdio: ["ignore", "ignore", "inherit"] });
      running.add(child);
      return child;
    },
    killAll,
    newTenant: async (): Promise<Ctx> => {
      const actor = { type: "system", job: "test" } as const;
      const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
      const { ctx } = await reserveTenant(operator, { name: "Worker" }, {});
      await isolateTenant(ctx);
      return ctx;
    },
    close: async (): Promise<void> => {
      // A polling worker would keep the queue server from closing.
      killAll();
      await Promise.all([sqs.close(), bus.close(), s3.close(), cache.close()]);
      rmSync(objects, { recursive: true });
    },
  };
}
