import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startSecrets } from "../../../../local/src/doubles/secrets.ts";
import { setClockOffset } from "../clock.ts";
import { resource } from "../resources.ts";
import { acceptedOrigins, cacheToken, pepper, readLinkedSecrets } from "./linked-secrets.ts";
import { readSecret } from "./secrets.ts";

const hour = 3_600_000;
let store: Awaited<ReturnType<typeof startSecrets>>;
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" });
  store = await startSecrets(["Other", "AppDatabase", "Cache", "ApiKeyPepper", "OriginVerify"]);
});
afterAll(async () => {
  setClockOffset(0);
  await store.close();
});

const read = (name: string, options?: { isRefused: boolean }) => readSecret(store.link(name), options);
const requestsFor = async (work: () => Promise<unknown>): Promise<number> => {
  const before = store.requests();
  await work();
  return store.requests() - before;
};

test("S-1 F-61 a secret is read once an hour, once for concurrent readers, and again when a login is refused", async () => {
  store.put("Other", "first");
  expect(await requestsFor(() => Promise.all(Array.from({ length: 20 }, () => read("Other"))))).toBe(1);
  store.put("Other", "second");
  expect(await requestsFor(async () => expect(await read("Other")).toBe("first"))).toBe(0);
  expect(await read("Other", { isRefused: true })).toBe("second");
  store.put("Other", "third");
  setClockOffset(hour);
  expect(await requestsFor(async () => expect(await read("Other")).toBe("third"))).toBe(1);
});

test.each(["fails", "hangs"] as const)(
  "a secret that was read before is still returned while the store %s",
  async (fault) => {
    store.put("Other", fault);
    setClockOffset(0);
    await read("Other", { isRefused: true });
    store.setFault(fault);
    setClockOffset(2 * hour);
    const startedAt = performance.now();
    expect(await read("Other")).toBe(fault);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    // Later requests do not ask the store again.
    expect(await requestsFor(async () => expect(await read("Other")).toBe(fault))).toBe(0);
    store.setFault(undefined);
  },
);

test("S-1 F-61 the API reads its secrets at once when it starts, and no request waits for them later", async () => {
  setClockOffset(0);
  const link = (name: string, more = {}) => ({ [name]: { ...more, ...store.link(name) } });
  const links = {
    ...link("AppDatabase", { url: "postgres://database.example/resolve" }),
    ...link("Cache", { url: "https://cache.example" }),
    ...link("ApiKeyPepper"),
    ...link("OriginVerify"),
  };
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify(links));
  const values = async () => [
    await cacheToken(resource("Cache")),
    await pepper(),
    await acceptedOrigins(resource("OriginVerify")),
  ];
  for (const name of Object.keys(links)) store.put(name, `first ${name}`);
  store.put("OriginVerify", JSON.stringify(["newest", "last"]));
  expect(await requestsFor(readLinkedSecrets)).toBe(4);
  const first = ["first Cache", "first ApiKeyPepper", ["newest", "last"]];
  expect(await requestsFor(async () => expect(await values()).toEqual(first))).toBe(0);

  store.put("Cache", "second");
  setClockOffset(hour);
  // The last values serve while the secrets are read again.
  expect(await values()).toEqual(first);
  await expect.poll(() => cacheToken(resource("Cache")), { timeout: 10_000 }).toBe("second");
  vi.unstubAllEnvs();
});

test("the error for a missing secret does not contain its name", async () => {
  const error = await read("NotThere").catch((error: Error) => error);
  expect(error).toMatchObject({ message: "A secret cannot be read (ResourceNotFoundException)." });
  expect((error as Error).cause).toBeUndefined();
});
