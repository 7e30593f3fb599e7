import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addDocument, type Call } from "../../acceptance/src/client.ts";
import { startRedis } from "./doubles/redis.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Tests of the cache that need the database, and two processes that share it. */
let system: TestSystem;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  system = await startSystem({ links: { SearchResults: { keptSeconds: 600 } } });
});
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
  await system?.close();
});

/** Modules of their own, as in another process: memory, connections and breaker. */
const newProcess = async (cacheLink?: { url: string; token: string }) => {
  const cacheOptions = { ...(system.runtime.resources["Cache"] as object), ...cacheLink, timeoutMs: 1_000 };
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ ...system.runtime.resources, Cache: cacheOptions });
  vi.resetModules();
  const [context, { search, SearchQuery }, { cache }, { invalidate, versionOf }, { closeDatabases }] =
    await Promise.all([
      import("@resolve/core/platform/context"),
      import("@resolve/core/search"),
      import("@resolve/core/platform/services/cache"),
      import("@resolve/core/platform/versions"),
      import("@resolve/core/platform/database/connections"),
    ]);
  closers.push(closeDatabases);
  return { ...context, search, SearchQuery, cache, invalidate, versionOf };
};
type Process = Awaited<ReturnType<typeof newProcess>>;
type Tenant = Awaited<ReturnType<TestSystem["newTenant"]>>;
type Reader = Pick<Parameters<Process["tenantCtx"]>[0], "actor" | "role" | "collections">;

const asAdmin: Reader = { actor: { type: "system", job: "test" }, role: "tenant_admin" };
const ctxOf = ({ tenantCtx }: Process, { id }: Tenant, reader: Reader = asAdmin) =>
  tenantCtx({ tenantId: id, login: "AppDatabase", ...reader });

test("C-7 F-21 no reader gets a value that is older than a committed write, of whatever process, while Redis fails and returns", async () => {
  let redis = await startRedis({ password: "secret" });
  const port = Number(new URL(redis.url).port);
  closers.push(() => redis.close());
  /** It returns with the keys that it had. One restart after the other, since they have one port. */
  let restarted = Promise.resolve();
  const restart = () => {
    restarted = restarted.then(async () => {
      await redis.close();
      redis = await startRedis({ password: "secret", port });
    });
    return restarted;
  };
  const link = { url: redis.url, token: "secret" };
  const processes = [await newProcess(link), await newProcess(link)];
  const keys = ["a", "b", "c"];

  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("read" as const), by: fc.nat(1), key: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom("write" as const, "write twice" as const),
        by: fc.nat(1),
        key: fc.nat(2),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom("cut" as const, "gone" as const), by: fc.nat(1), key: fc.nat(2) }),
    },
  );
  /** Those of one batch run at the same time. */
  const history = fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), { minLength: 5, maxLength: 25 });
  let reads = 0;
  let loads = 0;
  await fc.assert(
    fc.asyncProperty(history, async (batches) => {
      const tenant = await system.newTenant();
      for (const name of keys) await tenant.call("POST", "/collections", { name: `${name} 0000` });
      const committed = new Map<string, number>();
      let written = 0;

      const write = async (by: Process, key: string, value: number) => {
        await by.withTx(ctxOf(by, tenant), async (ctx) => {
          const name = `${key} ${String(value).padStart(4, "0")}`;
          // A name that is repeated late changes nothing, as the state that a message finds.
          await ctx.db.execute(`update app.collections set name = '${name}' where tenant_id = '${tenant.uuid}'
            and name like '${key} %' and name < '${name}'`);
        });
        committed.set(key, Math.max(committed.get(key) ?? 0, value));
      };
      const read = async (by: Process, key: string) => {
        const ctx = ctxOf(by, tenant);
        const expected = committed.get(key) ?? 0;
        const value = await by.cache.get(ctx, "search", key, {
          version: () => by.versionOf(ctx, "search"),
          load: async () => {
            loads += 1;
            const rows = await by.glanceAt<{ name: string }>(
              ctx,
              `select name from app.collections where name like '${key} %'`,
            );
            return Number(rows[0]!.name.split(" ")[1]);
          },
        });
        reads += 1;
        expect(value).toBeGreaterThanOrEqual(expected);
      };
      for (const batch of batches)
        await Promise.all(
          batch.map(async ({ kind, by, key }) => {
            const [who, name] = [processes[by]!, keys[key]!];
            if (kind === "read") return read(who, name);
            if (kind === "cut") return redis.closeConnections();
            if (kind === "gone") return restart();
            const value = ++written;
            await write(who, name, value);
            if (kind === "write twice") await write(who, name, value);
            return read(who, name);
          }),
        );
    }),
    { numRuns: 8 },
  );
  // Otherwise the property would say nothing of the cache.
  expect(loads).toBeLessThan(reads * 0.9);
}, 180_000);

/** Names of the documents that a search finds, in two processes that both keep results. */
const finder = async (tenant: Tenant) => {
  const processes = [await newProcess(), await newProcess()];
  return async (reader?: Reader): Promise<string[]> => {
    const found = [];
    // The second time it is the kept result of the other process, or of this one.
    for (const by of [...processes, ...processes]) {
      const { data } = await by.search(
        ctxOf(by, tenant, reader),
        by.SearchQuery.parse({ query: "lens", mode: "keyword" }),
      );
      found.push(
        data
          .map(({ document }) => document.name)
          .sort()
          .join(),
      );
    }
    expect(new Set(found).size, found.join(" | ")).toBe(1);
    return found[0]!.split(",").filter(Boolean);
  };
};
const add = (call: Call, name: string): Promise<string> => addDocument(call, { name, text: `The lens of ${name}.` });
const change = async (call: Call, method: string, path: string, body?: object) => {
  const { status, body: response } = await call(method, path, body);
  expect(status, JSON.stringify(response)).toBeLessThan(300);
  return response;
};

test("a search finds in every process what the last write left: documents, access lists, groups, roles and keys", async () => {
  const tenant = await system.newTenant();
  const { call } = tenant;
  const find = await finder(tenant);
  const person = await system.newPerson({ [tenant.id]: "user" });
  const asUser: Reader = { actor: { type: "user", id: person.id }, role: "user" };

  expect(await find()).toEqual([]);
  const a = await add(call, "a");
  expect([await find(), await find(asUser)]).toEqual([["a"], ["a"]]);
  const b = await add(call, "b");
  expect(await find(asUser)).toEqual(["a", "b"]);
  await change(call, "PATCH", `/documents/${a}`, { name: "renamed" });
  expect(await find(asUser)).toEqual(["b", "renamed"]);

  const named = { name: "hidden", access: { roles: ["tenant_admin"] } };
  const { id: collection } = (await change(call, "POST", "/collections", named)).collection;
  await change(call, "PATCH", `/documents/${b}`, { collectionId: collection });
  expect([await find(), await find(asUser)]).toEqual([["b", "renamed"], ["renamed"]]);
  // A role and a key's collections are a part of what the result is kept under.
  expect(await find({ ...asUser, role: "tenant_admin" })).toEqual(["b", "renamed"]);
  expect(await find({ ...asUser, collections: [collection] })).toEqual([]);
  expect(await find({ ...asAdmin, collections: [collection] })).toEqual(["b"]);
  const { id: group } = (await change(call, "POST", "/groups", { name: "readers" })).group;
  await change(call, "PATCH", `/collections/${collection}`, { access: { roles: ["tenant_admin"], groupIds: [group] } });
  expect(await find(asUser)).toEqual(["renamed"]);
  await change(call, "POST", `/groups/${group}/members`, { userIds: [person.id] });
  expect(await find(asUser)).toEqual(["b", "renamed"]);
  await change(call, "DELETE", `/groups/${group}/members/${person.id}`);
  expect(await find(asUser)).toEqual(["renamed"]);
  await change(call, "PATCH", `/collections/${collection}`, { access: {} });
  expect(await find(asUser)).toEqual(["b", "renamed"]);

  const other = await system.newTenant();
  expect(await (await finder(other))(asAdmin)).toEqual([]);
  await change(call, "DELETE", `/documents/${a}`);
  expect([await find(), await find(asUser)]).toEqual([["b"], ["b"]]);
}, 120_000);

test("the version changes when a document is ready, not while it waits or is read, and with a transaction that commits only", async () => {
  const tenant = await system.newTenant();
  const version = async () =>
    (await system.admin`select version from app.versions where tenant_id = ${tenant.uuid}`)[0]?.["version"];
  const first = await add(tenant.call, "first");
  const before = await version();
  expect(before).toBeDefined();
  await tenant.call("GET", `/documents/${first}`);
  await tenant.call("POST", "/search", { query: "lens" });
  await tenant.call("POST", "/documents", {
    name: "empty.pdf",
    contentType: "application/pdf",
    sizeBytes: 10,
    sha256: "0".repeat(64),
  });
  expect(await version()).toBe(before);
  await add(tenant.call, "second");
  expect(await version()).not.toBe(before);

  const by = await newProcess();
  const ctx = ctxOf(by, tenant);
  const seen = [await by.versionOf(ctx, "search")];
  await by.withTx(ctx, (ctx) => by.invalidate(ctx, "search"));
  await expect(
    by.withTx(ctx, async (ctx) => {
      await by.invalidate(ctx, "search");
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  seen.push(await by.versionOf(ctx, "search"), await by.versionOf(ctx, "search"));
  expect(new Set(seen).size).toBe(2);
});
