import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { checkRecall, findReadyDocument, hasDocuments, measureCorpus } from "@resolve/core/documents";
import { systemCtx } from "@resolve/core/platform/context";
import { type Id, newId, toUuid } from "@resolve/core/platform/id";
import { findCitation } from "@resolve/core/search";
import { announceUsage } from "@resolve/core/usage";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ApiResponse, addDocument, type Call, unlimitedRequests } from "../../acceptance/src/client.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/**
 * Row-level security is the second lock. Here it lets every tenant see all rows, so that the conditions of the code alone keep
 * two tenants apart that have done the same.
 */
type Operation = {
  "x-access"?: { scope: string };
  requestBody?: { content?: Record<string, { example?: unknown }> };
};
type Route = { method: string; path: string; operation: Operation };
/** A tenant, its objects by the name of the path parameter, and a key that reads what one collection shows. */
type Twin = { id: Id<"tenant">; call: Call; ids: Record<string, string>; reader: Call };

/** Answers every delivery. */
const receiver = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
await once(receiver, "listening");
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

let system: TestSystem;
let routes: Route[];
let mine: Twin;
let theirs: Twin;
/** A person who is a member of both. */
let common: Id<"user">;
/** What `mine` had and read before `theirs` did the same. */
let alone: State;

/** The policy `tenant` of every table and partition, and that of users, lets all rows through. */
const openPolicies = async (): Promise<void> => {
  const tables = await system.admin<{ target: string }[]>`
    select format('%I.%I', schemaname, tablename) as target from pg_policies where policyname = 'tenant' and schemaname = 'app'`;
  expect(tables.length).toBeGreaterThan(30);
  for (const { target } of tables)
    await system.admin.unsafe(`alter policy tenant on ${target} using (true) with check (true)`);
  await system.admin`alter policy member on app.users using (true)`;
};

beforeAll(async () => {
  system = await startSystem();
  const { paths } = (await (await fetch(`${system.runtime.apiUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => ["tenant", "home"].includes(operation["x-access"]?.scope ?? ""))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: path.replace("/api/v1", "").replaceAll(/\{(\w+)\}/g, ":$1"),
        operation,
      })),
  );
  const newTwin = async (): Promise<Twin> => {
    const { id, call } = await system.newTenant();
    await system.operator("PATCH", `/tenants/${id}/limits`, unlimitedRequests);
    const { id: runId } = await waitFor(
      async () => (await call("GET", "/tenant/onboarding")).body,
      ({ status }) => status !== "running",
    );
    return { id, call, ids: { runId }, reader: call };
  };
  [mine, theirs] = [await newTwin(), await newTwin()];
  common = (await system.newPerson({ [mine.id]: "user", [theirs.id]: "tenant_admin" })).id;
  await openPolicies();
  await act(mine);
  alone = await settledState(mine);
  await act(theirs);
  // As after three failed attempts. None of its deliveries is due, so only a request of `mine` could change it.
  await system.admin`update app.webhooks set failures = 3, failing_since = now() - interval '1 hour' where tenant_id = ${toUuid(theirs.id)}`;
  await fill(await system.newTenant());
}, 300_000);
afterAll(async () => {
  await system?.close();
  receiver.close();
});

const waitFor = <T>(read: () => Promise<T>, isReached: (value: T) => boolean): Promise<T> =>
  vi.waitFor(
    async () => {
      const value = await read();
      if (!isReached(value)) throw new Error(`still ${JSON.stringify(value)}`);
      return value;
    },
    { timeout: 60_000, interval: 200 },
  );

const made = async (response: Promise<ApiResponse>) => {
  const { status, body } = await response;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};

type Delivery = { id: string; status: string };

/** What both tenants do, in the same words. */
const act = async (twin: Twin): Promise<void> => {
  const { id, call, ids } = twin;
  ids["userId"] = (await system.newPerson({ [id]: "user" })).id;
  const post = (path: string, body?: unknown) => made(call("POST", path, body));
  ids["groupId"] = (await post("/groups", { name: "Legal" })).group.id;
  const key = await post("/api-keys", { name: "reader", role: "readonly" });
  ids["apiKeyId"] = key.apiKey.id;
  ids["memberId"] = key.apiKey.id;
  twin.reader = system.caller(key.secret);
  await post(`/groups/${ids["groupId"]}/members`, { apiKeyIds: [key.apiKey.id], userIds: [common] });
  const access = { groupIds: [ids["groupId"]], userIds: [common] };
  ids["collectionId"] = (await post("/collections", { name: "Contracts", access })).collection.id;
  const { collectionId } = ids;
  ids["documentId"] = await addDocument(call, {
    name: "lease.txt",
    text: "The lease of LX-200-B ends in May 2031.",
    collectionId,
    externalId: "lease-1",
  });
  await post(`/documents/${ids["documentId"]}/versions`, { text: "The lease of LX-200-B ends in June 2032." });
  ids["copy"] = await addDocument(call, {
    name: "copy.txt",
    text: "The lease of LX-200-B ends in June 2032.",
    externalId: "copy-1",
    metadata: { team: "legal" },
  });
  ids["deleted"] = await addDocument(call, { name: "old.txt", text: "The lease of LX-200-B ended in May 2021." });
  await made(call("DELETE", `/documents/${ids["deleted"]}`));
  ids["invitationId"] = (await post("/invitations", { email: "bob@acme.example", role: "user" })).invitation.id;
  ids["webhookId"] = (await post("/webhooks", { url: receiverUrl, eventTypes: ["document.ready"] })).webhook.id;
  await post(`/webhooks/${ids["webhookId"]}/test`);
  const deliveries = async (): Promise<Delivery[]> =>
    (await call("GET", `/webhooks/${ids["webhookId"]}/deliveries`)).body.data;
  const [delivery] = await waitFor(deliveries, ([one]) => one?.status === "delivered");
  ids["deliveryId"] = delivery!.id;
  await made(call("PUT", "/event-cursors/crm", { sequence: 3 }));
  ids["jobId"] = (await post(`/webhooks/${ids["webhookId"]}/replay`, { after: 0 })).job.id;
  await waitFor(
    async () => (await call("GET", `/jobs/${ids["jobId"]}`)).body.status,
    (status) => status === "completed",
  );
  await waitFor(deliveries, (all) => all.length === 5 && all.every((one) => one.status === "delivered"));
};

/** A tenant with more of everything than a query of another one looks at. */
const fill = async ({ uuid, call }: Awaited<ReturnType<TestSystem["newTenant"]>>): Promise<void> => {
  const { admin } = system;
  await addDocument(call, {
    name: "long.txt",
    text: "When does the lease end? The lease of LX-200-B ends in June 2032.\n\n".repeat(5_000),
  });
  // In German, "leasen" has the stem that "lease" has in English.
  await addDocument(call, {
    name: "de.txt",
    text: "Der Vertrag endet im Mai, und die Miete steigt jedes Jahr ein wenig.",
  });
  await made(call("POST", "/webhooks", { url: receiverUrl, eventTypes: ["document.purged"] }));
  await admin`update app.webhooks set failures = 5, failing_since = now() where tenant_id = ${uuid}`;
  await admin`insert into app.usage_months (tenant_id, month, meter, amount, checked_amount)
    select ${uuid}, date_trunc('month', now()), meter, 1e12, 1e12 from unnest(array['searches', 'documents', 'bytes']) meter
    on conflict (tenant_id, month, meter) do update set amount = excluded.amount, checked_amount = excluded.amount`;
};

const names: Record<string, string> = { cursorName: "crm", type: "document.ready" };
const withIds = (path: string, idOf: (parameter: string) => string): string =>
  path.replaceAll(/:(\w+)/g, (_, parameter: string) => names[parameter] ?? idOf(parameter));

/** Members that change with time or with each request of the tenant. */
const changing = new Set(["lastUsedAt", "usage", "timingsMs"]);
const stable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (changing.has(name) ? [] : [[name, stable(one)]])),
  );
};

/** A download is an event of its own, and usage counts what was read. */
const unread = new Set(["/documents/:documentId/download", "/tenant/usage"]);

/** Everything that a tenant can read of itself, and an operator of it. */
const read = async ({ id, call, ids, reader }: Twin): Promise<Record<string, unknown>> => {
  const seen: Record<string, unknown> = {};
  const note = ({ status, body }: ApiResponse, name: string) => {
    seen[name] = [status, stable(body)];
  };
  for (const { path } of routes.filter(({ method, path }) => method === "GET" && !unread.has(path)))
    note(
      await call(
        "GET",
        withIds(path, (parameter) => ids[parameter] ?? ""),
      ),
      path,
    );
  for (const body of [
    { query: "lease" },
    { query: "when does the lease end", mode: "vector" },
    { query: "when does the lease end", mode: "vector", exact: true },
    { query: '"ends in june"' },
    { query: "ends -leasen", mode: "keyword" },
    { query: "LX-200-B" },
  ])
    for (const caller of [call, reader])
      note(await caller("POST", "/search", body), `${JSON.stringify(body)}${caller === call ? "" : " of the reader"}`);
  for (const path of [`/tenants/${id}`, `/tenants/${id}/limits`, `/tenants/${id}/onboarding`])
    note(await system.operator("GET", path), path);
  note(await call("POST", "/answers", { question: "When does the lease end?" }), "answer");
  note(await call("POST", "/authz/explain", { permission: "user:write", userId: common }), "explain");
  return seen;
};

/** Written as time passes, also for a tenant that does nothing: usage is collected, and corpora are measured. */
const ofTime = new Set(["usage_hours", "usage_months", "outbox", "corpora", "versions"]);

/** A hash of the tenant's rows in each table. */
const rowsOf = async ({ id }: Twin): Promise<Record<string, string>> => {
  const tables = await system.admin<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  const hashes: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !ofTime.has(table.name))) {
    const [row] = await system.admin.unsafe<{ hash: string }[]>(
      `select count(*) || ' rows, ' || coalesce(md5(string_agg(r::text, ',' order by r::text)), '') as hash from app.${name} t, lateral (select to_jsonb(t) - 'last_used_on') o (r) where tenant_id = $1`,
      [toUuid(id)],
    );
    hashes[name] = row!.hash;
  }
  return hashes;
};

type State = { rows: Record<string, string>; read: Record<string, unknown> };

/** The state after whatever is under way: twice the same within a second. */
const settledState = async (twin: Twin): Promise<State> => {
  let before: State["rows"] | undefined;
  let rows = await rowsOf(twin);
  while (!isDeepStrictEqual(before, rows)) {
    await setTimeout(1_000);
    [before, rows] = [rows, await rowsOf(twin)];
  }
  return { rows, read: await read(twin) };
};

test("what a tenant has and reads stays the same while another one does the same", async () => {
  expect(alone.rows).toMatchObject({
    documents: expect.stringMatching(/^3 /),
    webhooks: expect.stringMatching(/^1 /),
  });
  expect(await settledState(mine)).toEqual(alone);
}, 60_000);

/** An id of the same type that nothing has. */
const unknownLike = (id: string): string => id.replace(/_.*/, newId("document").replace(/^doc/, ""));

test("the id of another tenant's thing is answered as one that nothing has, and nothing happens to it", async () => {
  const before = await settledState(theirs);
  const answersTo = async (idOf: (their: string) => string) => {
    const their = (name: string) => idOf(theirs.ids[name]!);
    const byPath = routes
      .filter(({ path }) => /:\w+Id/.test(path))
      .map(({ method, path, operation }) => {
        const example = operation.requestBody?.content?.["application/json"]?.example;
        return [method, path, method === "GET" ? undefined : example] as const;
      });
    const byBody = [
      ["POST", `/groups/${mine.ids["groupId"]}/members`, { apiKeyIds: [their("apiKeyId")] }],
      ["POST", `/groups/${mine.ids["groupId"]}/members`, { userIds: [their("userId")] }],
      ["POST", "/collections", { name: "Theirs", access: { groupIds: [their("groupId")] } }],
      ["POST", "/documents", { name: "a.txt", text: "A text.", collectionId: their("collectionId") }],
      ["PATCH", `/documents/${mine.ids["documentId"]}`, { collectionId: their("collectionId") }],
      ["POST", "/documents/bulk", { action: "delete", documentIds: [their("documentId")] }],
      ["POST", "/search", { query: "lease", collectionIds: [their("collectionId")] }],
      ["POST", "/authz/explain", { permission: "document:read", resourceId: their("documentId") }],
      ["POST", "/authz/explain", { permission: "document:read", apiKeyId: their("apiKeyId") }],
      ["POST", "/authz/explain", { permission: "document:read", userId: their("userId") }],
    ] as const;
    const answers: unknown[] = [];
    for (const [method, path, body] of [...byPath, ...byBody]) {
      const answer = await mine.call(method, withIds(path, their), body);
      answers.push([method, path, answer.status, answer.body?.code]);
    }
    return answers;
  };
  const foreign = await answersTo((id) => id);
  expect(foreign.length).toBeGreaterThan(50);
  expect(foreign).toEqual(await answersTo(unknownLike));
  expect(await settledState(theirs)).toEqual(before);
}, 180_000);

test("a limit counts the things of its tenant only", async () => {
  const things = [
    ["webhooks", "/webhooks", { url: receiverUrl, eventTypes: ["document.purged"] }],
    ["groups", "/groups", { name: "One more" }],
    ["collections", "/collections", { name: "One more" }],
    ["apiKeys", "/api-keys", { name: "One more" }],
  ] as const;
  for (const [limited, path, body] of things) {
    const { data } = (await mine.call("GET", `${path}?limit=100`)).body;
    await made(system.operator("PATCH", `/tenants/${mine.id}/limits`, { [limited]: data.length + 1 }));
    await made(mine.call("POST", path, body));
    expect((await mine.call("POST", path, body)).body).toMatchObject({ code: "limit-reached", limited });
  }
}, 60_000);

test("what a tenant changes and deletes is its own", async () => {
  const { id: paused } = (await made(theirs.call("POST", "/jobs", { type: "reindex" }))).job;
  await made(theirs.call("POST", `/jobs/${paused}/pause`));
  const quiet = await system.newTenant();
  await system.admin`insert into app.term_frequencies (tenant_id, language, lexeme, chunks) values (${quiet.uuid}, 'english', 'leas', 100)`;
  const before = await settledState(theirs);
  const { call, ids } = mine;
  await made(call("POST", `/webhooks/${ids["webhookId"]}/replay`, { after: 1 }));
  await settledState(mine);
  const own = (await call("GET", "/documents/count")).body.count;
  const { id: jobId } = (await made(call("POST", "/jobs", { type: "reindex" }))).job;
  const reindexed = await waitFor(
    async () => (await call("GET", `/jobs/${jobId}`)).body,
    ({ status }) => status === "completed",
  );
  expect(reindexed.progress).toMatchObject({ done: own, total: own });
  const changes: [method: string, path: string, body?: object][] = [
    ["PATCH", "/tenant", { name: "Other" }],
    ["PATCH", `/documents/${ids["documentId"]}`, { metadata: { team: "sales" } }],
    ["POST", `/documents/${ids["documentId"]}/versions`, { text: "The lease of LX-200-B ends in July 2033." }],
    ["PUT", "/event-cursors/crm", { sequence: 1 }],
    ["POST", `/webhooks/${ids["webhookId"]}/rotate-secret`],
    ["POST", `/webhooks/${ids["webhookId"]}/disable`],
    ["POST", `/api-keys/${ids["apiKeyId"]}/rotate`],
    ["POST", `/invitations/${ids["invitationId"]}/resend`],
  ];
  for (const [method, path, body] of changes)
    expect([path, (await call(method, path, body)).status]).toEqual([path, expect.toBeOneOf([200, 201, 202])]);
  await settledState(mine);
  await measureCorpus(systemCtx({ tenantId: mine.id, job: "test" }));
  expect(await system.admin`select from app.term_frequencies where tenant_id = ${quiet.uuid}`).toHaveLength(1);
  const dropped = [
    "/event-cursors/crm",
    `/users/${common}`,
    `/groups/${ids["groupId"]}/members/${ids["memberId"]}`,
    `/groups/${ids["groupId"]}`,
    `/webhooks/${ids["webhookId"]}`,
    `/invitations/${ids["invitationId"]}`,
    `/api-keys/${ids["apiKeyId"]}`,
    `/documents/${ids["documentId"]}`,
    `/collections/${ids["collectionId"]}`,
  ];
  for (const path of dropped)
    expect([path, (await call("DELETE", path)).status]).toEqual([path, expect.toBeOneOf([200, 202, 204])]);
  await made(system.operator("PATCH", `/tenants/${mine.id}/limits`, { requestBurst: null }));
  await system.admin`update app.documents set purge_at = now() where tenant_id = ${toUuid(mine.id)} and status = 'deleting'`;
  await waitFor(
    () => system.admin`select from app.documents where tenant_id = ${toUuid(mine.id)} and status = 'deleting'`,
    (left) => left.length === 0,
  );
  await settledState(mine);
  // As when a month of events has been removed.
  await system.admin`delete from app.events where tenant_id = ${toUuid(mine.id)} and sequence <= 2`;
  const { webhook } = await made(call("POST", "/webhooks", { url: receiverUrl, eventTypes: ["document.purged"] }));
  expect((await call("POST", `/webhooks/${webhook.id}/replay`, { after: 0 })).status).toBe(400);
  await made(system.operator("POST", `/tenants/${mine.id}/suspend`, { reason: "A test" }));
  await made(system.operator("POST", `/tenants/${mine.id}/resume`));
  // The resume begins the days anew in which an endpoint may fail.
  await setTimeout(3_000);
  expect(await settledState(theirs)).toEqual(before);
}, 180_000);

test("storage is that of its tenant only", async () => {
  for (const { id, call } of [mine, theirs]) {
    const { usedBytes } = (await made(system.operator("GET", `/tenants/${id}`))).storage;
    await made(system.operator("PATCH", `/tenants/${id}/limits`, { storageBytes: usedBytes + 100 }));
    expect((await call("POST", "/documents", { name: "a.txt", text: "x".repeat(101) })).body.code).toBe(
      "quota-exceeded",
    );
    await addDocument(call, { name: "a.txt", text: "x".repeat(100) });
    await made(system.operator("PATCH", `/tenants/${id}/limits`, { storageBytes: null }));
  }
}, 60_000);

test("mails to an address are counted for its tenant only", async () => {
  const invite = ({ call }: Twin) => call("POST", "/invitations", { email: "eve@acme.example", role: "user" });
  const { id } = (await made(invite(theirs))).invitation;
  let answer: ApiResponse;
  do answer = await theirs.call("POST", `/invitations/${id}/resend`);
  while (answer.status === 200);
  expect(answer.body).toMatchObject({ code: "limit-reached", limited: "rounds" });
  await made(invite(mine));
}, 60_000);

test("usage is that of its tenant only", async () => {
  const { meters } = (await mine.call("GET", "/tenant/usage")).body;
  expect(meters.length).toBeGreaterThan(2);
  for (const { used } of meters) expect(used).toBeLessThan(1e12);
});

test("a threshold that one tenant has reached is announced to another one that reaches it as well", async () => {
  const both = [mine, theirs];
  for (const { id } of both) {
    await made(system.operator("PATCH", `/tenants/${id}/limits`, { documentsPerMonth: 1 }));
    await system.admin`update app.usage_months set amount = amount + 1 where tenant_id = ${toUuid(id)} and meter = 'documents'`;
  }
  await announceUsage();
  for (const { id, call } of both) {
    const { data } = (await call("GET", "/events?types=usage.threshold")).body;
    expect(data).toMatchObject([{ data: { meter: "documents", percent: 100 } }]);
    await made(system.operator("PATCH", `/tenants/${id}/limits`, { documentsPerMonth: null }));
  }
});

test("a new tenant has no document, and cites none", async () => {
  const ctx = systemCtx({ tenantId: (await system.newTenant()).id, job: "test" });
  expect([await hasDocuments(ctx), await findReadyDocument(ctx)]).toEqual([false, undefined]);
  const documentId = theirs.ids["copy"] as Id<"document">;
  expect(await findCitation(ctx, { documentId, chunkId: newId("chunk") })).toBeUndefined();
});

test("the recall of an index is measured with the vectors of its tenant", async () => {
  const { id } = (await made(theirs.call("POST", "/jobs", { type: "index" }))).job;
  expect((await theirs.call("GET", `/jobs/${id}?waitSeconds=20`)).body.status).toBe("completed");
  expect(await checkRecall(systemCtx({ tenantId: theirs.id, job: "test" }))).toBe(1);
}, 60_000);

test("a tenant works while another one is suspended", async () => {
  const other = await system.newTenant();
  // As many as a tenant may have at work, and as many more that wait.
  for (let n = 0; n < 10; n++) await addDocument(other.call, { name: `${n}.txt`, text: `Text ${n}.` });
  await made(system.operator("POST", `/tenants/${other.id}/suspend`, { reason: "A test" }));
  expect((await other.call("GET", "/documents")).status).toBe(403);
  await system.admin`update app.document_versions set stored_at = now(), dispatch = case when id in (
    select id from app.document_versions where tenant_id = ${other.uuid} limit 5) then 'sent' else 'waiting' end where tenant_id = ${other.uuid}`;
  const { health } = (await system.operator("GET", `/tenants/${theirs.id}`)).body;
  expect(health.oldestUnfinishedAt).toBeNull();
  const { call } = theirs;
  await addDocument(call, { name: "new.txt", text: "The rent rises in 2034." });
  const { body } = await call("POST", "/answers", { question: "When does the rent rise?" });
  expect(body.answer).toBe("The rent rises in 2034.");
}, 60_000);
