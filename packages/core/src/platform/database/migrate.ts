import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { type DatabaseLink, openConnection } from "./credentials.ts";

/** Beside `src` in the sources, beside the bundle in a Lambda. */
const directory = new URL(import.meta.url.endsWith(".ts") ? "../../../migrations/" : "./migrations/", import.meta.url);
// Any constant will do; two starters wait for each other on it.
const lockKey = 7_461_000;

/**
 * Applies the numbered migrations that a database does not have yet, each in its own transaction, and says which.
 * Many may start at once: an advisory lock lets one work. Needs a direct connection (the lock belongs to the session)
 * as superuser, or as a CREATEROLE master user on RDS.
 *
 * @throws Error when an applied migration's text has changed since.
 */
export async function migrate(link: DatabaseLink & { log?: (line: string) => void }): Promise<{ applied: string[] }> {
  const sql = await openConnection(link);
  const applied: string[] = [];
  try {
    await sql`select pg_advisory_lock(${lockKey}::bigint)`;
    await sql`create table if not exists public.resolve_migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    const rows = await sql<{ name: string; sha256: string }[]>`select name, sha256 from public.resolve_migrations`;
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const name of await migrationNames()) {
      const text = await readFile(new URL(name, directory), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      const before = known.get(name);
      if (before === sha256) continue;
      if (before !== undefined)
        throw new Error(`Migration ${name} has changed since it was applied; write a new one instead.`);
      await sql.begin(async (tx) => {
        await tx.unsafe(text).simple();
        await tx.unsafe("reset role").simple();
        await tx`insert into public.resolve_migrations (name, sha256) values (${name}, ${sha256})`;
      });
      applied.push(name);
      link.log?.(`migrated ${name}`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
  return { applied };
}

export const migrationNames = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
