import { EventEmitter, once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { BackgroundMessage, BackgroundOptions } from "./background.ts";
import { bundleFunctions } from "./bundle.ts";
import { loadSecrets, lockDirectory, StartError } from "./data-directory.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
import type { Beside, startGateway } from "./gateway.ts";
import { type LeftWork, reportLeftWork } from "./lambda-sockets.ts";
import { startPeople } from "./people.ts";
import { watchRecovery } from "./recovery.ts";

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
  /** Seed of the key that signs people's tokens; by default one of the data directory. */
  jwtSecret?: string | undefined;
  /** Links to services without a double: `Embedding`, `Answering`, `Ocr`; `MailSender` replaces the mailbox. */
  links?: Record<string, Record<string, unknown>> | undefined;
  log?: (line: string) => void;
  /** Ends the start, and closes what it has opened. */
  signal?: AbortSignal;
  /** The data directory can no longer be used. The runtime must be closed. */
  onLost?: (error: Error) => void;
};

export type Runtime = {
  apiUrl: string;
  consoleUrl: string;
  adminApiKey: string;
  resources: Record<string, unknown>;
  /** Signs tokens of people (`accessToken`). */
  issuerSecret: string;
  /** What functions left running after they had returned. */
  leftWork: LeftWork[];
  close(): Promise<void>;
};

/**
 * Starts all of Resolve on loopback (database, doubles, consumers, API) and waits until the API is ready. @throws
 * StartError; the signal's reason, when it is aborted before that
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { signal } = options;
  const open = newClosers();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  try {
    signal?.throwIfAborted();
    return await Promise.race([start(options, open), aborted]);
  } catch (error) {
    await open.close();
    throw error;
  }
}

type Invoke = Parameters<typeof startGateway>[0]["invoke"];

/** What is open, to be closed in the reverse order. A part that is added later, by a step under way, is closed at once. */
const newClosers = () => {
  const closers: (() => Promise<unknown>)[] = [];
  let isClosed = false;
  return {
    add: (close: () => Promise<unknown>) => {
      if (isClosed) void close().catch(() => {});
      else closers.push(close);
    },
    close: async () => {
      isClosed = true;
      for (const close of closers.splice(0).reverse()) await close().catch(() => {});
    },
  };
};
type Closers = ReturnType<typeof newClosers>;

const start = async (options: RuntimeOptions, open: Closers): Promise<Runtime> => {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const reported = reporterOf(log);
  open.add(
    await reported("waiting for the lock of the data directory", lockDirectory(dataDir, options.onLost ?? (() => {}))),
  );
  const bundle = bundleFunctions();
  bundle.catch(() => {});
  const secrets = loadSecrets(dataDir);
  const issuerSecret = options.jwtSecret ?? secrets.issuerSecret;
  const databaseUrl = options.databaseUrl ?? (await reported("opening the database", startDatabase(dataDir, open)));
  const poolUrl = options.databasePoolUrl ?? databaseUrl;
  log("database started");

  // The caller may have loaded the logger before this default was set.
  if (process.env["POWERTOOLS_LOG_LEVEL"] === undefined)
    (await import("@resolve/core/platform/telemetry")).logger.setLogLevel("WARN");
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

  // The pool's address is part of its tokens and of the links, so the gateway listens first; requests wait for what they need.
  const gateways = await import("./gateway.ts");
  const [invoking, beside] = [Promise.withResolvers<Invoke>(), Promise.withResolvers<Beside>()];
  const gateway = await gateways
    .startGateway({
      port: options.port,
      invoke: async (name, event) => (await invoking.promise)(name, event),
      beside: async (request, response, url) => (await beside.promise)(request, response, url),
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        throw new StartError(`Port ${options.port} is in use; choose another one with --port.`);
      throw error;
    });
  open.add(gateway.close);
  const consoleUrl = `http://127.0.0.1:${gateway.port}/`;
  const apiUrl = `${consoleUrl}api`;
  const people = await startPeople({ dataDir, masterKey: secrets.masterKey, issuerSecret, consoleUrl });
  beside.resolve(people.beside);

  const connections = options.databaseUrl ? 8 : 2;
  const leftWork: LeftWork[] = [];
  const onLeftWork = (work: LeftWork) => {
    leftWork.push(work);
    console.error(`${work.name} left work running after it returned: it wrote to ${work.address}`);
  };
  reportLeftWork(onLeftWork);
  const backgroundOptions: BackgroundOptions = {
    objectsDir: join(dataDir, "objects"),
    credentials: { accessKeyId: secrets.accessKeyId, secretAccessKey: secrets.secretAccessKey },
    cacheToken: secrets.cacheToken,
    redisUrl: options.redisUrl,
    databases: {
      AppDatabase: { url: poolUrl, maxConnections: connections },
      WorkerDatabase: { url: poolUrl, maxConnections: connections },
      // Requests of the API's one thread send their outbox rows at the same time.
      SystemDatabase: { url: poolUrl, maxConnections: connections },
      BuilderDatabase: { url: databaseUrl },
    },
    resources: {
      MailSender: people.mailLink,
      ...options.links,
      App: { name: "resolve", stage: "local" },
      MasterDatabase: { url: databaseUrl },
      Kms: { masterKey: secrets.masterKey },
      ApiKeyPepper: { value: secrets.pepper },
      UserPool: people.link,
    },
  };
  const background = await startBackground(
    await reported("bundling the functions", bundle),
    backgroundOptions,
    onLeftWork,
  );
  open.add(background.stop);
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(background.resources);
  log("queues, storage, bus and cache started");

  const { invoke } = await import("./lambda.ts");
  const { closeDatabases } = await import("@resolve/core/platform/database/connections");
  open.add(closeDatabases);
  // The result of the handler `migrate`.
  const { applied } = (await reported("updating the schema", invoke("migrate", {})).catch((error: Error) => {
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
  const recovery = await watchRecovery({ url: databaseUrl, log });
  open.add(recovery.stop);
  await reported("looking for unfinished work", invoke("sweep", { isFreshStart: true }));

  invoking.resolve(invoke);
  background.start();
  await waitUntilReady(apiUrl);
  log("API ready");
  recovery.watch();
  return {
    apiUrl,
    consoleUrl,
    adminApiKey,
    resources: background.resources,
    issuerSecret,
    leftWork,
    close: open.close,
  };
};

const reportMs = 5_000;

/** Logs a step that takes long, every five seconds. */
const reporterOf =
  (log: (line: string) => void) =>
  async <T>(step: string, work: Promise<T>): Promise<T> => {
    const timer = setInterval(() => log(`still ${step}`), reportMs);
    return work.finally(() => clearInterval(timer));
  };

const startDatabase = async (dataDir: string, open: Closers): Promise<string> => {
  const database: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres") });
  open.add(database.close);
  return database.url();
};

const startBackground = async (bundle: URL, options: BackgroundOptions, onLeftWork: (work: LeftWork) => void) => {
  // Bundles need neither the hook that finds sources faster nor Node's support of TypeScript, which takes each thread 150 ms.
  const worker = new Worker(new URL("background.mjs", bundle), { workerData: options, execArgv: [] });
  const failed = once(worker, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const replies = new EventEmitter();
  worker.on("message", (message: BackgroundMessage) => {
    if ("leftWork" in message) onLeftWork(message.leftWork);
    else replies.emit("reply", message);
  });
  const [reply] = await Promise.race([once(replies, "reply"), failed]);
  const { resources }: { resources: Record<string, unknown> } = reply;
  return {
    resources,
    start: () => worker.postMessage("start"),
    stop: async () => {
      worker.postMessage("stop");
      await Promise.race([once(replies, "reply"), new Promise((resolve) => setTimeout(resolve, 5_000))]);
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
