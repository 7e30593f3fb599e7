import { beforeAll, describe, expect, test } from "vitest";
import { type ApiResponse, addDocument, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** `POST /v1/authz/explain`: the decision of a request before it is sent, and what decides it. */

type Key = { id: string; call: Call };
const newKey = async (owner: Call, role: string, scopes?: string[]): Promise<Key> => {
  const { body } = await owner("POST", "/api-keys", { name: role, role, ...(scopes ? { scopes } : {}) });
  return { id: body.apiKey.id, call: system.caller(body.secret) };
};
const explain = (call: Call, permission: string, more: object = {}) =>
  call("POST", "/authz/explain", { permission, ...more });
const decision = ({ status, body }: ApiResponse) => [status, body.allowed, body.decidedBy];
const comparable = ({ status, body: { requestId: _, instance: __, ...rest } }: ApiResponse) => ({ status, rest });

describe("an explanation", () => {
  let owner: Call;
  let insider: Key;
  let user: Key;
  let narrow: Key;
  let groupId: string;
  let ids: { open: string; own: string; hidden: string };

  beforeAll(async () => {
    owner = (await system.newTenant()).call;
    insider = await newKey(owner, "readonly");
    user = await newKey(owner, "user");
    narrow = await newKey(owner, "tenant_admin", ["tenant:read", "document:read"]);
    groupId = (await owner("POST", "/groups", { name: "Board" })).body.group.id;
    await owner("POST", `/groups/${groupId}/members`, { apiKeyIds: [insider.id] });
    const access = { groupIds: [groupId] };
    const { id: collectionId } = (await owner("POST", "/collections", { name: "Minutes", access })).body.collection;
    ids = {
      open: await addDocument(owner, { name: "open.txt", text: "Open." }),
      own: await addDocument(user.call, { name: "own.txt", text: "Own." }),
      hidden: await addDocument(owner, { name: "hidden.txt", text: "Hidden.", collectionId }),
    };
  }, 60_000);

  test("names the role, the scopes, the owner or the access list that decides, as requests are decided", async () => {
    const cases: [Key, permission: string, resourceId: string, allowed: boolean, decidedBy: string, says: string][] = [
      [insider, "document:read", ids.hidden, true, "accessList", `the group “Board” (${groupId})`],
      [user, "document:read", ids.hidden, false, "accessList", "names neither the caller nor its role"],
      [user, "document:read", ids.open, true, "accessList", "in no collection"],
      [user, "document:write", ids.own, true, "accessList", "in no collection"],
      [user, "document:write", ids.open, false, "owner", "created it"],
      [insider, "document:write", ids.open, false, "role", "readonly does not grant document:write"],
      [narrow, "document:write", ids.open, false, "scopes", "do not name document:write"],
      [narrow, "document:read", ids.hidden, false, "accessList", "Minutes"],
    ];
    for (const [key, permission, resourceId, allowed, decidedBy, says] of cases) {
      const told = await explain(owner, permission, { apiKeyId: key.id, resourceId });
      expect(decision(told), `${permission} ${says}`).toEqual([200, allowed, decidedBy]);
      expect(told.body.reason).toContain(says);
      const method = permission === "document:read" ? "GET" : "PATCH";
      const { status } = await key.call(method, `/documents/${resourceId}`, method === "GET" ? undefined : {});
      expect(status === 200, `${permission} ${says}: ${status}`).toBe(allowed);
    }
    expect(decision(await explain(owner, "document:write", { resourceId: ids.hidden }))).toEqual([
      200,
      true,
      "accessList",
    ]);
  });

  test("is about oneself for everybody, and about others for those who may see them", async () => {
    expect(decision(await explain(user.call, "apikey:write"))).toEqual([200, false, "role"]);
    expect(decision(await explain(user.call, "document:write", { apiKeyId: user.id, resourceId: ids.own }))).toEqual([
      200,
      true,
      "accessList",
    ]);
    const others = await explain(user.call, "document:read", { apiKeyId: insider.id });
    expect([others.status, others.body.permission]).toEqual([403, "apikey:read"]);
    const person = await explain(user.call, "document:read", { userId: unknownId("usr") });
    expect([person.status, person.body.permission]).toEqual([403, "user:read"]);
    const revoked = await newKey(owner, "user");
    await owner("DELETE", `/api-keys/${revoked.id}`);
    expect(decision(await explain(owner, "document:read", { apiKeyId: revoked.id }))).toEqual([
      200,
      false,
      "credential",
    ]);
  });

  test("responds for a hidden object and for another tenant's as for a missing one", async () => {
    const stranger = (await system.newTenant()).call;
    const foreign = await addDocument(stranger, { name: "secret.txt", text: "Secret." });
    const foreignKey = (await stranger("GET", "/api-keys")).body.data[0].id;
    const missing = comparable(await explain(user.call, "document:read", { resourceId: unknownId("doc") }));
    expect(missing.status).toBe(404);
    for (const resourceId of [ids.hidden, foreign, "not-an-id", ids.open.replace("doc_", "col_")])
      expect(comparable(await explain(user.call, "document:read", { resourceId })), resourceId).toEqual(missing);
    for (const whose of [{ apiKeyId: foreignKey }, { apiKeyId: unknownId("key") }, { userId: unknownId("usr") }])
      expect((await explain(owner, "document:read", whose)).status, JSON.stringify(whose)).toBe(404);
  });

  test("refuses permissions that do not exist, and objects of permissions without one", async () => {
    for (const permission of ["constructor", "__proto__", "document", "document:write:own", "*", ""]) {
      const { status, body } = await explain(owner, permission);
      expect([status, body.errors?.[0].path], permission).toEqual([400, "/permission"]);
    }
    const { status, body } = await explain(owner, "event:read", { resourceId: ids.open });
    expect([status, body.errors[0].path]).toEqual([400, "/resourceId"]);
  });
});
