import { beforeAll, describe, expect, it, test, vi } from "vitest";
import { type ApiResponse, callerOf } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Every route of the OpenAPI document checks the caller's permission, and treats the id of another tenant like a missing id. */
type Operation = { "x-access"?: { permission?: string; scope: "tenant" | "home" | "platform" | "identity" } };
type Role = (typeof roles)[number];
type Caller = Role | "nobody" | "stranger";
const roles = ["admin", "tenant_admin", "user", "readonly"] as const;
const keys: Partial<Record<Caller, string>> = {};
/** Objects of another tenant, by the name of the path parameter. */
const foreign: Record<string, string> = {};

/** A request to a path that begins with `/api/v1`. */
const call = (method: string, path: string, key = "", body?: unknown): Promise<ApiResponse> =>
  callerOf(system.apiUrl, key)(method, path.replace("/api/v1", ""), body);

// Read before the tests are defined, because each route has its own tests.
const document = await fetch(`${system.apiUrl}/openapi.json`);
const { paths } = (await document.json()) as { paths: Record<string, Record<string, Operation>> };
type Listed = { role: Role; permissions: { permission: string; scope: string }[] };
const listed = (await call("GET", "/api/v1/roles", system.operatorKey)).body.data.map(
  ({ role, permissions }: Listed) => ({
    role,
    permissions: Object.fromEntries(permissions.map(({ permission, scope }) => [permission, scope])),
  }),
) as { role: Role; permissions: Record<string, string> }[];

beforeAll(async () => {
  const [mine, theirs] = [await system.newTenant(), await system.newTenant()];
  keys.admin = system.operatorKey;
  keys.tenant_admin = mine.key;
  for (const role of ["user", "readonly"] as const)
    keys[role] = (await call("POST", "/api/v1/api-keys", mine.key, { name: role, role })).body.secret;
  keys.stranger = `${mine.key.slice(0, -6)}AAAAAA`;

  const their = theirs.key;
  const text = { name: "secret.txt", text: "Nobody else may read this." };
  foreign["documentId"] = (await call("POST", "/api/v1/documents", their, text)).body.document.id;
  foreign["collectionId"] = (
    await call("POST", "/api/v1/collections", their, { name: "Contracts" })
  ).body.collection.id;
  foreign["groupId"] = (await call("POST", "/api/v1/groups", their, { name: "Legal" })).body.group.id;
  foreign["runId"] = theirs.runId;
  foreign["tenantId"] = theirs.id;
  foreign["apiKeyId"] = (await call("GET", "/api/v1/api-keys", their)).body.data[0].id;
  foreign["memberId"] = foreign["apiKeyId"]!;
  foreign["jobId"] = (await call("POST", "/api/v1/jobs", their, { type: "reindex" })).body.job.id;
  // A member of the platform's tenant.
  foreign["userId"] = (await call("GET", "/api/v1/users/me", system.operatorToken)).body.id;
  foreign["invitationId"] = (await call("GET", "/api/v1/invitations", their)).body.data[0].id;
  const hook = await call("POST", "/api/v1/webhooks", their, { url: `${system.apiUrl}/health` });
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

/** The prefix of the ids of a path parameter. */
const prefixes: Record<string, string> = {
  groupId: "grp",
  memberId: "key",
  collectionId: "col",
  documentId: "doc",
  runId: "onb",
  tenantId: "ten",
  apiKeyId: "key",
  webhookId: "whk",
  deliveryId: "dlv",
  jobId: "job",
  userId: "usr",
  invitationId: "inv",
};

/** Bodies of routes that check the body before they look up the object. */
const bodies: Record<string, unknown> = {
  "POST /api/v1/documents/:documentId/versions": { text: "Other words." },
  "POST /api/v1/webhooks/:webhookId/recover": { since: new Date(Date.now() - 60_000).toISOString() },
  "POST /api/v1/webhooks/:webhookId/replay": { after: 0 },
};

/** A route's path with the given ids; other parameters have a harmless value. */
const fill = (route: string, idOf: (parameter: string) => string): string =>
  route.replace(/:(\w+)/g, (_, parameter: string) => (parameter in prefixes ? idOf(parameter) : "no.such.type"));

const routes = Object.entries(paths).flatMap(([template, operations]) =>
  Object.entries(operations).map(([name, operation]) => {
    const [method, path] = [name.toUpperCase(), template.replaceAll(/\{(\w+)\}/g, ":$1")];
    return { route: `${method} ${path}`, method, path, access: operation["x-access"] };
  }),
);
const guarded = routes.flatMap(({ access, ...route }) => (access ? [{ ...route, access }] : []));
const missing = (parameter: string) => unknownId(prefixes[parameter]!);

test("only system routes need no credential", () => {
  const open = routes.filter(({ access }) => !access).map(({ route }) => route);
  // Where people sign in.
  expect(open.filter((route) => route.includes("/v1/"))).toEqual(["GET /api/v1/sign-in"]);
  expect(guarded.length).toBeGreaterThan(30);
});

test("every path parameter that is an id is tested with an object of another tenant", () => {
  const parameters = new Set(routes.flatMap(({ path }) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!)));
  // Names, not ids.
  for (const name of ["type", "cursorName", "queueName"]) parameters.delete(name);
  expect([...parameters].sort()).toEqual(Object.keys(prefixes).sort());
  for (const parameter of parameters) expect(foreign[parameter], parameter).toBeTruthy();
});

describe.each(guarded)("$route", ({ route, method, path, access }) => {
  it("responds 401 without a valid credential", async () => {
    for (const caller of ["nobody", "stranger"] as const) {
      const { status, body } = await call(method, fill(path, missing), keys[caller]);
      expect([status, body.code], caller).toEqual([401, "unauthenticated"]);
    }
  });

  it.each(roles)("checks the permissions of the role %s before it validates the input", async (role) => {
    const isPlatform = role === "admin";
    // Keys are no people.
    const mayCall =
      access.permission !== undefined &&
      access.scope !== "identity" &&
      access.permission in listed.find((one) => one.role === role)!.permissions &&
      (access.scope !== "platform" || isPlatform);
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

  const hasId = /:(?!type|cursorName|queueName)\w+/.test(path);
  it.runIf(hasId && access.scope !== "platform")(
    "responds to another tenant's id exactly as to a missing or a malformed id",
    async () => {
      const comparable = ({ requestId: _, instance: __, ...rest }: Record<string, unknown>) => rest;
      const responses = await Promise.all(
        [missing, (parameter: string) => foreign[parameter]!, () => "not-an-id"].map((idOf) =>
          call(method, fill(path, idOf), keys.tenant_admin, bodies[route]),
        ),
      );
      for (const { status, body } of responses) {
        expect(status).toBe(404);
        expect(comparable(body)).toEqual(comparable(responses[0]!.body));
      }
    },
  );
});
