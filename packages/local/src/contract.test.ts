import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandRole, type Role } from "@resolve/core/identity";
import { type IdKind, newId } from "@resolve/core/platform/id";
import { accessTable } from "@resolve/functions/api/app";
import { openApiDocument } from "@resolve/functions/api/index";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { type Runtime, startRuntime } from "./runtime.ts";

/** Every route as its declaration says: who may call it, and that a foreign id is a missing one. */
let runtime: Runtime;
let dataDir: string;
type Caller = Role | "nobody" | "stranger";
const keys: Partial<Record<Caller, string>> = {};
/** Things of another tenant, by the name of the path parameter. */
const foreign: Record<string, string> = {};

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at field by field.
type Answer = { status: number; body: any };

const call = async (method: string, path: string, key: string | undefined, body?: unknown): Promise<Answer> => {
  const response = await fetch(`${runtime.apiUrl.slice(0, -4)}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
};

const newTenant = async () => {
  const admin = { email: "ada@acme.example" };
  return (await call("POST", "/api/v1/tenants", runtime.adminApiKey, { name: "Acme", admin })).body;
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
  runtime = await startRuntime({ port: 0, dataDir });
  const [mine, theirs] = [await newTenant(), await newTenant()];
  keys.admin = runtime.adminApiKey;
  keys.tenant_admin = mine.apiKey.secret;
  for (const role of ["user", "readonly"] as const)
    keys[role] = (await call("POST", "/api/v1/api-keys", mine.apiKey.secret, { name: role, role })).body.secret;
  keys.stranger = `${mine.apiKey.secret.slice(0, -6)}AAAAAA`;

  const their = theirs.apiKey.secret as string;
  const text = { name: "secret.txt", text: "Nobody else may read this." };
  foreign["documentId"] = (await call("POST", "/api/v1/documents", their, text)).body.document.id;
  foreign["collectionId"] = (
    await call("POST", "/api/v1/collections", their, { name: "Contracts" })
  ).body.collection.id;
  foreign["runId"] = theirs.onboarding.id;
  foreign["tenantId"] = theirs.tenant.id;
  foreign["apiKeyId"] = theirs.apiKey.id;
  foreign["jobId"] = (await call("POST", "/api/v1/jobs", their, { type: "reindex" })).body.job.id;
  const hook = await call("POST", "/api/v1/webhooks", their, { url: `${runtime.apiUrl}/health` });
  foreign["webhookId"] = hook.body.webhook.id;
  await call("POST", `/api/v1/webhooks/${foreign["webhookId"]}/test`, their);
  await vi.waitFor(
    async () => {
      const deliveries = await call("GET", `/api/v1/webhooks/${foreign["webhookId"]}/deliveries`, their);
      foreign["deliveryId"] = deliveries.body.data[0].id;
    },
    { timeout: 20_000 },
  );
}, 60_000);
afterAll(async () => {
  await runtime?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const kinds: Record<string, IdKind> = {
  collectionId: "collection",
  documentId: "document",
  runId: "onboarding",
  tenantId: "tenant",
  apiKeyId: "apiKey",
  webhookId: "webhook",
  deliveryId: "delivery",
  jobId: "job",
};

/** Bodies of routes that read theirs before they look for the thing. */
const bodies: Record<string, unknown> = { "POST /api/v1/documents/:documentId/versions": { text: "Other words." } };

/** A request's path with ids of the given things; parameters that are no ids keep a harmless value. */
const fill = (route: string, idOf: (parameter: string) => string): string =>
  route.replace(/:(\w+)/g, (_, parameter: string) => (parameter in kinds ? idOf(parameter) : "no.such.type"));

const routes = [...accessTable].map(([route, access]) => {
  const [method, path] = route.split(" ") as [string, string];
  return { route, method, path, access };
});
const guarded = routes.flatMap(({ access, ...route }) => (access === "public" ? [] : [{ ...route, access }]));
const roles: Role[] = ["admin", "tenant_admin", "user", "readonly"];
const missing = (parameter: string) => newId(kinds[parameter]!);

test("the OpenAPI document and the access table name the same routes", () => {
  const described = Object.entries(openApiDocument().paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(described.sort()).toEqual([...accessTable.keys()].sort());
});

test("every id of a path has a kind and a foreign thing to try", () => {
  const parameters = new Set(routes.flatMap(({ path }) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!)));
  parameters.delete("type");
  expect([...parameters].sort()).toEqual(Object.keys(kinds).sort());
  for (const parameter of parameters) expect(foreign[parameter], parameter).toBeTruthy();
});

describe.each(guarded)("$route", ({ route, method, path, access }) => {
  it("answers 401 without a valid credential", async () => {
    for (const caller of ["nobody", "stranger"] as const) {
      const { status, body } = await call(method, fill(path, missing), keys[caller]);
      expect([status, body.code], caller).toEqual([401, "unauthenticated"]);
    }
  });

  it.each(roles)("answers %s as its role says, before it looks at the input", async (role) => {
    const isPlatform = role === "admin";
    const mayCall = expandRole(role, null).has(access.permission) && (access.scope !== "platform" || isPlatform);
    const { status, body } = await call(
      method,
      fill(path, missing),
      keys[role],
      method === "GET" ? undefined : { nonsense: 1 },
    );
    if (!mayCall) expect([status, body.code, body.error]).toEqual([403, "forbidden", "Insufficient permissions"]);
    else if (isPlatform && access.scope === "tenant") expect(body.code).toBe("tenant-required");
    else expect([401, 403]).not.toContain(status);
  });

  const hasId = /:(?!type)\w+/.test(path);
  it.runIf(hasId && access.scope !== "platform")(
    "knows a foreign id as little as a missing or a broken one",
    async () => {
      const comparable = ({ requestId: _, instance: __, ...rest }: Record<string, unknown>) => rest;
      const answers = await Promise.all(
        [missing, (parameter: string) => foreign[parameter]!, () => "not-an-id"].map((idOf) =>
          call(method, fill(path, idOf), keys.tenant_admin, bodies[route]),
        ),
      );
      for (const { status, body } of answers) {
        expect(status).toBe(404);
        expect(comparable(body)).toEqual(comparable(answers[0]!.body));
      }
    },
  );
});
