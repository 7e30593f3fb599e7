import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = import.meta.dirname;
const migrations = join(root, "../migrations");
const read = (directory: string, ending: string): Map<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => [file, readFileSync(join(directory, file), "utf8")]),
  );

/** Owners of tables without a drizzle table. */
const undeclared: Record<string, string> = {
  chunks: "documents",
  corpora: "documents",
  embeddings: "documents",
  heads: "platform",
  hidden_versions: "documents",
  loose_objects: "documents",
  outbox: "platform",
  sweep_errors: "platform",
  storage: "documents",
  term_frequencies: "documents",
  versions: "platform",
};

/** Allowed reads of another domain's tables, by file. */
const exceptions: Record<string, { tables: string[]; because: string }> = {
  "search/": {
    tables: ["chunks", "corpora", "documents", "embedders", "embeddings", "hidden_versions"],
    because: "one statement finds, scores and filters chunks; separate functions would read every candidate twice",
  },
  "platform/tenant-state.ts": {
    tables: ["tenants"],
    because:
      "the relay and the sweep leave out suspended and unknown tenants, and every domain below identity stops its work for them",
  },
  "usage/ledger.ts": {
    tables: ["tenants"],
    because: "it pages over the tenants that used something, whose rows it reads through the primary key",
  },
  "usage/service.ts": {
    tables: ["tenants"],
    because: "the hours of all tenants are read through the primary key, tenant by tenant",
  },
  "platform/services/tenant-key.ts": {
    tables: ["tenants"],
    because: "every domain encrypts with the tenant's data key, also those below identity",
  },
  "onboarding/probe.ts": {
    tables: ["audit_log", "documents", "events", "outbox"],
    because: "it tries, as the tenant, to reach rows of other tenants in every table",
  },
};

const migrationTexts = [...read(migrations, ".sql").values()];
const names = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
const tables = new Set(
  migrationTexts.flatMap((text) => names(text, /create table (?:if not exists )?app\.([a-z_]*[a-z])\b/gi)),
);
const sources = [...read(root, ".ts")].filter(([file]) => !file.endsWith(".test.ts") && !file.startsWith("testing/"));
const domainOf = (file: string): string => file.split("/")[0]!;
const owners = new Map([
  ...Object.entries(undeclared),
  ...sources
    .filter(([file]) => file.endsWith(".sql.ts"))
    .flatMap(([file, text]) =>
      names(text, /app\.table\("([a-z_]+)"/g).map((table) => [table, domainOf(file)] as const),
    ),
]);

/** Tables of the schema that a file names in SQL, and drizzle tables that it imports from another domain. */
const usesOf = (file: string, text: string): string[] => {
  const inSql = names(text, /\bapp\.([a-z_0-9]+)/g).filter((name) => tables.has(name));
  const imported = names(text, /from "([^"]+\.sql\.ts)"/g).flatMap((path) => {
    const target = join(file, "..", path);
    return names(readFileSync(join(root, target), "utf8"), /app\.table\("([a-z_]+)"/g);
  });
  return [...new Set([...inSql, ...imported])];
};

test("every table that the code uses has one owner", () => {
  expect(tables.size).toBeGreaterThan(20);
  const used = new Set(sources.flatMap(([file, text]) => usesOf(file, text)));
  expect([...used].filter((table) => !owners.has(table))).toEqual([]);
  // Every owned table exists.
  expect([...owners.keys()].filter((table) => !tables.has(table))).toEqual([]);
});

test("a domain reads and writes its own tables only, apart from the listed exceptions", () => {
  const foreign = sources.flatMap(([file, text]) =>
    usesOf(file, text)
      .filter((table) => owners.get(table) !== domainOf(file))
      .map((table) => ({ file, table })),
  );
  const isExcepted = ({ file, table }: { file: string; table: string }) =>
    Object.entries(exceptions).some(([path, { tables }]) => file.startsWith(path) && tables.includes(table));
  expect(foreign.filter((use) => !isExcepted(use))).toEqual([]);
  // An exception that no file needs must be removed from the list.
  const stale = Object.entries(exceptions).flatMap(([path, { tables }]) =>
    tables
      .filter((table) => !foreign.some((use) => use.table === table && use.file.startsWith(path)))
      .map((table) => `${path} ${table}`),
  );
  expect(stale).toEqual([]);
});
