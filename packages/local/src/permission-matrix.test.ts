import { readFileSync } from "node:fs";
import { type Id, newId } from "@resolve/core/platform/id";
import { ApiProblem, createClient } from "@resolve/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDocument, type Call, unlimitedRequests } from "../../acceptance/src/client.ts";
import { buildProgram } from "../../cli/src/program.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/**
 * Every route with every role, for an object of the caller, of a colleague and of another tenant: permission-matrix.txt has the
 * status. Through the API with keys and with the tokens of people, through the SDK, and through the CLI.
 */
const columns = ["operator", "inside", "tenant_admin", "user", "readonly"] as const;
type Column = (typeof columns)[number];
const owners = ["own", "other", "foreign"] as const;
type Owner = (typeof owners)[number];
type Row = { route: string; method: string; path: string; allowed: number[]; cells: Record<Column, string[]> };

const rows: Row[] = readFileSync(new URL("permission-matrix.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [route = "", allowed, ...cells] = line.split("|").map((cell) => cell.trim());
    const [method = "", path = ""] = route.split(/ +/);
    // A row has a cell for each column.
    const named = Object.fromEntries(columns.map((column, at) => [column, cells[at]!.split(/ +/)]));
    return {
      route: `${method} ${path}`,
      method,
      path,
      allowed: (allowed ?? "").split("/").map(Number),
      cells: named as Row["cells"],
    };
  });

/** A credential of the tenant, of another one, or of the platform. `id` is of the key or of the user. */
type Caller = { call: Call; id: string; credential: string };
type Tenant = { id: string; owner: Call; colleague: Caller; ids: Map<string, string> };

let system: TestSystem;
let mine: Tenant;
let theirs: Tenant;
const callers: Record<"keys" | "people", Partial<Record<Column, Caller>>> = { keys: {}, people: {} };

const newKey = async (owner: Call, role: string): Promise<Caller> => {
  const { body } = await owner("POST", "/api-keys", { name: role, role });
  return { call: system.caller(body.secret), id: body.apiKey.id, credential: body.secret };
};

const headersInside = () => ({ "x-resolve-tenant": mine.id, "x-resolve-reason": "the matrix of permissions" });
const newCaller = async (kind: "keys" | "people", column: Column): Promise<Caller> => {
  const isOperator = column === "operator" || column === "inside";
  if (kind === "keys" && !isOperator) return newKey(mine.owner, column);
  const { id, token } = await system.newPerson({
    [isOperator ? system.platformId : (mine.id as Id<"tenant">)]: isOperator ? "admin" : column,
  });
  const credential = await token();
  return { id, credential, call: system.caller(credential, column === "inside" ? headersInside() : {}) };
};

beforeAll(async () => {
  system = await startSystem();
  const newTenant = async (): Promise<Tenant> => {
    const { id, call } = await system.newTenant();
    await system.operator("PATCH", `/tenants/${id}/limits`, {
      webhooks: 1_000,
      groups: 1_000,
      invitations: 1_000,
      ...unlimitedRequests,
    });
    return { id, owner: call, colleague: await newKey(call, "tenant_admin"), ids: new Map() };
  };
  [mine, theirs] = [await newTenant(), await newTenant()];
  const { adminApiKey } = system.runtime;
  const operatorId = (await system.operator("GET", "/api-keys")).body.data[0].id;
  callers.keys.operator = { call: system.operator, id: operatorId, credential: adminApiKey };
  callers.keys.inside = { call: system.caller(adminApiKey, headersInside()), id: operatorId, credential: adminApiKey };
  callers.people.operator = await newCaller("people", "operator");
  callers.people.inside = await newCaller("people", "inside");
  for (const role of ["tenant_admin", "user", "readonly"] as const) {
    callers.keys[role] = await newCaller("keys", role);
    callers.people[role] = await newCaller("people", role);
  }
}, 300_000);
afterAll(() => system?.close());

const dropped = "DELETE ";
/** Nothing listens there. The endpoints subscribe to an event that does not happen here, so that no deliveries pile up. */
const url = "http://127.0.0.1:9/hook";
let count = 0;
const unique = (name: string): string => `${name} ${++count}`;
const bodyOf = async (made: ReturnType<Call>, status = 201) => {
  const { status: actual, body } = await made;
  if (actual !== status) throw new Error(`the object was not created: ${actual} ${JSON.stringify(body)}`);
  return body;
};

/** How an object of each parameter is created, by a caller who may. `isFresh`: the route changes it, so that it is used once. */
const objects: Record<
  string,
  {
    make: (by: Call, tenant: Tenant, ids: Record<string, string>, route: string) => Promise<string>;
    isFresh: (route: string) => boolean;
  }
> = {
  tenantId: {
    // A tenant that is suspended, or was within 20 s, refuses the other requests of the matrix.
    make: async (_, { id }, __, route) => (/\/(suspend|resume)$/.test(route) ? (await system.newTenant()).id : id),
    isFresh: () => true,
  },
  runId: {
    make: async (by) => (await bodyOf(by("GET", "/tenant/onboarding"), 200)).id,
    isFresh: () => false,
  },
  userId: {
    make: async (_, { id }) => (await system.newPerson({ [id as Id<"tenant">]: "user" })).id,
    isFresh: (route) => route.startsWith(dropped),
  },
  invitationId: {
    make: async (by) => {
      const invitation = { email: `${crypto.randomUUID()}@acme.example`, role: "user" };
      return (await bodyOf(by("POST", "/invitations", invitation))).invitation.id;
    },
    isFresh: () => true,
  },
  apiKeyId: { make: async (by) => (await newKey(by, "user")).id, isFresh: (route) => route.startsWith(dropped) },
  groupId: {
    make: async (by) => (await bodyOf(by("POST", "/groups", { name: unique("group") }))).group.id,
    isFresh: (route) => route.startsWith(dropped),
  },
  memberId: {
    make: async (by, { colleague }, { groupId }) => {
      await bodyOf(by("POST", `/groups/${groupId}/members`, { apiKeyIds: [colleague.id] }), 200);
      return colleague.id;
    },
    isFresh: () => true,
  },
  collectionId: {
    make: async (by) => (await bodyOf(by("POST", "/collections", { name: unique("collection") }))).collection.id,
    isFresh: (route) => route.startsWith(dropped),
  },
  documentId: {
    make: (by) => addDocument(by, { name: unique("document"), text: `The lens ${count} is ground.` }),
    isFresh: (route) => route.startsWith(dropped) || route.endsWith("/versions"),
  },
  jobId: {
    make: async (by) => {
      // A job of the same type may still run.
      let made = await by("POST", "/jobs", { type: "index" });
      const create = async () => {
        if (made.status !== 202) made = await by("POST", "/jobs", { type: "index" });
        return made.status;
      };
      await expect.poll(create, { timeout: 60_000 }).toBe(202);
      const { id } = made.body.job;
      await expect
        .poll(async () => (await by("GET", `/jobs/${id}`)).body.status, { timeout: 60_000 })
        .toBe("completed");
      return id;
    },
    isFresh: () => false,
  },
  webhookId: {
    make: async (by) => (await bodyOf(by("POST", "/webhooks", { url, eventTypes: ["document.purged"] }))).webhook.id,
    isFresh: () => true,
  },
  deliveryId: {
    make: async (by) => {
      const { id } = (await bodyOf(by("POST", "/webhooks", { url, eventTypes: ["document.purged"] }))).webhook;
      await by("POST", `/webhooks/${id}/test`);
      const deliveries = async () => (await by("GET", `/webhooks/${id}/deliveries`)).body.data;
      await expect.poll(async () => (await deliveries()).length, { timeout: 60_000 }).toBe(1);
      // Its deliveries cannot be tried again now, so the response does not depend on an attempt that is under way.
      await by("POST", `/webhooks/${id}/disable`);
      return (await deliveries())[0].id;
    },
    isFresh: () => false,
  },
};
const names: Record<string, string> = { type: "document.ready", queueName: "document-processing" };

/** Valid bodies; other writes have none. */
const bodies: Record<string, (ids: Record<string, string>) => unknown> = {
  "POST /v1/tenants": () => ({ name: "Acme", admin: { email: "ada@acme.example" } }),
  "PATCH /v1/tenants/:tenantId/limits": () => ({ jobs: 10 }),
  "PATCH /v1/tenants/:tenantId": () => ({ name: "Acme" }),
  "POST /v1/tenants/:tenantId/suspend": () => ({ reason: "The matrix of permissions" }),
  "PATCH /v1/tenant": () => ({ name: "Acme" }),
  "PATCH /v1/users/:userId": () => ({ name: "Ada" }),
  "POST /v1/invitations": () => ({ email: `${crypto.randomUUID()}@acme.example`, role: "user" }),
  "PATCH /v1/api-keys/:apiKeyId": () => ({ name: "key" }),
  "POST /v1/api-keys": () => ({ name: "key" }),
  "POST /v1/authz/explain": () => ({ permission: "document:read" }),
  "POST /v1/groups": () => ({ name: unique("group") }),
  "PATCH /v1/groups/:groupId": () => ({ name: unique("group") }),
  "POST /v1/groups/:groupId/members": () => ({ apiKeyIds: [mine.colleague.id] }),
  "POST /v1/collections": () => ({ name: unique("collection") }),
  "PATCH /v1/collections/:collectionId": () => ({ name: unique("collection") }),
  "POST /v1/documents": () => ({ name: "a.txt", text: `Words ${++count}.` }),
  "POST /v1/documents/bulk": () => ({ action: "delete", documentIds: [newId("document")] }),
  "PATCH /v1/documents/:documentId": () => ({ metadata: { team: "legal" } }),
  "POST /v1/documents/:documentId/versions": () => ({ text: `Words ${++count}.` }),
  "POST /v1/search": () => ({ query: "lens" }),
  "POST /v1/answers": () => ({ question: "What is ground?" }),
  "POST /v1/jobs": () => ({ type: "index" }),
  "PUT /v1/event-cursors/:cursorName": () => ({ sequence: 0 }),
  "POST /v1/event-cursors/:cursorName/commit": () => ({ sequence: 0 }),
  "POST /v1/webhooks": () => ({ url, eventTypes: ["document.purged"] }),
  "PATCH /v1/webhooks/:webhookId": () => ({ maxPerSecond: 5 }),
  "POST /v1/webhooks/:webhookId/recover": () => ({ since: new Date(Date.now() - 60_000).toISOString() }),
  "POST /v1/webhooks/:webhookId/replay": () => ({ after: 0 }),
  "POST /v1/platform/parked-work/release": () => ({ ids: [`outbox:webhook-delivery:${crypto.randomUUID()}`] }),
  "POST /v1/platform/dead-letters/:queueName/redrive": () => ({ messages: [crypto.randomUUID()] }),
  "POST /v1/platform/dead-letters/:queueName/purge": () => ({ messages: [crypto.randomUUID()] }),
  "POST /v1/platform/proofs": () => ({ files: { "report.html": "0".repeat(64) } }),
};

/** The commands of routes that have one. */
const commands: Record<string, (ids: Record<string, string>) => string[]> = {
  "GET /v1/tenants": () => ["tenants", "list"],
  "GET /v1/tenants/:tenantId": ({ tenantId }) => ["tenants", "show", tenantId!],
  "PATCH /v1/tenants/:tenantId": ({ tenantId }) => ["tenants", "update", tenantId!, "--name", "Acme"],
  "POST /v1/tenants/:tenantId/suspend": ({ tenantId }) => ["tenants", "suspend", tenantId!, "The matrix"],
  "POST /v1/tenants/:tenantId/resume": ({ tenantId }) => ["tenants", "resume", tenantId!],
  "GET /v1/users": () => ["users", "list"],
  "GET /v1/users/:userId": ({ userId }) => ["users", "show", userId!],
  "DELETE /v1/users/:userId": ({ userId }) => ["users", "remove", userId!],
  "GET /v1/invitations": () => ["invitations", "list"],
  "POST /v1/invitations": () => ["invitations", "invite", `${crypto.randomUUID()}@acme.example`],
  "POST /v1/invitations/:invitationId/resend": ({ invitationId }) => ["invitations", "resend", invitationId!],
  "DELETE /v1/invitations/:invitationId": ({ invitationId }) => ["invitations", "withdraw", invitationId!],
  "GET /v1/tenant/onboarding": () => ["onboarding"],
  "GET /v1/roles": () => ["roles"],
  "POST /v1/authz/explain": () => ["explain", "document:read"],
  "GET /v1/audit": () => ["audit"],
  "GET /v1/groups": () => ["groups", "list"],
  "POST /v1/groups": () => ["groups", "create", unique("group")],
  "PATCH /v1/groups/:groupId": ({ groupId }) => ["groups", "rename", groupId!, unique("group")],
  "DELETE /v1/groups/:groupId": ({ groupId }) => ["groups", "delete", groupId!],
  "GET /v1/groups/:groupId/members": ({ groupId }) => ["groups", "members", groupId!],
  "POST /v1/groups/:groupId/members": ({ groupId }) => ["groups", "add", groupId!, mine.colleague.id],
  "DELETE /v1/groups/:groupId/members/:memberId": ({ groupId, memberId }) => ["groups", "remove", groupId!, memberId!],
  "GET /v1/collections": () => ["collections", "list"],
  "POST /v1/collections": () => ["collections", "create", unique("collection")],
  "PATCH /v1/collections/:collectionId": ({ collectionId }) => ["collections", "access", collectionId!, "--everybody"],
  "GET /v1/documents": () => ["documents"],
  "POST /v1/search": () => ["search", "lens"],
  "POST /v1/answers": () => ["answer", "What", "is", "ground?"],
  "GET /v1/webhooks": () => ["webhooks", "list"],
  "POST /v1/webhooks": () => ["webhooks", "create", url, "--types", "document.purged"],
  "GET /v1/webhooks/:webhookId": ({ webhookId }) => ["webhooks", "get", webhookId!],
  "GET /v1/webhooks/:webhookId/metrics": ({ webhookId }) => ["webhooks", "metrics", webhookId!],
};

/** One way to send the request of a route; returns its status. */
type Way = (row: Row, ids: Record<string, string>, caller: Caller, column: Column) => Promise<number>;
const insideOf = (column: Column) =>
  column === "inside" ? { inside: { tenantId: mine.id, reason: "the matrix of permissions" } } : {};
const ways: Record<string, Way> = {
  async API({ route, method, path }, ids, { call }) {
    const filled = path.replace(/:(\w+)/g, (_, name: string) => ids[name]!);
    return (await call(method, filled.slice("/v1".length), bodies[route]?.(ids))).status;
  },
  async SDK({ route, method, path }, ids, { credential }, column) {
    const client = createClient({ apiUrl: system.runtime.apiUrl, apiKey: credential, ...insideOf(column) });
    const template = `/api${path.replace(/:(\w+)/g, "{$1}")}`;
    const body = bodies[route]?.(ids);
    const init = {
      params: { path: ids },
      parseAs: "text",
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    };
    // The client's types want literal paths.
    const send = client[method as "GET"] as (path: string, init: object) => Promise<{ response: Response }>;
    return (await send(template, init)).response.status;
  },
  async CLI({ route, allowed }, ids, { credential }, column) {
    const env = { RESOLVE_API_URL: system.runtime.apiUrl, RESOLVE_API_KEY: credential };
    const global = column === "inside" ? ["--tenant", mine.id, "--reason", "the matrix of permissions"] : [];
    const program = buildProgram({ print: () => {}, env, cwd: "/" });
    try {
      // Only routes with a command come here.
      await program.parseAsync([...global, ...commands[route]!(ids)], { from: "user" });
      return allowed[0]!;
    } catch (error) {
      if (error instanceof ApiProblem) return error.problem.status;
      throw error;
    }
  },
};

/** The ids of a path: of objects that the caller, a colleague or somebody of another tenant created. */
const idsFor = async ({ route, path }: Row, owner: Owner, caller: Caller, isAllowed: boolean) => {
  const tenant = owner === "foreign" ? theirs : mine;
  const ids: Record<string, string> = {};
  for (const [, name = ""] of path.matchAll(/:(\w+)/g)) {
    const object = objects[name];
    if (!object) {
      ids[name] = names[name] ?? "crm";
      continue;
    }
    const by = owner === "own" ? caller : tenant.colleague;
    const kept = `${name} ${owner === "own" ? caller.id : ""}`;
    const isKept = !(object.isFresh(route) && isAllowed);
    let id = isKept ? tenant.ids.get(kept) : undefined;
    if (owner === "own" && ["apiKeyId", "userId"].includes(name)) id = caller.id;
    id ??= await object.make(by.call, tenant, ids, route);
    if (isKept) tenant.ids.set(kept, id);
    ids[name] = id;
  }
  return ids;
};

// Routes that need a person and no tenant are tested with sign-in.
test("the matrix has every route that needs a permission in a tenant, and no other", async () => {
  const { body } = await system.operator("GET", "/../openapi.json");
  type Paths = Record<string, Record<string, { "x-access"?: { permission?: string; scope: string } }>>;
  const routes = Object.entries(body.paths as Paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { "x-access": access }]) =>
      access?.permission && access.scope !== "identity"
        ? [`${method.toUpperCase()} ${path.slice("/api".length).replace(/\{(\w+)\}/g, ":$1")}`]
        : [],
    ),
  );
  expect(rows.map(({ route }) => route).sort()).toEqual(routes.sort());
});

const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
/** On the embedded database with keys only, because all of them take two minutes. */
const runs = [
  { way: "API", kind: "keys" },
  { way: "API", kind: "people" },
  { way: "SDK", kind: "keys" },
  { way: "CLI", kind: "keys" },
] as const;
describe.each(isReal ? runs : runs.slice(0, 1))("through the $way with $kind", ({ way, kind }) => {
  const covered = way === "CLI" ? rows.filter(({ route }) => route in commands) : rows;
  test.each(covered)(
    "$route",
    async (row) => {
      for (const column of columns) {
        const cell = row.cells[column];
        const named = cell.length === 2 ? owners.slice(1) : owners;
        for (const [at, word] of cell.entries()) {
          const owner: Owner = cell.length === 1 ? "other" : named[at]!;
          // A key is no user, and a person no key.
          const notOwn = kind === "people" ? ":apiKeyId" : ":userId";
          if (word === "-" || (owner === "own" && row.path.includes(notOwn))) continue;
          // A caller that is removed below is used once.
          const isRemoved = owner === "own" && word === "yes" && /^DELETE .*:(apiKeyId|userId)$/.test(row.route);
          const caller = isRemoved ? await newCaller(kind, column) : callers[kind][column]!;
          if (row.path.includes(":cursorName")) {
            const home = column === "operator" ? system.operator : mine.owner;
            await bodyOf(home("PUT", "/event-cursors/crm", { sequence: 0 }), 200);
          }
          const ids = await idsFor(row, owner, caller, word === "yes");
          const expected = word === "yes" ? row.allowed : [Number(word)];
          const send = () => ways[way]!(row, ids, caller, column);
          const what = `${column}, ${owner}`;
          // A job of the same type may still run.
          if (row.route === "POST /v1/jobs")
            await expect.poll(send, { timeout: 60_000, message: what }).toBe(expected[0]);
          else expect(expected, what).toContain(await send());
        }
      }
    },
    180_000,
  );
});
