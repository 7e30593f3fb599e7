import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { lock } from "proper-lockfile";
import type { BackgroundOptions } from "./background.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";

/** The runtime cannot start. The message is one sentence that tells the user what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

export type RuntimeOptions = {
  /** 0 selects a free port. */
  port: number;
  dataDir: string;
  strictEgress?: boolean;
  /** Superuser URL of a PostgreSQL with pgvector that replaces the embedded one. */
  databaseUrl?: string | undefined;
  /** URL of a PgBouncer in front of it, for the logins of the functions. */
  databasePoolUrl?: string | undefined;
  redisUrl?: string | undefined;
  /** Links to services without a double: `Embedding`, `Answering`, `Ocr`. */
  links?: Record<string, unknown> | undefined;
  log?: (line: string) => void;
};

export type Runtime = {
  apiUrl: string;
  consoleUrl: string;
  adminApiKey: string;
  resources: Record<string, unknown>;
  close(): Promise<void>;
};

type Secrets = { masterKey: string; pepper: string; accessKeyId: string; secretAccessKey: string; cacheToken: string };

const freeBytesMin = 200 * 1024 ** 2;

/**
 * Starts all of Resolve on loopback (database, doubles, consumers, API) and waits until the API is ready. @throws
 * StartError
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const unlock = await lockDirectory(dataDir);
  const closers: (() => Promise<unknown>)[] = [unlock];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer().catch(() => {});
  };
  try {
    const secrets = loadSecrets(dataDir);
    const databaseUrl = options.databaseUrl ?? (await startDatabase(dataDir, closers));
    const poolUrl = options.databasePoolUrl ?? databaseUrl;
    log("database started");

    // Handlers in this thread and in the background thread read the same environment.
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      POWERTOOLS_TRACE_ENABLED: "false",
      POWERTOOLS_LOG_LEVEL: process.env["POWERTOOLS_LOG_LEVEL"] ?? "WARN",
    });
    if (options.strictEgress) delete process.env["RESOLVE_EGRESS_ALLOW"];
    else process.env["RESOLVE_EGRESS_ALLOW"] = "loopback";

    const connections = options.databaseUrl ? 8 : 2;
    const background = await startBackground({
      objectsDir: join(dataDir, "objects"),
      credentials: { accessKeyId: secrets.accessKeyId, secretAccessKey: secrets.secretAccessKey },
      cacheToken: secrets.cacheToken,
      redisUrl: options.redisUrl,
      databases: {
        AppDatabase: { url: poolUrl, maxConnections: connections },
        WorkerDatabase: { url: poolUrl, maxConnections: connections },
        SystemDatabase: { url: poolUrl },
        BuilderDatabase: { url: databaseUrl },
      },
      resources: {
        ...options.links,
        App: { name: "resolve", stage: "local" },
        MasterDatabase: { url: databaseUrl },
        Kms: { masterKey: secrets.masterKey },
        ApiKeyPepper: { value: secrets.pepper },
      },
    });
    closers.push(background.stop);
    process.env["SST_RESOURCES_JSON"] = JSON.stringify(background.resources);
    log("queues, storage, bus and cache started");

    const { invoke } = await import("./lambda.ts");
    const { closeDatabases } = await import("@resolve/core/platform/database/connections");
    closers.push(closeDatabases);
    // The result of the handler `migrate`.
    const { applied } = (await invoke("migrate", {}).catch((error: Error) => {
      if (error.name !== "UnknownSchemaError") throw error;
      throw new StartError(
        options.databaseUrl
          ? "The database of DATABASE_URL was made by a version from before the first release and cannot be upgraded; name an empty one."
          : `The data directory ${dataDir} was made by a version from before the first release and cannot be upgraded; delete its content with --reset or choose another --data.`,
      );
    })) as { applied: string[] };
    log(applied.length > 0 ? "schema updated" : "schema is up to date");
    const adminApiKey = await readOperatorKey(
      dataDir,
      (event) =>
        // The result of the handler `bootstrap`.
        invoke("bootstrap", event) as Promise<{ adminApiKey: string | null }>,
    );

    // No worker runs yet, so all leases of the previous process can be released at once.
    await invoke("sweep", { isFreshStart: true });

    const { startGateway } = await import("./gateway.ts");
    const gateway = await startGateway({ port: options.port, invoke }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        throw new StartError(`Port ${options.port} is in use; choose another one with --port.`);
      throw error;
    });
    closers.push(gateway.close);
    background.start();
    const consoleUrl = `http://127.0.0.1:${gateway.port}/`;
    const apiUrl = `${consoleUrl}api`;
    await waitUntilReady(apiUrl);
    log("API ready");
    return { apiUrl, consoleUrl, adminApiKey, resources: background.resources, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Locks the data directory for this process. The lock of a process that died expires after ten seconds. */
const lockDirectory = async (dataDir: string): Promise<() => Promise<void>> => {
  try {
    mkdirSync(dataDir, { recursive: true });
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize < freeBytesMin)
      throw new StartError(
        `The disk of ${dataDir} has less than 200 MB left; free some space or choose another --data.`,
      );
    const unlock = await lock(dataDir, {
      stale: 10_000,
      update: 3_000,
      retries: { retries: 6, minTimeout: 2_000, maxTimeout: 2_000 },
      lockfilePath: join(dataDir, "lock"),
    });
    return unlock;
  } catch (error) {
    if (error instanceof StartError) throw error;
    // Errors of the lock and of the file system have a code.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOCKED")
      throw new StartError(
        `The data directory ${dataDir} is in use by another instance; stop it or choose another --data.`,
      );
    throw new StartError(`The data directory ${dataDir} cannot be written (${code}); choose another --data.`);
  }
};

const loadSecrets = (dataDir: string): Secrets => {
  const file = join(dataDir, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const secrets: Secrets = {
    masterKey: randomBytes(32).toString("base64"),
    pepper: randomBytes(32).toString("hex"),
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString("hex"),
    cacheToken: randomBytes(24).toString("hex"),
  };
  writeAtomically(file, secrets);
  return secrets;
};

/** Writes a file that only the owner can read, by renaming a complete copy. */
export const writeAtomically = (file: string, value: unknown): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const startDatabase = async (dataDir: string, closers: (() => Promise<unknown>)[]): Promise<string> => {
  const database: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres") });
  closers.push(database.close);
  return database.url();
};

const startBackground = async (options: BackgroundOptions) => {
  const worker = new Worker(new URL("./background.ts", import.meta.url), { workerData: options });
  const failed = once(worker, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const [reply] = await Promise.race([once(worker, "message"), failed]);
  const { resources }: { resources: Record<string, unknown> } = reply;
  return {
    resources,
    start: () => worker.postMessage("start"),
    stop: async () => {
      worker.postMessage("stop");
      await Promise.race([once(worker, "message"), new Promise((resolve) => setTimeout(resolve, 5_000))]);
      await worker.terminate();
    },
  };
};

/** The operator's API key, stored in credentials.json. A lost key is replaced. */
const readOperatorKey = async (
  dataDir: string,
  bootstrap: (event: unknown) => Promise<{ adminApiKey: string | null }>,
): Promise<string> => {
  const { adminApiKey } = await bootstrap({});
  if (adminApiKey) return adminApiKey;
  const file = join(dataDir, "credentials.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).adminApiKey;
  // With `rotate` there is always a new key.
  return (await bootstrap({ rotate: true })).adminApiKey!;
};

const readySeconds = 30;

const waitUntilReady = async (apiUrl: string): Promise<void> => {
  const deadline = Date.now() + readySeconds * 1000;
  while (Date.now() < deadline) {
    const response = await fetch(`${apiUrl}/ready`);
    if (response.status === 200) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new StartError(
    `The API was not ready within ${readySeconds} s; run with POWERTOOLS_LOG_LEVEL=DEBUG to see why.`,
  );
};
