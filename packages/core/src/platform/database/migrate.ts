import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Sql } from "postgres";
import { type DatabaseLink, openConnection } from "./credentials.ts";

/** Beside `src` in the sources, beside the bundle in a Lambda. */
const ownFiles = new URL(import.meta.url.endsWith(".ts") ? "../../../migrations/" : "./migrations/", import.meta.url);
/** The key of the advisory lock that lets one process migrate a database at a time; any constant. */
const lockKey = 7_461_000;

/** The database has migrations, and the first one of this folder, with this text, is not among them. */
export class UnknownSchemaError extends Error {
  override readonly name = "UnknownSchemaError";
}

type File = { name: string; text: string; sha256: string };

/**
 * Brings a database to the present schema and returns the files that it applied: each numbered migration once, in a
 * transaction of its own, then in one transaction the functions whose text has changed. An advisory lock lets one process
 * work at a time. The connection must be direct, because the lock belongs to the session, and the login a superuser or a
 * CREATEROLE master user of RDS.
 *
 * @throws UnknownSchemaError, having changed nothing.
 * @throws Error when pgvector is too old, which changes nothing either.
 * @throws Error when an applied migration has been edited, or a function has no valid body or two signatures.
 */
export async function migrate(
  link: DatabaseLink & { log?: (line: string) => void },
  directory = ownFiles,
): Promise<{ applied: string[] }> {
  const migrations = await readFiles(directory, "", /^\d{4}_.*\.sql$/);
  const functions = await readFiles(directory, "functions/", /\.sql$/);
  const applied: string[] = [];
  const sql = await openConnection(link);
  try {
    await sql`select pg_advisory_lock(${lockKey}::bigint)`;
    const [vector] = await sql<{ version: string }[]>`
      select coalesce(installed_version, default_version) as version from pg_available_extensions where name = 'vector'`;
    const problem = pgvectorProblem(vector?.version);
    if (problem) throw new Error(problem);
    await sql`create table if not exists public.resolve_migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    const rows = await sql<{ name: string; sha256: string }[]>`
      select name, sha256 from public.resolve_migrations order by name`;
    const stored = new Map(rows.map((row) => [row.name, row.sha256]));
    const [first] = migrations;
    if (rows[0] && first && stored.get(first.name) !== first.sha256)
      throw new UnknownSchemaError(
        `The database begins with another ${stored.has(first.name) ? first.name : `migration, ${rows[0].name}`}, so it cannot be upgraded; nothing was changed.`,
      );
    for (const file of migrations) {
      const before = stored.get(file.name);
      if (before === file.sha256) continue;
      if (before !== undefined)
        throw new Error(`Migration ${file.name} has changed since it was applied; write a new one instead.`);
      await sql.begin(async (tx) => {
        await tx.unsafe(file.text).simple();
        await tx`reset role`;
        await remember(tx, file);
      });
      applied.push(file.name);
    }
    const changed = functions.filter(({ name, sha256 }) => stored.get(name) !== sha256);
    if (changed.length > 0) await applyFunctions(sql, changed, functions);
    applied.push(...changed.map(({ name }) => name));
    // A new table that is partitioned by month needs partitions before the next daily maintenance.
    if (applied.length > 0) await sql`select app.ensure_partitions()`;
    for (const name of applied) link.log?.(`applied ${name}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
  return { applied };
}

/** Iterative scans of an index, which `app.nearest` needs, came with 0.8. Returns undefined when the version is enough. */
export const pgvectorProblem = (version: string | undefined): string | undefined => {
  if (version === undefined)
    return "The database's server has no pgvector, and 0.8 or newer is needed; nothing was changed.";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 0 || minor >= 8
    ? undefined
    : `The database's pgvector is ${version}, and 0.8 or newer is needed; nothing was changed. Upgrade the PostgreSQL server, then run "alter extension vector update".`;
};

const readFiles = async (directory: URL, folder: string, pattern: RegExp): Promise<File[]> => {
  const names = (await readdir(new URL(folder, directory))).filter((name) => pattern.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(folder + name, directory), "utf8");
      return { name: folder + name, text, sha256: createHash("sha256").update(text).digest("hex") };
    }),
  );
};

/** Functions call one another, so all are created before PostgreSQL checks their bodies. */
const applyFunctions = (sql: Sql, changed: File[], all: File[]) =>
  sql.begin(async (tx) => {
    await tx`set local check_function_bodies = off`;
    await tx`set local role resolve_owner`;
    // resolve_search owns three functions. It needs this permission to create them, and loses it afterwards.
    await tx`grant create on schema app to resolve_search`;
    for (const file of changed) {
      await tx`set local role resolve_owner`;
      await tx.unsafe(file.text).simple();
    }
    await tx`set local role resolve_owner`;
    await tx`revoke create on schema app from resolve_search`;
    await tx`reset role`;
    await tx`set local check_function_bodies = on`;
    await tx`select fmgr_sql_validator(p.oid) from pg_proc p join pg_language l on l.oid = p.prolang
      where p.pronamespace = 'app'::regnamespace and l.lanname = 'sql'`;
    const twice = await tx<{ name: string }[]>`
      select proname as name from pg_proc where pronamespace = 'app'::regnamespace group by proname having count(*) > 1`;
    if (twice[0])
      throw new Error(
        `Function app.${twice[0].name} has two signatures; a function whose parameters change gets a new name.`,
      );
    for (const file of changed) await remember(tx, file);
    // Forget removed files: one may return with the same text after a migration has dropped its function.
    const names = all.map(({ name }) => name);
    await tx`delete from public.resolve_migrations where name like 'functions/%' and name <> all(${names})`;
  });

const remember = (tx: Pick<Sql, never> & Parameters<Parameters<Sql["begin"]>[1]>[0], { name, sha256 }: File) =>
  tx`insert into public.resolve_migrations (name, sha256) values (${name}, ${sha256})
    on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at`;
