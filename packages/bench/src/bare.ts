import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Sql } from "postgres";

const dialect = new PgDialect({ casing: "snake_case" });

/** Sends a statement as a search does, in a transaction of the tenant, with a client that does nothing else. */
export const bare = async <R>(sql: Sql, tenant: string, query: SQL): Promise<R> => {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const entered = sql
    .unsafe(`begin; select app.enter('${tenant}', 'bench', 'bench', 'tenant_admin')`)
    .simple()
    .execute();
  // This client would encode values that are JSON already.
  const [row] = await sql.unsafe(text.replaceAll("::jsonb", "::text::jsonb"), params as never[]);
  await Promise.all([entered, sql.unsafe("commit").simple()]);
  return row as R;
};
