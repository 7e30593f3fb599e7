import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { setClockOffset } from "@resolve/core/platform/clock";
import { closeDatabases, lookup } from "@resolve/core/platform/database/connections";
import { openConnection, poolOn, withCredentials } from "@resolve/core/platform/database/credentials";
import { readSecret } from "@resolve/core/platform/services/secrets";
import type { FunctionName } from "@resolve/functions/topology";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
import { type RotationEvent, startSecrets } from "./doubles/secrets.ts";
import { invoke } from "./lambda.ts";

/**
 * Passwords from their first day on. With `TEST_MANAGED_URL`, the master of a PostgreSQL that is set up as RDS is, they
 * are checked by the server; the embedded one lets everybody in.
 */
const { TEST_MANAGED_URL: managedUrl } = process.env;
const logins = ["AppDatabase", "WorkerDatabase", "SystemDatabase", "BuilderDatabase", "MasterDatabase"];
const hour = 3_600_000;
const proxied = ["api", "worker", "system"].flatMap((name) => [`${name}_a`, `${name}_b`]);

let store: Awaited<ReturnType<typeof startSecrets>>;
let url: string;
let closeDatabase = async () => {};
beforeAll(async () => {
  const embedded = managedUrl ? undefined : await startEmbeddedPostgres();
  if (embedded) closeDatabase = embedded.close;
  const master = new URL(managedUrl ?? embedded!.url());
  url = `postgres://${master.host}${master.pathname}`;
  store = await startSecrets([...logins, ...proxied, "Other"]);
  store.put("MasterDatabase", JSON.stringify({ username: "postgres", password: master.password }));
  const links = Object.fromEntries(logins.map((name) => [name, { url, ...store.link(name) }]));
  const ProxyLogins = { users: Object.fromEntries(proxied.map((user) => [user, store.link(user)])) };
  Object.assign(process.env, {
    SST_RESOURCES_JSON: JSON.stringify({ ...links, ProxyLogins }),
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
  });
}, 120_000);
afterAll(async () => {
  setClockOffset(0);
  await closeDatabases();
  await store.close();
  await closeDatabase();
});

const rotateLogin = (event: RotationEvent) => invoke("rotate-login", event);
const userOf = (name: string, stage?: string): string => JSON.parse(store.value(name, stage)).username;
/** Whether the server lets in who stands in a version of a secret. */
const letsIn = async (value: string): Promise<boolean> => {
  const sql = poolOn(withCredentials(url, JSON.parse(value)), { max: 1 });
  const answer = await sql`select 1`.then(
    () => true,
    () => false,
  );
  await sql.end();
  return answer;
};
const migrate = () =>
  invoke("migrate" satisfies FunctionName, {}) as Promise<{ applied: string[]; repaired: string[] }>;

describe("the migrator", () => {
  test("builds the schema as a master who is no superuser, and gives every login its first password", async () => {
    const { applied, repaired } = await migrate();
    expect(applied).toEqual(expect.arrayContaining(["0001_baseline.sql", "functions/keyword_candidates.sql"]));
    expect(repaired).toEqual(logins.slice(0, 4));
    for (const name of logins) expect(await letsIn(store.value(name)), name).toBe(true);
    expect(userOf("AppDatabase")).toBe("api_a");
    // The proxy has the same.
    expect(store.value("api_a")).toBe(store.value("AppDatabase"));
  }, 60_000);

  test("run again it changes nothing", async () => {
    const before = logins.map((name) => store.value(name));
    expect(await migrate()).toEqual({ applied: [], repaired: [] });
    expect(logins.map((name) => store.value(name))).toEqual(before);
  });

  test.runIf(managedUrl)("a restored database that knows other passwords gets those of today", async () => {
    const master = await openConnection({ url, ...store.link("MasterDatabase") });
    await master`alter role worker_a password 'of a backup'`;
    await master.end();
    expect(await letsIn(store.value("WorkerDatabase"))).toBe(false);
    expect((await migrate()).repaired).toEqual(["WorkerDatabase"]);
    expect(await letsIn(store.value("WorkerDatabase"))).toBe(true);
  });
});

describe("rotation (S-2, F-31)", () => {
  test("takes turns between two users and leaves the one in use alone", async () => {
    const before = store.value("AppDatabase");
    await store.rotate("AppDatabase", rotateLogin);
    expect([userOf("AppDatabase"), userOf("AppDatabase", "AWSPREVIOUS")]).toEqual(["api_b", "api_a"]);
    expect(store.value("AppDatabase", "AWSPREVIOUS")).toBe(before);
    expect([await letsIn(before), await letsIn(store.value("AppDatabase"))]).toEqual([true, true]);
    expect([store.value("api_a"), store.value("api_b")]).toEqual([before, store.value("AppDatabase")]);
    await store.rotate("AppDatabase", rotateLogin);
    expect(userOf("AppDatabase")).toBe("api_a");
    expect(store.value("AppDatabase")).not.toBe(before);
  });

  test("each step may come twice", async () => {
    await store.rotate("SystemDatabase", async (event) => {
      await rotateLogin(event);
      await rotateLogin(event);
    });
    expect(userOf("SystemDatabase")).toBe("system_b");
    expect(await letsIn(store.value("SystemDatabase"))).toBe(true);
  });

  test("the master, who has no second, changes its own password and is known by it at once", async () => {
    const before = store.value("MasterDatabase");
    await store.rotate("MasterDatabase", async (event) => {
      await rotateLogin(event);
      // Between set and finish the store still says the old one.
      await rotateLogin(event);
    });
    expect(store.value("MasterDatabase")).not.toBe(before);
    expect(await letsIn(store.value("MasterDatabase"))).toBe(true);
    expect(await migrate()).toEqual({ applied: [], repaired: [] });
  });

  test("one that fails half way leaves the current login as it was, and the next one goes through", async () => {
    const before = store.value("AppDatabase");
    const untilTest = async (event: RotationEvent) => {
      if (event.Step === "testSecret") throw new Error("cut");
      await rotateLogin(event);
    };
    await expect(store.rotate("AppDatabase", untilTest)).rejects.toThrow("cut");
    expect(store.value("AppDatabase")).toBe(before);
    expect(await letsIn(before)).toBe(true);
    await store.rotate("AppDatabase", rotateLogin);
    expect(await letsIn(store.value("AppDatabase"))).toBe(true);
  });

  test("secrets that are not logins are refused", async () => {
    await expect(store.rotate("Other", rotateLogin)).rejects.toThrow("not one of the database's logins");
  });

  test("five rotations under load fail no request, though the password that is cached changes too", async () => {
    const workers = [false, true].map(
      (reconnects) => new Worker(new URL("./rotation-load.ts", import.meta.url), { workerData: { reconnects } }),
    );
    await Promise.all(workers.map((worker) => once(worker, "message")));
    for (let n = 0; n < 5; n++) {
      await store.rotate("WorkerDatabase", rotateLogin);
      await sleep(400);
    }
    const reports = workers.map(async (worker) => {
      worker.postMessage("stop");
      return (await once(worker, "message"))[0];
    });
    for (const { ok, failed } of (await Promise.all(reports)) as { ok: number; failed: string[] }[]) {
      expect(failed).toEqual([]);
      expect(ok).toBeGreaterThan(20);
    }
  }, 60_000);
});

describe("secrets (S-1, F-61)", () => {
  const read = (name: string, options?: { isRefused: boolean }) => readSecret(store.link(name), options);
  const requestsFor = async (work: () => Promise<unknown>): Promise<number> => {
    const before = store.requests();
    await work();
    return store.requests() - before;
  };

  test("are read once an hour, together, and anew when a login is refused", async () => {
    store.put("Other", "first");
    expect(await requestsFor(() => Promise.all(Array.from({ length: 20 }, () => read("Other"))))).toBe(1);
    store.put("Other", "second");
    expect(await requestsFor(async () => expect(await read("Other")).toBe("first"))).toBe(0);
    expect(await read("Other", { isRefused: true })).toBe("second");
    store.put("Other", "third");
    setClockOffset(hour);
    expect(await requestsFor(async () => expect(await read("Other")).toBe("third"))).toBe(1);
  });

  test.each(["fails", "hangs"] as const)("go on serving while the store %s", async (fault) => {
    store.put("Other", fault);
    setClockOffset(0);
    await read("Other", { isRefused: true });
    store.setFault(fault);
    setClockOffset(2 * hour);
    const startedAt = performance.now();
    expect(await read("Other")).toBe(fault);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    // It is not asked again by every request.
    expect(await requestsFor(async () => expect(await read("Other")).toBe(fault))).toBe(0);
    store.setFault(undefined);
  });

  test("a missing one is not named", async () => {
    const error = await read("NotThere").catch((error: Error) => error);
    expect(error).toMatchObject({ message: "A secret cannot be read (ResourceNotFoundException)." });
    expect((error as Error).cause).toBeUndefined();
  });
});

test("within the hour everybody has moved to the new login, and what is in hand is finished", async () => {
  setClockOffset(0);
  await closeDatabases();
  const user = () =>
    lookup("AppDatabase", async (sql) => (await sql`select current_user, pg_sleep(0.02)`)[0]!["current_user"]);
  const before = await user();
  await store.rotate("AppDatabase", rotateLogin);
  const inHand = Promise.all(Array.from({ length: 10 }, user));
  await sleep(50);
  setClockOffset(hour);
  const after = await Promise.all(Array.from({ length: 10 }, user));
  expect(new Set(await inHand)).toEqual(new Set([before]));
  expect(new Set(after)).toEqual(new Set([userOf("AppDatabase")]));
  expect(after).not.toContain(before);
});

describe("connections (P-6, S-5)", () => {
  test("one a function, idle for 30 s, opened within 5 s, without named statements", async () => {
    setClockOffset(0);
    const options = await lookup("AppDatabase", async (sql) => sql.options);
    expect(options).toMatchObject({ max: 1, idle_timeout: 30, connect_timeout: 5, prepare: false });
  });

  test("an address that asks for TLS is not spoken to without it", async () => {
    const link = { url: `${url}?sslmode=verify-full`, ...store.link("AppDatabase") };
    await expect(openConnection(link, { connect_timeout: 1 })).rejects.toThrow();
  });
});
