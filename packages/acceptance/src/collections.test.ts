import { beforeAll, describe, expect, test } from "vitest";
import { type ApiResponse, addDocument as add, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Collections and their access lists. */
const newTenant = async () => {
  const { id, call } = await system.newTenant();
  const inside = { "x-resolve-tenant": id, "x-resolve-reason": "looks into a ticket" };
  return { owner: call, operator: system.caller(system.operatorKey, inside) };
};
const newKey = async (owner: Call, role: string) => {
  const { body } = await owner("POST", "/api-keys", { name: role, role });
  return { id: body.apiKey.id as string, call: system.caller(body.secret) };
};
const codeOf = ({ status, body }: ApiResponse) => [status, body.code];

describe("a collection", () => {
  test("is created, read, changed and deleted; its name is unique in the tenant", async () => {
    const { owner } = await newTenant();
    const made = await owner("POST", "/collections", { name: "Contracts" });
    expect(made).toMatchObject({ status: 201, body: { collection: { name: "Contracts", access: {} } } });
    const path = `/collections/${made.body.collection.id}`;
    expect(await owner("GET", path)).toMatchObject({ status: 200, body: made.body.collection });
    expect(codeOf(await owner("POST", "/collections", { name: " Contracts " }))).toEqual([409, "collection-exists"]);
    const { collection: other } = (await owner("POST", "/collections", { name: "Prices" })).body;
    expect(codeOf(await owner("PATCH", path, { name: "Prices" }))).toEqual([409, "collection-exists"]);
    const renamed = await owner("PATCH", path, { name: "Deeds" }, { "if-match": made.headers.get("etag")! });
    expect(renamed).toMatchObject({ status: 200, body: { name: "Deeds" } });
    const late = await owner("PATCH", path, { name: "Acts" }, { "if-match": made.headers.get("etag")! });
    expect(codeOf(late)).toEqual([412, "precondition-failed"]);

    const first = await owner("GET", "/collections?limit=1");
    expect(first.body).toMatchObject({ data: [{ id: other.id }], hasMore: true });
    const second = await owner("GET", `/collections?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ name: "Deeds" }], hasMore: false });
    expect((await owner("DELETE", path)).status).toBe(204);
    expect(codeOf(await owner("GET", path))).toEqual([404, "not-found"]);
    const { body: log } = await owner("GET", "/events?types=collection.created,collection.updated,collection.deleted");
    const logged = log.data.map(({ type, data }: { type: string; data: object }) => [type, data]);
    expect(logged).toEqual([
      ["collection.created", { name: "Contracts" }],
      ["collection.created", { name: "Prices" }],
      ["collection.updated", { name: "Deeds" }],
      ["collection.deleted", {}],
    ]);
  });

  test("is deleted while its deleted documents wait for their purge, and these stay hidden until they are moved", async () => {
    const { owner } = await newTenant();
    const access = { roles: ["tenant_admin"] };
    const { id: collectionId } = (await owner("POST", "/collections", { name: "Contracts", access })).body.collection;
    const moved = await add(owner, { name: "a", text: "Lens care.", collectionId });
    const deleted = await add(owner, { name: "b", text: "Coat care.", collectionId });
    await owner("PATCH", `/documents/${moved}`, { collectionId: null });
    await owner("DELETE", `/documents/${deleted}`);
    const kept = await add(owner, { name: "c", text: "Lamp care.", collectionId });
    const path = `/collections/${collectionId}`;
    expect(await owner("DELETE", path)).toMatchObject({
      status: 409,
      body: { code: "collection-not-empty", documents: 1 },
    });
    await owner("DELETE", `/documents/${kept}`);
    expect((await owner("DELETE", path)).status).toBe(204);
    for (const gone of [
      await owner("GET", path),
      await owner("PATCH", path, { name: "Deeds" }),
      await owner("DELETE", path),
      await owner("PATCH", `/documents/${moved}`, { collectionId }),
    ])
      expect(codeOf(gone)).toEqual([404, "not-found"]);
    expect((await owner("GET", "/collections")).body.data).toEqual([]);
    // Its name is free again.
    const { collection } = (await owner("POST", "/collections", { name: "Contracts" })).body;

    const user = (await newKey(owner, "user")).call;
    expect(codeOf(await user("GET", `/documents/${deleted}`))).toEqual([404, "not-found"]);
    expect(codeOf(await owner("POST", `/documents/${deleted}/restore`))).toEqual([409, "collection-deleted"]);
    for (const [id, to] of [
      [deleted, collection.id],
      [kept, null],
    ] as const) {
      await owner("PATCH", `/documents/${id}`, { collectionId: to });
      expect((await owner("POST", `/documents/${id}/restore`)).body).toMatchObject({ collectionId: to });
    }
  }, 60_000);

  test.each([
    [{}, "/name"],
    [{ name: "" }, "/name"],
    [{ name: "x".repeat(201) }, "/name"],
    [{ name: "a", colour: "red" }, "/colour"],
    [{ name: "a", access: { roles: [] } }, "/access/roles"],
    [{ name: "a", access: { roles: ["king"] } }, "/access/roles/0"],
    [{ name: "a", access: { apiKeyIds: ["key"] } }, "/access/apiKeyIds/0"],
    [{ name: "a", access: { userIds: [] } }, "/access/userIds"],
  ])("the invalid request %j is refused, and the error names the field", async (request, path) => {
    const { owner } = await shared();
    const { status, body } = await owner("POST", "/collections", request);
    expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
  });

  test("names only API keys of its tenant", async () => {
    const { owner } = await shared();
    const foreign = await newKey((await newTenant()).owner, "user");
    const known = await newKey(owner, "user");
    for (const id of [foreign.id, unknownId("key")]) {
      const request = { name: "keys", access: { apiKeyIds: [known.id, id] } };
      const { status, body } = await owner("POST", "/collections", request);
      expect([status, body.errors?.[0]?.path]).toEqual([400, "/access/apiKeyIds/1"]);
    }
  });

  let one: ReturnType<typeof newTenant> | undefined;
  const shared = () => (one ??= newTenant());
});

describe("an access list", () => {
  type Tenant = Awaited<ReturnType<typeof newTenant>>;
  let tenant: Tenant;
  let owner: Call;
  let named: Call;
  let user: Call;
  let readonly: Call;
  let ids: { open: string; users: string; keyed: string };
  let documents: { none: string; open: string; users: string; keyed: string };

  beforeAll(async () => {
    tenant = await newTenant();
    owner = tenant.owner;
    const key = await newKey(owner, "readonly");
    named = key.call;
    user = (await newKey(owner, "user")).call;
    readonly = (await newKey(owner, "readonly")).call;
    const make = async (name: string, access?: object) =>
      (await owner("POST", "/collections", { name, access })).body.collection.id as string;
    ids = {
      open: await make("open"),
      users: await make("users", { roles: ["user"] }),
      keyed: await make("keyed", { apiKeyIds: [key.id] }),
    };
    const put = (name: string, collectionId?: string) =>
      add(owner, { name, text: `The lens of the ${name} file.`, externalId: `ext-${name}`, collectionId });
    documents = {
      none: await put("none"),
      open: await put("open", ids.open),
      users: await put("users", ids.users),
      keyed: await put("keyed", ids.keyed),
    };
  }, 60_000);

  const callers = (): [string, Call, string[]][] => [
    ["owner", owner, ["keyed", "none", "open", "users"]],
    ["operator", tenant.operator, ["keyed", "none", "open", "users"]],
    ["user", user, ["none", "open", "users"]],
    ["readonly", readonly, ["none", "open"]],
    ["named key", named, ["keyed", "none", "open"]],
  ];
  const namesIn = (hits: { document: { name: string } }[]) => hits.map(({ document }) => document.name).sort();

  test("decides which documents lists and searches show, in every search mode", async () => {
    for (const [name, call, sees] of callers()) {
      const { body } = await call("GET", "/documents");
      expect(body.data.map((one: { name: string }) => one.name).sort(), name).toEqual(sees);
      const { body: collections } = await call("GET", "/collections");
      const shown = collections.data.map((one: { name: string }) => one.name).sort();
      expect(shown, name).toEqual(sees.filter((one) => one !== "none"));
      for (const mode of ["hybrid", "keyword", "vector"]) {
        const found = await call("POST", "/search", { query: "lens file", mode, limit: 20 });
        expect(namesIn(found.body.data), `${name} ${mode}`).toEqual(sees);
        const within = await call("POST", "/search", { query: "lens", mode, collectionIds: [ids.keyed, ids.users] });
        const wanted = sees.filter((one) => one === "keyed" || one === "users");
        expect(namesIn(within.body.data), `${name} ${mode} within`).toEqual(wanted);
      }
      const inUsers = await call("GET", `/documents?collectionId=${ids.users}`);
      expect(inUsers.body.data, name).toHaveLength(sees.includes("users") ? 1 : 0);
    }
  });

  test("decides what search through an HNSW index shows", async () => {
    const { body } = await owner("POST", "/jobs", { type: "index" });
    expect((await owner("GET", `/jobs/${body.job.id}?waitSeconds=20`)).body.status).toBe("completed");
    const ask = (call: Call) => call("POST", "/search", { query: "lens", mode: "vector", limit: 20, explain: true });
    const plan = async (call: Call) => (await ask(call)).body.plan.vectors;
    // Functions cache the tenant's models for some seconds.
    await expect.poll(() => plan(owner), { timeout: 15_000 }).toMatch("hnsw");
    // The distances of the few chunks that a caller may see are computed sooner than the index finds them.
    expect(await plan(readonly)).toBe("exact");
    for (const [name, call, sees] of callers()) expect(namesIn((await ask(call)).body.data), name).toEqual(sees);
  }, 60_000);

  test("makes every route respond to others as if the document and the collection did not exist", async () => {
    const routes: [string, string, unknown?][] = [
      ["GET", ""],
      ["GET", "/text"],
      ["GET", "/chunks"],
      ["GET", "/versions"],
      ["GET", "/download"],
      ["PATCH", "", { name: "mine" }],
      ["POST", "/versions", { text: "Other words." }],
      ["POST", "/complete"],
      ["POST", "/retry"],
      ["POST", "/cancel"],
      ["POST", "/restore"],
      ["DELETE", ""],
    ];
    const comparable = ({ status, body: { requestId: _, instance: __, ...rest } }: ApiResponse) => ({ status, rest });
    for (const [method, path, body] of routes) {
      const hidden = await user(method, `/documents/${documents.keyed}${path}`, body);
      const missing = await user(method, `/documents/${unknownId("doc")}${path}`, body);
      expect(hidden.status, `${method} ${path}`).toBe(404);
      expect(comparable(hidden), `${method} ${path}`).toEqual(comparable(missing));
    }
    const bulk = { action: "delete", documentIds: [documents.keyed] };
    expect((await user("POST", "/documents/bulk", bulk)).body.data).toMatchObject([{ problem: { code: "not-found" } }]);
    expect(codeOf(await user("GET", `/collections/${ids.keyed}`))).toEqual([404, "not-found"]);
    expect((await owner("GET", `/documents/${documents.keyed}`)).body).toMatchObject({
      name: "keyed",
      status: "ready",
    });
  });

  test("keeps a document from being created in or moved to a hidden collection, and from taking a hidden externalId", async () => {
    const foreign = (await (await newTenant()).owner("POST", "/collections", { name: "theirs" })).body.collection.id;
    const mine = await add(user, { name: "mine", text: "Notes.", collectionId: ids.users });
    for (const collectionId of [ids.keyed, foreign, unknownId("col")]) {
      const made = await user("POST", "/documents", { name: "x", text: "Notes.", collectionId });
      const moved = await user("PATCH", `/documents/${mine}`, { collectionId });
      for (const response of [made, moved]) {
        expect(codeOf(response)).toEqual([404, "not-found"]);
        expect(response.body.detail).toBe("There is no such collection.");
      }
    }
    const taken = await user("POST", "/documents", { name: "x", text: "Notes.", externalId: "ext-keyed" });
    expect(codeOf(taken)).toEqual([409, "document-exists"]);
    expect((await owner("GET", `/documents/${documents.keyed}`)).body.version).toBe(1);
    await owner("DELETE", `/documents/${mine}`);
  });

  test("T1: closes a document to the repetition of the request that made it, and to a limited key that lost its collection", async () => {
    const { owner } = await newTenant();
    const { collection } = (await owner("POST", "/collections", { name: "Deals" })).body;
    const key = await newKey(owner, "user");
    const limited = await owner("POST", "/api-keys", { name: "k", role: "tenant_admin", collections: [collection.id] });
    const callers = [key.call, system.caller(limited.body.secret)];
    const input = { name: "m.txt", sizeBytes: 7, collectionId: collection.id };
    const text = { name: "n.txt", text: "Notes.", collectionId: collection.id };
    const create = (call: Call, body: object, path = "/documents") =>
      call("POST", path, body, { "idempotency-key": "k" });
    const made = [];
    for (const call of callers) made.push(await create(call, input));
    const { id } = made[0]!.body.document;
    const version = await create(key.call, { text: "Other notes." }, `/documents/${id}/versions`);
    const written = await key.call("POST", "/documents", text, { "idempotency-key": "text" });
    expect([...made, version, written].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    for (const [n, call] of callers.entries()) expect((await create(call, input)).body).toEqual(made[n]!.body);

    await owner("PATCH", `/collections/${collection.id}`, { access: { roles: ["tenant_admin"] } });
    const moved = { collectionId: null };
    expect((await owner("PATCH", `/documents/${made[1]!.body.document.id}`, moved)).status).toBe(200);
    const again = [
      ...(await Promise.all(callers.map((call) => create(call, input)))),
      await create(key.call, { text: "Other notes." }, `/documents/${id}/versions`),
      await key.call("POST", "/documents", text, { "idempotency-key": "text" }),
    ];
    expect(again.map(codeOf)).toEqual(Array(4).fill([404, "not-found"]));
  });

  test("hides the events of hidden documents and collections", async () => {
    const about = async (call: Call) => {
      const { body } = await call("GET", "/events?limit=100");
      return new Set(body.data.map(({ subject }: { subject: { id: string } }) => subject.id));
    };
    const [all, some] = [await about(owner), await about(user)];
    for (const id of [documents.keyed, ids.keyed]) expect([all.has(id), some.has(id)]).toEqual([true, false]);
    for (const id of [documents.users, ids.users]) expect([all.has(id), some.has(id)]).toEqual([true, true]);
  });

  test("applies immediately after a change", async () => {
    const read = async () => (await readonly("GET", `/documents/${documents.users}`)).status;
    expect(await read()).toBe(404);
    await owner("PATCH", `/collections/${ids.users}`, { access: {} });
    expect(await read()).toBe(200);
    await owner("PATCH", `/collections/${ids.users}`, { access: { roles: ["tenant_admin"] } });
    expect(await read()).toBe(404);
    expect((await user("GET", `/documents/${documents.users}`)).status).toBe(404);
    const changed = await owner("PATCH", `/documents/${documents.users}`, { collectionId: null });
    expect(changed.body.collectionId).toBe(null);
    expect(await read()).toBe(200);
  });
});

describe("what a caller can learn of hidden documents", () => {
  test("M6: scores do not depend on the words of hidden documents", async () => {
    // All documents have four words that count: a measurement between two of them gives the same average as one afterwards.
    /** A tenant whose reader sees two documents; five others of the same length are hidden and contain `word`. */
    const hiding = async (word: string) => {
      const { owner } = await newTenant();
      const { call: reader } = await newKey(owner, "readonly");
      const { collection } = (await owner("POST", "/collections", { name: "board", access: { roles: ["user"] } })).body;
      await add(owner, { name: "visible.txt", text: "The merger is planned. The lens is ground." });
      await add(owner, { name: "visible too.txt", text: "A lens needs a coating and care." });
      for (let n = 0; n < 5; n++)
        await add(owner, {
          name: `${n}.txt`,
          text: `${word} ${n}: the ${word} of the year.`,
          collectionId: collection.id,
        });
      return { owner, reader };
    };
    const tenants = [await hiding("merger"), await hiding("castle")];
    const ask = (query: string) =>
      Promise.all(
        tenants.map(async ({ reader }) => {
          const { body } = await reader("POST", "/search", { query, mode: "keyword" });
          return body.data.map((hit: { score: number; document: { name: string } }) => [hit.document.name, hit.score]);
        }),
      );
    // Scores depend on the average length of the tenant's chunks, which the background measures once a minute. They are compared
    // while both tenants have the same scores for a word that no hidden document contains.
    let scores: unknown[] = [];
    const isMeasuredAlike = async () => {
      const before = await ask("lens");
      scores = await ask("merger coating");
      return new Set([...before, ...(await ask("lens"))].map((scored) => JSON.stringify(scored))).size === 1;
    };
    await expect.poll(isMeasuredAlike, { timeout: 400_000, interval: 500 }).toBe(true);
    expect(scores[0]).toHaveLength(2);
    expect(scores[1]).toEqual(scores[0]);
    expect((await tenants[0]!.owner("POST", "/search", { query: "merger", mode: "keyword" })).body.data).toHaveLength(
      6,
    );
  }, 460_000);

  test("M7: duplicateOf names no document that the caller may not see", async () => {
    const { owner } = await newTenant();
    const { call: reader } = await newKey(owner, "readonly");
    const { collection } = (await owner("POST", "/collections", { name: "board", access: { roles: ["user"] } })).body;
    const text = "The same text in both.";
    const hidden = await add(owner, { name: "hidden.txt", text, collectionId: collection.id });
    const copy = await add(owner, { name: "copy.txt", text });
    expect((await owner("GET", `/documents/${copy}`)).body.duplicateOf).toBe(hidden);
    expect((await reader("GET", `/documents/${copy}`)).body.duplicateOf).toBeNull();
    const { body } = await reader("GET", "/documents");
    expect(body.data.map((one: { duplicateOf: string | null }) => one.duplicateOf)).toEqual([null]);
  }, 60_000);
});
