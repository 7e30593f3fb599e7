import { beforeAll, describe, expect, test } from "vitest";
import { type ApiResponse, addDocument, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Groups of users and API keys, which access lists of collections name. */

const codeOf = ({ status, body }: ApiResponse) => [status, body.code];
const newKey = async (owner: Call, role: string, scopes?: string[]): Promise<{ id: string; call: Call }> => {
  const { body } = await owner("POST", "/api-keys", { name: role, role, ...(scopes ? { scopes } : {}) });
  return { id: body.apiKey.id, call: system.caller(body.secret) };
};
const newGroup = async (owner: Call, name: string, members: object = {}): Promise<string> => {
  const { id } = (await owner("POST", "/groups", { name })).body.group;
  expect((await owner("POST", `/groups/${id}/members`, members)).status).toBe(200);
  return id;
};
describe("a group", () => {
  test("is created, renamed, listed and deleted; a stale ETag and a taken name are refused", async () => {
    const { call: owner } = await system.newTenant();
    const made = await owner("POST", "/groups", { name: " Legal " });
    expect(made).toMatchObject({ status: 201, body: { group: { name: "Legal" } } });
    const path = `/groups/${made.body.group.id}`;
    expect(made.headers.get("etag")).toBe((await owner("GET", path)).headers.get("etag"));
    expect(codeOf(await owner("POST", "/groups", { name: "Legal" }))).toEqual([409, "group-exists"]);
    const other = (await owner("POST", "/groups", { name: "Board" })).body.group.id;
    expect(codeOf(await owner("PATCH", path, { name: "Board" }))).toEqual([409, "group-exists"]);
    const ifMatch = { "if-match": made.headers.get("etag")! };
    expect((await owner("PATCH", path, { name: "Law" }, ifMatch)).body.name).toBe("Law");
    for (const late of [
      await owner("PATCH", path, { name: "Lex" }, ifMatch),
      await owner("DELETE", path, undefined, ifMatch),
    ])
      expect(codeOf(late)).toEqual([412, "precondition-failed"]);
    const first = await owner("GET", "/groups?limit=1");
    expect(first.body).toMatchObject({ data: [{ id: other }], hasMore: true });
    const second = await owner("GET", `/groups?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ name: "Law" }], hasMore: false });
    expect((await owner("DELETE", path)).status).toBe(204);
    expect(codeOf(await owner("GET", path))).toEqual([404, "not-found"]);
    const { body: log } = await owner("GET", "/events?types=group.created,group.updated,group.deleted");
    expect(log.data.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
      ["group.created", { name: "Legal" }],
      ["group.created", { name: "Board" }],
      ["group.updated", { name: "Law" }],
      ["group.deleted", {}],
    ]);
  });

  test("has users and API keys as members, each once, and its state changes with them", async () => {
    const { call: owner } = await system.newTenant();
    const [one, two] = [await newKey(owner, "user"), await newKey(owner, "user")];
    const id = await newGroup(owner, "Legal");
    const before = await owner("GET", `/groups/${id}`);
    const add = (body: object) => owner("POST", `/groups/${id}/members`, body);
    expect((await add({ apiKeyIds: [one.id, two.id, one.id] })).status).toBe(200);
    expect((await add({ apiKeyIds: [one.id] })).status).toBe(200);
    expect((await owner("GET", `/groups/${id}`)).headers.get("etag")).not.toBe(before.headers.get("etag"));
    const page = await owner("GET", `/groups/${id}/members?limit=1`);
    const rest = await owner("GET", `/groups/${id}/members?limit=1&cursor=${page.body.nextCursor}`);
    const ids = [...page.body.data, ...rest.body.data].map((member: { id: string }) => member.id);
    expect([ids.toSorted(), rest.body.hasMore]).toEqual([[one.id, two.id].toSorted(), false]);
    expect((await owner("GET", `/groups?memberId=${one.id}`)).body.data).toMatchObject([{ id }]);
    expect((await owner("DELETE", `/groups/${id}/members/${one.id}`)).status).toBe(204);
    expect(codeOf(await owner("DELETE", `/groups/${id}/members/${one.id}`))).toEqual([404, "not-found"]);
    expect((await owner("GET", `/groups?memberId=${one.id}`)).body.data).toEqual([]);
    const { body: log } = await owner("GET", "/events?types=group.members_added,group.members_removed");
    expect(log.data.map(({ data }: { data: { members: string[] } }) => data.members.toSorted())).toEqual([
      [one.id, two.id].toSorted(),
      [one.id],
    ]);
  });

  test("takes no member that is not the tenant's", async () => {
    const { call: owner } = await system.newTenant();
    const stranger = (await system.newTenant()).call;
    const foreign = { apiKeyIds: [(await newKey(stranger, "user")).id] };
    const id = await newGroup(owner, "Legal");
    for (const [body, path] of [
      [{ apiKeyIds: foreign.apiKeyIds }, "/apiKeyIds/0"],
      [{ userIds: [unknownId("usr")] }, "/userIds/0"],
      [{ userIds: [unknownId("key")] }, "/userIds/0"],
      [{ groupIds: [id] }, "/groupIds"],
    ] as const) {
      const { status, body: problem } = await owner("POST", `/groups/${id}/members`, body);
      expect([status, problem.errors?.[0]?.path], JSON.stringify(body)).toEqual([400, path]);
    }
    const theirs = await newGroup(stranger, "Legal");
    const named = await owner("POST", "/collections", { name: "a", access: { groupIds: [theirs] } });
    expect([named.status, named.body.errors[0].path]).toEqual([400, "/access/groupIds/0"]);
  });

  test("a tenant has as many groups as it may have", async () => {
    const { id, call: owner } = await system.newTenant();
    expect((await system.operator("PATCH", `/tenants/${id}/limits`, { groups: 1 })).status).toBe(200);
    await newGroup(owner, "one");
    expect(codeOf(await owner("POST", "/groups", { name: "two" }))).toEqual([409, "limit-reached"]);
  });

  test("is changed neither by a user nor by an administrator's key that access lists restrict", async () => {
    const { call: owner } = await system.newTenant();
    const id = await newGroup(owner, "Legal");
    const user = await newKey(owner, "user");
    expect(codeOf(await user.call("GET", "/groups"))).toEqual([403, "forbidden"]);
    const bound = await newKey(owner, "tenant_admin", ["group:read", "group:write", "search:query", "document:read"]);
    const self = await bound.call("POST", `/groups/${id}/members`, { apiKeyIds: [bound.id] });
    expect([self.status, self.body.permission]).toEqual([403, "collection:write"]);
    expect(codeOf(await bound.call("DELETE", `/groups/${id}`))).toEqual([403, "forbidden"]);
    expect((await bound.call("GET", `/groups/${id}`)).status).toBe(200);
  });
});

describe("an access list that names a group", () => {
  let owner: Call;
  let insider: { id: string; call: Call };
  let outsider: { id: string; call: Call };
  let group: string;
  let collectionId: string;
  let documentId: string;

  beforeAll(async () => {
    owner = (await system.newTenant()).call;
    [insider, outsider] = [await newKey(owner, "readonly"), await newKey(owner, "readonly")];
    group = await newGroup(owner, "Board", { apiKeyIds: [insider.id] });
    const access = { groupIds: [group] };
    const made = await owner("POST", "/collections", { name: "Minutes", access });
    expect(made.body.collection.access).toEqual(access);
    collectionId = made.body.collection.id;
    documentId = await addDocument(owner, { name: "minutes.txt", text: "The merger is in May.", collectionId });
  }, 60_000);

  const seen = async (call: Call) => [
    (await call("POST", "/search", { query: "merger" })).body.data.length,
    (await call("GET", "/documents")).body.data.length,
    (await call("GET", "/documents/count")).body.count,
    (await call("GET", `/documents/${documentId}`)).status,
    (await call("GET", `/documents/${documentId}/text`)).status,
    (await call("GET", `/documents/${documentId}/chunks`)).status,
    (await call("GET", `/documents/${documentId}/download`)).status,
    (await call("GET", `/collections/${collectionId}`)).status,
    (await call("POST", "/answers", { question: "When is the merger?" })).body.citations.length > 0,
  ];
  const everything = [1, 1, 1, 200, 200, 200, 302, 200, true];
  const nothing = [0, 0, 0, 404, 404, 404, 404, 404, false];

  test("shows its documents to members only, and the next request after a change has the new members", async () => {
    expect([await seen(owner), await seen(insider.call), await seen(outsider.call)]).toEqual([
      everything,
      everything,
      nothing,
    ]);
    await owner("POST", `/groups/${group}/members`, { apiKeyIds: [outsider.id] });
    await owner("DELETE", `/groups/${group}/members/${insider.id}`);
    expect([await seen(insider.call), await seen(outsider.call)]).toEqual([nothing, everything]);
    await owner("DELETE", `/groups/${group}/members/${outsider.id}`);
    await owner("POST", `/groups/${group}/members`, { apiKeyIds: [insider.id] });
    expect([await seen(insider.call), await seen(outsider.call)]).toEqual([everything, nothing]);
  }, 60_000);

  test("allows only administrators when the group is deleted", async () => {
    const made = await owner("POST", "/groups", { name: "Auditors" });
    const { id } = made.body.group;
    await owner("POST", `/groups/${id}/members`, { apiKeyIds: [outsider.id] });
    const alone = (await owner("POST", "/collections", { name: "Audit", access: { groupIds: [id] } })).body.collection;
    const access = { roles: ["user"], groupIds: [id] };
    const shared = (await owner("POST", "/collections", { name: "Shared", access })).body.collection;
    expect((await outsider.call("GET", `/collections/${alone.id}`)).status).toBe(200);
    expect((await owner("DELETE", `/groups/${id}`)).status).toBe(204);
    expect((await outsider.call("GET", `/collections/${alone.id}`)).status).toBe(404);
    const lists = [
      (await owner("GET", `/collections/${alone.id}`)).body.access,
      (await owner("GET", `/collections/${shared.id}`)).body.access,
    ];
    expect(lists).toEqual([{ roles: ["tenant_admin"] }, { roles: ["user"] }]);
  });
});
