import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("../../../../../", import.meta.url).pathname;
const directory = join(root, "packages/core/migrations");
const migrations = readdirSync(directory).filter((name) => name.endsWith(".sql"));
const read = (name: string) => readFileSync(join(directory, name), "utf8");

const created = (text: string) => [...text.matchAll(/^\s*create table (app\.\w+)/gim)].map(([, table]) => table!);
const partitioned = new Set(
  migrations
    .map(read)
    .flatMap((text) =>
      [...text.matchAll(/create table (app\.\w+) \([^;]*?\) partition by/gi)].map(([, table]) => table!),
    ),
);

/** Statements that would block writes to all partitions while an index is built. */
const blocking = (text: string): string[] => {
  const code = text.replaceAll(/--.*$/gm, "");
  const statements = [
    ...code.matchAll(/create (?:unique )?index (?:if not exists )?(?:\w+ )?on (app\.\w+)[^;]*/gi),
    ...code.matchAll(/alter table (app\.\w+)[^;]*\badd (?:constraint \w+ )?(?:primary key|unique)\b[^;]*/gi),
  ];
  const isNew = new Set(created(code));
  return statements
    .filter(([, table]) => partitioned.has(table!) && !isNew.has(table!))
    .map(([statement]) => statement);
};

describe("migrations after the baseline", () => {
  test("the list of partitioned tables is complete", () => {
    expect([...partitioned]).toEqual(
      expect.arrayContaining(["app.documents", "app.chunks", "app.embeddings", "app.events"]),
    );
    expect(partitioned.has("app.tenants")).toBe(false);
  });

  test.each([
    ["create index documents_name on app.documents (tenant_id, name);", 1],
    ["create unique index if not exists documents_name on app.documents (name);", 1],
    ["alter table app.events add constraint events_key unique (tenant_id, sequence, id);", 1],
    ["create index documents_name on only app.documents (tenant_id, name);", 0],
    ["create index tenants_name on app.tenants (name);", 0],
    ["-- create index documents_name on app.documents (name);", 0],
    ["create table app.documents (id uuid); create index documents_name on app.documents (id);", 0],
  ])("%s: %i blocking statements", (text, count) => {
    expect(blocking(text)).toHaveLength(count);
  });

  test("have numbers without gaps, and build no blocking index on a partitioned table", () => {
    expect(migrations.map((name) => name.slice(0, 5))).toEqual(
      migrations.map((_, n) => `${String(n + 1).padStart(4, "0")}_`),
    );
    for (const name of migrations.slice(1)) expect(blocking(read(name)), name).toEqual([]);
  });
});

test("drizzle-kit writes nothing into the folder of the migrations", () => {
  const content = () =>
    readdirSync(directory, { recursive: true }).map((name) => [name, statSync(join(directory, String(name))).mtimeMs]);
  const before = content();
  // With a snapshot of an earlier run it would have nothing to write.
  rmSync(join(root, "node_modules/.cache/drizzle-kit"), { recursive: true, force: true });
  const output = execFileSync(process.execPath, ["node_modules/drizzle-kit/bin.cjs", "generate"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(output).toContain("node_modules/.cache/drizzle-kit");
  expect(content()).toEqual(before);
});
