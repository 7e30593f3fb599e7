import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { setClockOffset } from "@resolve/core/platform/clock";
import { closeDatabases, lookup } from "@resolve/core/platform/database/connections";
import { openConnection, poolOn, withCredentials } from "@resolve/core/platform/database/credentials";
import type { FunctionName } from "@resolve/functions/topology";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
import { startHesitantProxy } from "./doubles/postgres/hesitant-proxy.ts";
import { type RotationEvent, startSecrets } from "./doubles/secrets.ts";
import { invoke } from "./lambda.ts";

/**
 * Passwords of the database's logins. The server checks them where TEST_MANAGED_URL names a PostgreSQL that is set up as
 * RDS is; the embedded one accepts every password.
 */
const { TEST_MANAGED_URL: managedUrl } = process.env;
const logins = ["AppDatabase", "WorkerDatabase", "SystemDatabase", "BuilderDatabase", "MasterDatabase"];
const hour = 3_600_000;
const proxied = ["api", "worker", "system"].flatMap((name) => [`${name}_a`, `${name}_b`]);

let store: Awaited<ReturnType<typeof startSecrets>>;
let url: string;
let proxy: Awaited<ReturnType<typeof startHesitantProxy>>;
let closeDatabase = async () => {};
beforeAll(async () => {
  const embedded = managedUrl ? undefined : await startEmbeddedPostgres();
  if (embedded) closeDatabase = embedded.close;
  const master = new URL(managedUrl ?? embedded!.url());
  url = `postgres://${master.host}${master.pathname}`;
  proxy = await startHesitantProxy(master);
  store = await startSecrets([...logins, ...proxied, "Other"]);
  store.put("MasterDatabase", JSON.stringify({ username: "postgres", password: master.password }));
  const throughProxy = `postgres://${proxy.host}${master.pathname}`;
  const addressOf = (name: string) => (["BuilderDatabase", "MasterDatabase"].includes(name) ? url : throughProxy);
  const links = Object.fromEntries(logins.map((name) => [name, { url: addressOf(name), ...store.link(name) }]));
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
  proxy.close();
  await closeDatabase();
});

const rotateLogin = (event: RotationEvent) => invoke("rotate-login", event);
const userOf = (name: string, stage?: string): string => JSON.parse(store.value(name, stage)).username;
/** Whether the login in this version of a secret can connect. */
const letsIn = async (value: string): Promise<boolean> => {
  const sql = poolOn(withCredentials(url, JSON.parse(value)), { max: 1 });
  const outcome = await sql`select 1`.then(
    () => true,
    () => false,
  );
  await sql.end();
  return outcome;
};
const migrate = () =>
  invoke("migrate" satisfies FunctionName, {}) as Promise<{ applied: string[]; repaired: string[] }>;

describe("the migrator", () => {
  test("builds the schema as a master user without superuser rights, and sets the first password of every login", async () => {
    // The proxy is not ready at once: it closes connections, and then it does not have the new passwords yet.
    proxy.answers("close", "refuse", "close", "close", "refuse");
    const { applied, repaired } = await migrate();
    expect(proxy.waiting()).toBe(0);
    expect(applied).toEqual(expect.arrayContaining(["0001_baseline.sql", "functions/keyword_candidates.sql"]));
    expect(repaired).toEqual(logins.slice(0, 4));
    for (const name of logins) expect(await letsIn(store.value(name)), name).toBe(true);
    expect(userOf("AppDatabase")).toBe("api_a");
    // RDS Proxy reads the same passwords.
    expect(store.value("api_a")).toBe(store.value("AppDatabase"));
    // Both users of a pair have a password, since one secret that is not valid may stop the whole proxy.
    for (const user of proxied) {
      expect(JSON.parse(store.value(user)).username).toBe(user);
      expect(await letsIn(store.value(user)), user).toBe(true);
    }
  }, 60_000);

  test("changes nothing when it runs again", async () => {
    const before = logins.map((name) => store.value(name));
    expect(await migrate()).toEqual({ applied: [], repaired: [] });
    expect(logins.map((name) => store.value(name))).toEqual(before);
  });

  test("fails, and changes no password, when a login cannot be tried before the deadline", async () => {
    const before = logins.map((name) => store.value(name));
    const { now } = performance;
    proxy.answers("reset");
    // The deadline is over once the proxy has reset the first connection.
    const clock = () => now.call(performance) + (proxy.waiting() === 0 ? 3_600_000 : 0);
    const spy = vi.spyOn(performance, "now").mockImplementation(clock);
    await expect(migrate()).rejects.toThrow("ECONNRESET");
    spy.mockRestore();
    expect(logins.map((name) => store.value(name))).toEqual(before);
    expect(await migrate()).toEqual({ applied: [], repaired: [] });
  });

  test.runIf(managedUrl)("resets the passwords of a database that was restored from a backup", async () => {
    const master = await openConnection({ url, ...store.link("MasterDatabase") });
    await master`alter role worker_a password 'of a backup'`;
    await master.end();
    expect(await letsIn(store.value("WorkerDatabase"))).toBe(false);
    proxy.answers("close", "close");
    expect((await migrate()).repaired).toEqual(["WorkerDatabase"]);
    expect(await letsIn(store.value("WorkerDatabase"))).toBe(true);
  });
});

describe("rotation (S-2, F-31)", () => {
  test("alternates between two users and keeps the user in use unchanged", async () => {
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

  test("a step that is repeated does no harm", async () => {
    await store.rotate("SystemDatabase", async (event) => {
      await rotateLogin(event);
      await rotateLogin(event);
    });
    expect(userOf("SystemDatabase")).toBe("system_b");
    expect(await letsIn(store.value("SystemDatabase"))).toBe(true);
  });

  test("the master user, which has no second user, changes its own password and can log in with it at once", async () => {
    const before = store.value("MasterDatabase");
    await store.rotate("MasterDatabase", async (event) => {
      await rotateLogin(event);
      // Between setSecret and finishSecret the store still returns the old password.
      await rotateLogin(event);
    });
    expect(store.value("MasterDatabase")).not.toBe(before);
    expect(await letsIn(store.value("MasterDatabase"))).toBe(true);
    expect(await migrate()).toEqual({ applied: [], repaired: [] });
  });

  test("a rotation that fails half way keeps the current login, and the next rotation succeeds", async () => {
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

  test("a step waits for a proxy that closes connections", async () => {
    await store.rotate("AppDatabase", async (event) => {
      if (event.Step === "testSecret") proxy.answers("close", "refuse");
      await rotateLogin(event);
    });
    expect(proxy.waiting()).toBe(0);
    expect(await letsIn(store.value("AppDatabase"))).toBe(true);
  });

  test("a secret that is not a database login is refused", async () => {
    await expect(store.rotate("Other", rotateLogin)).rejects.toThrow("not one of the database's logins");
  });

  test("five rotations under load fail no request, although cached passwords become invalid", async () => {
    const loads = [false, true].map((reconnects) => {
      const ok = new Int32Array(new SharedArrayBuffer(4));
      const worker = new Worker(new URL("./rotation-load.ts", import.meta.url), { workerData: { reconnects, ok } });
      return { worker, ok };
    });
    /** Waits until each load has made so many more requests, however fast the machine is. */
    const served = async (requests: number) => {
      const until = loads.map(({ ok }) => ok[0]! + requests);
      await expect.poll(() => loads.every(({ ok }, at) => ok[0]! >= until[at]!), { timeout: 20_000 }).toBe(true);
    };
    await served(1);
    for (let n = 0; n < 5; n++) {
      await store.rotate("WorkerDatabase", rotateLogin);
      await served(4);
    }
    for (const { worker } of loads) {
      worker.postMessage("stop");
      expect((await once(worker, "message"))[0]).toEqual([]);
    }
  }, 60_000);
});

test("every process uses the new login within an hour, and running queries finish", async () => {
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
  test("a function has one connection, closed after 30 s idle, opened within 5 s, without named statements", async () => {
    setClockOffset(0);
    const options = await lookup("AppDatabase", async (sql) => sql.options);
    expect(options).toMatchObject({ max: 1, idle_timeout: 30, connect_timeout: 5, prepare: false });
  });

  test("a database URL that demands TLS is never used without it", async () => {
    const link = { url: `${url}?sslmode=verify-full`, ...store.link("AppDatabase") };
    await expect(openConnection(link, { connect_timeout: 1 })).rejects.toThrow();
  });
});
