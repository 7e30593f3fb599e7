import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { ReservedSql, Sql } from "postgres";
import { type ResourceName, resource } from "../resources.ts";
import { wideEvent } from "../wide-event.ts";
import { addressOf, isLoginRefused, openConnection, poolOn } from "./credentials.ts";

export type Db = PostgresJsDatabase<Record<string, never>>;
/** Which login a piece of work uses: its timeouts and the roles it may enter. */
export type Login = Extract<ResourceName, "AppDatabase" | "WorkerDatabase" | "SystemDatabase" | "ReplicaDatabase">;

const pools = new Map<Login, { address: string; sql: Sql }>();

/**
 * Runs `work` in one transaction on one connection, whose first statement is `enter`.
 *
 * `begin; select app.enter…()` goes out as one simple message, not awaited, so that it shares its round trip with the
 * first query: a read takes 3 round trips instead of drizzle's 6 (measured; postgres.js describes each parameterised
 * statement first). If `enter` fails, the transaction is aborted and the next query fails with 25P02, so no query ever
 * runs as the login role.
 */
export async function transaction<T>(
  login: Login,
  enter: string,
  work: (db: Db, sql: ReservedSql) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const reserved = await reserve(login);
  try {
    const entered = reserved.unsafe(`begin; select ${enter}`).simple().execute();
    entered.catch(() => {});
    try {
      // A reserved connection has all that drizzle calls; `reserve` adds `options`.
      const result = await work(drizzle(reserved as unknown as Sql, { casing: "snake_case", logger }), reserved);
      await entered;
      await reserved.unsafe("commit").simple();
      return result;
    } catch (error) {
      await reserved
        .unsafe("rollback")
        .simple()
        .catch(() => {});
      // When `enter` failed, throw its error instead of the 25P02 that follows from it.
      await entered;
      throw error;
    }
  } finally {
    reserved.release();
    wideEvent()?.transactionMs.push(performance.now() - startedAt);
  }
}

/**
 * Runs a statement without parameters after `enter`, and returns its rows. Both are one simple message, which is a transaction of its
 * own, so it takes one round trip.
 */
export async function glance<T>(login: Login, enter: string, statement: string): Promise<T[]> {
  const results = await lookup(login, (sql) => sql.unsafe(`select ${enter}; ${statement}`).simple());
  // The result of the second statement; the driver types the results of one.
  return (results as unknown as T[][])[1]!;
}

/** Counts statements; their text and parameters go nowhere. */
const logger = {
  logQuery: () => {
    const event = wideEvent();
    if (event) event.queries += 1;
  },
};

/** Runs one statement as the login role, without a tenant. Only the four look-ups, `glance` and the readiness check may use it. */
export async function lookup<T>(login: Login, work: (sql: Sql) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const reserved = await reserve(login);
  logger.logQuery();
  try {
    return await work(reserved);
  } finally {
    reserved.release();
    wideEvent()?.transactionMs.push(performance.now() - startedAt);
  }
}

/** The lock timeout is long because a build waits for other transactions, which end within seconds. */
const builderSettings = { lock_timeout: 600_000, max_parallel_maintenance_workers: 0 };

/** In kB: at most 1 GB, and on a small server a quarter of the memory that PostgreSQL may use for caches. */
const buildMemory = "least(1048576, pg_size_bytes(current_setting('effective_cache_size')) / 4096)";

/**
 * A direct connection, without the proxy, for DDL that takes long and locks little: its settings and locks belong to the
 * session. Parallel builds of HNSW overflow below pgvector 0.8.2 (its issue 959).
 */
export async function withBuilder<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = await openConnection(resource("BuilderDatabase"), { connection: builderSettings });
  try {
    await sql.unsafe(`select set_config('maintenance_work_mem', ${buildMemory} || 'kB', false)`);
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Quotes text as a literal for a statement without parameters. @throws Error on NUL, which PostgreSQL cannot store. */
export const literal = (text: string): string => {
  if (text.includes("\0")) throw new Error("a NUL cannot be sent to PostgreSQL");
  return `${text.includes("\\") ? " E" : ""}'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
};

/** Closes the process's connections of a login at once: a server that does not respond would keep them busy. */
export const abandon = (login: Login): void => {
  void pools.get(login)?.sql.end({ timeout: 0 });
  pools.delete(login);
};

export async function closeDatabases(): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  await Promise.allSettled(open.map(({ sql }) => sql.end({ timeout: 2 })));
}

/** Nobody waits for the request any more. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/**
 * Reserves a connection of the login's pool. When the server refuses a cached password, reads the secret again.
 *
 * @throws Abandoned, so that requests which waited too long do not keep the database from those that can be answered
 */
async function reserve(login: Login): Promise<ReservedSql> {
  const link = resource(login);
  let pool = poolFor(login, await addressOf(link));
  const reserved = await pool.reserve().catch(async (error) => {
    if (!isLoginRefused(error)) throw error;
    pool = poolFor(login, await addressOf(link, { isRefused: true }));
    return pool.reserve();
  });
  if (wideEvent()?.isAbandoned) {
    reserved.release();
    throw new Abandoned("the request has been answered with 503");
  }
  // Drizzle reads the parsers from `options`, which a reserved connection lacks and its type does not show.
  (reserved as unknown as { options: unknown }).options = pool.options;
  return reserved;
}

/** How long work on a replaced login may continue; a statement of the workers may take 30 s. */
const replacedSeconds = 60;
/** A replica has a substitute (`withReadTx`), which also decides when it is tried again. */
const ofReplica = { connect_timeout: 1, backoff: false };

function poolFor(login: Login, address: string): Sql {
  const current = pools.get(login);
  if (current?.address === address) return current.sql;
  void current?.sql.end({ timeout: replacedSeconds });
  // One connection per function: RDS Proxy shares those to the database (F-9). Named statements would pin it (F-10).
  const size = { max: resource(login).maxConnections ?? 1, idle_timeout: 30 };
  const sql = poolOn(address, { ...size, ...(login === "ReplicaDatabase" ? ofReplica : {}) });
  // Sets drizzle's parsers on the pool's options, once.
  drizzle(sql);
  pools.set(login, { address, sql });
  return sql;
}
