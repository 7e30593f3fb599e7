import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** The blueprint's names in a container that SST has not deployed. */
const container = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://database.example/resolve",
  REDIS_PRIMARY: "rediss://cache.example",
  REDIS_PASSWORD: "secret",
  DOCUMENT_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/0/documents",
  DOCUMENT_BUCKET: "documents",
  API_KEY_PEPPER: "a pepper of the tests",
};

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("SST_RESOURCES_JSON", undefined);
  for (const [name, value] of Object.entries(container)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const load = async () => (await import("./resources.ts")).resource;

test("a container reads the blueprint's environment", async () => {
  const resource = await load();
  expect(resource("App").stage).toBe("production");
  expect(resource("AppDatabase").url).toBe(container.DATABASE_URL);
  expect(resource("Cache")).toMatchObject({ url: container.REDIS_PRIMARY, token: container.REDIS_PASSWORD });
  expect(resource("DocumentProcessing").url).toBe(container.DOCUMENT_QUEUE_URL);
  expect(resource("Documents").name).toBe("documents");
  expect(resource("ApiKeyPepper")).toEqual({ value: container.API_KEY_PEPPER });
});

test("CLUSTER_MODE and REDIS_CLUSTER are accepted and change nothing", async () => {
  vi.stubEnv("CLUSTER_MODE", "true");
  vi.stubEnv("REDIS_CLUSTER", "redis://cluster.example");
  const resource = await load();
  expect(resource("Cache").url).toBe(container.REDIS_PRIMARY);
});

test.each(["REDIS_REPLICA", "DD_AGENT_HOST", "DD_API_KEY"])("%s is refused by its name", async (name) => {
  vi.stubEnv(name, "x");
  const resource = await load();
  expect(() => resource("AppDatabase")).toThrow(`${name} must not be set`);
});

describe("JWT_SECRET, with which anybody could sign in as anybody,", () => {
  test("ends the start of a container in production", async () => {
    vi.stubEnv("JWT_SECRET", "a shared secret");
    await expect(load()).rejects.toThrow("JWT_SECRET must not be set in production");
  });

  test("ends the start of a deployed function in any stage", async () => {
    vi.stubEnv("NODE_ENV", undefined);
    vi.stubEnv("SST_KEY_FILE", "key");
    vi.stubEnv("JWT_SECRET", "a shared secret");
    await expect(load()).rejects.toThrow("JWT_SECRET must not be set in production");
  });

  test("is no longer the pepper of API keys", async () => {
    vi.stubEnv("NODE_ENV", "development");
    vi.stubEnv("API_KEY_PEPPER", undefined);
    vi.stubEnv("JWT_SECRET", "a shared secret of the tests");
    const resource = await load();
    expect(() => resource("ApiKeyPepper")).toThrow("The link ApiKeyPepper is missing");
  });
});
