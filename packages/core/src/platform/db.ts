import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type ReservedSql, type Sql } from "postgres";
import { type ResourceName, resource } from "./resources.ts";

export type Db = PostgresJsDatabase<Record<string, never>>;
/** Which login a piece of work uses: its timeouts and the roles it may enter. */
export type Login = Extract<ResourceName, "AppDatabase" | "WorkerDatabase" | "SystemDatabase">;

const pools = new Map<Login, Promise<Sql>>();

/**
 * Runs `work` in one transaction on one connection, whose first statement is `enter`.
 *
 * `begin; select app.enter…()` goes out as one simple message, not awaited, so that it shares its round trip with the
 * first query: a read takes 3 round trips instead of drizzle's 6 (measured; postgres.js describes each parameterised
 * statement first). If `enter` fails the transaction is aborted, and the query behind it answers 25P02: nothing ever
 * runs as the login role.
 */
export async function transaction<T>(
  login: Login,
  enter: string,
  work: (db: Db, sql: ReservedSql) => Promise<T>,
): Promise<T> {
  const pool = await connect(login);
  const reserved = await pool.reserve();
  // drizzle reads the parsers from here; a reserved connection has none of its own.
  (reserved as unknown as { options: unknown }).options = pool.options;
  try {
    const entered = reserved.unsafe(`begin; select ${enter}`).simple().execute();
    entered.catch(() => {});
    try {
      const result = await work(drizzle(reserved as unknown as Sql, { casing: "snake_case" }), reserved);
      await entered;
      await reserved.unsafe("commit").simple();
      return result;
    } catch (error) {
      await reserved
        .unsafe("rollback")
        .simple()
        .catch(() => {});
      // The cause, if entering failed, says more than the 25P02 behind it.
      await entered;
      throw error;
    }
  } finally {
    reserved.release();
  }
}

/** One statement outside any tenant, as the bare login: only the four look-ups and the readiness check may do so. */
export const lookup = async (login: Login): Promise<Sql> => connect(login);

/** A builder holds still for its locks: what it waits for are other people's transactions, which end within seconds. */
const builderSettings = { lock_timeout: 600_000, maintenance_work_mem: "1GB", max_parallel_maintenance_workers: 0 };

/**
 * A connection of its own, past the proxy, for DDL that takes long and locks little: its settings and locks are the
 * session's. Parallel builds of HNSW overflow below pgvector 0.8.2 (its issue 959).
 */
export async function withBuilder<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  const { url } = resource("BuilderDatabase");
  const sql = postgres(url, {
    max: 1,
    prepare: false,
    connect_timeout: 5,
    connection: builderSettings,
    onnotice: () => {},
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Quotes text for a statement that is sent whole. @throws Error on NUL, which PostgreSQL cannot store. */
export const literal = (text: string): string => {
  if (text.includes("\0")) throw new Error("a NUL cannot be sent to PostgreSQL");
  return `${text.includes("\\") ? " E" : ""}'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
};

export async function closeDatabases(): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  await Promise.allSettled(open.map(async (pool) => (await pool).end({ timeout: 2 })));
}

function connect(login: Login): Promise<Sql> {
  const known = pools.get(login);
  if (known) return known;
  const opened = open(login);
  pools.set(login, opened);
  opened.catch(() => pools.delete(login));
  return opened;
}

async function open(login: Login): Promise<Sql> {
  const { url, maxConnections = 1 } = resource(login);
  const pool = postgres(url, {
    // One connection a Lambda: RDS Proxy shares the rest (F-9). Named statements would pin it (F-10).
    max: maxConnections,
    prepare: false,
    idle_timeout: 30,
    connect_timeout: 5,
    onnotice: () => {},
  });
  // Sets drizzle's parsers on the pool's options once, and warms the first connection.
  drizzle(pool);
  await pool`select 1`;
  return pool;
}
