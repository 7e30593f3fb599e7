import { once } from "node:events";
import { createServer } from "node:http";
import { tenantCtx, withTx } from "@resolve/core/platform/context";
import { type Id, toId } from "@resolve/core/platform/id";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessToken, keyOf, localPool } from "./doubles/cognito/issuer.ts";
import { listeningPort } from "./listening-port.ts";
import { databaseLinks, type TestDatabase, testDatabase } from "./testing.ts";

/** Accounts at a tenant's own provider, in one process with the database: no other part of the system is involved. */
const [halden, other] = ["a", "b"].map((end) => `01900000-0000-7000-8000-00000000000${end}`) as [string, string];
const user = "01900000-0000-7000-8000-0000000000aa";
const secret = "a seed of the tests";
const [provider, audience] = ["https://id.halden.example", "https://resolve.example/api"];
const shared = "https://pool.halden.example";

let database: TestDatabase;
let identity: typeof import("@resolve/core/identity");
const keys = createServer(async (_, response) =>
  response.end(JSON.stringify({ keys: [(await keyOf(secret)).publicKey] })),
);

beforeAll(async () => {
  database = await testDatabase();
  await once(keys.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${listeningPort(keys)}`;
  const providers = [
    { tenantId: toId("tenant", halden), issuer: provider, jwksUri: `${endpoint}/halden`, audience },
    // One pool, with a client for each of two tenants.
    ...[halden, other].map((tenant) => ({
      tenantId: toId("tenant", tenant),
      issuer: shared,
      jwksUri: `${endpoint}/shared`,
      clientId: tenant,
    })),
  ];
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    ...JSON.parse(databaseLinks(database)),
    UserPool: { ...localPool, endpoint },
    IdentityProviders: { providers },
  });
  identity = await import("@resolve/core/identity");
  const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
  for (const [id, slug] of [
    [halden, "halden"],
    [other, "other"],
  ] as const)
    await admin`insert into app.tenants (id, slug, name, status, data_key) values (${id}, ${slug}, ${slug}, 'active', '')`;
  await admin`insert into app.users (id, subject, email) values (${user}, 'ada', 'ada@halden.example')`;
  await admin`insert into app.memberships (tenant_id, user_id, role) values (${halden}, ${user}, 'user'), (${other}, ${user}, 'readonly')`;
  await admin.end();
});
afterAll(async () => {
  keys.close();
  await database.close();
});

const inside = (tenant: string) =>
  tenantCtx({
    tenantId: toId("tenant", tenant),
    actor: { type: "system", job: "test" },
    role: "system",
    login: "AppDatabase",
  });
const inSeconds = () => Math.floor(Date.now() / 1000);
const federated = async (sub: string, authTime = inSeconds()) => {
  const claims = { iss: provider, aud: audience, client_id: undefined, token_use: undefined, auth_time: authTime };
  return identity.verifyToken(await accessToken(secret, sub, claims));
};
const pooled = async (sub: string, authTime = inSeconds()) =>
  identity.verifyToken(await accessToken(secret, sub, { auth_time: authTime }));
const link = async (tenant: string, who: Awaited<ReturnType<typeof federated>>, email: string) =>
  withTx(inside(tenant), (ctx) => identity.linkIdentity(ctx, who, email));

test("an account belongs to nobody before an invitation, whatever its token says", async () => {
  expect(await identity.findPerson(await federated("halden|1"))).toBeUndefined();
});

test("an account at a tenant's provider acts in this tenant only", async () => {
  const ada = await federated("halden|1");
  expect(await link(halden, ada, "Ada@halden.example")).toBe(toId("user", user));
  const tenants = (await identity.findPerson(ada))?.memberships.map(({ tenantId }) => tenantId);
  expect(tenants).toEqual([toId("tenant", halden)]);
  // The same user has both memberships with the platform's account.
  expect((await identity.findPerson(await pooled("ada")))?.memberships).toHaveLength(2);
  await expect(link(other, ada, "ada@halden.example")).rejects.toThrow();
});

test("an account never moves to another user, and a user of the platform's pool never gets a second account there", async () => {
  const ada = await federated("halden|1");
  await link(halden, ada, "ada@halden.example");
  expect(await link(halden, ada, "eve@halden.example")).toBeUndefined();
  expect(await link(halden, await pooled("eve"), "ada@halden.example")).toBeUndefined();
  expect(await link(halden, await pooled("ada"), "another@halden.example")).toBeUndefined();
});

test("an account at a tenant's provider sees the invitations of this tenant only, on full pages", async () => {
  const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
  const [own, foreign] = ["1", "2"].map((end) => `01900000-0000-7000-8000-0000000000f${end}`) as [string, string];
  for (const [tenant, id] of [
    [halden, own],
    [other, foreign],
  ] as const)
    await admin`insert into app.invitations (tenant_id, id, email, role, token_hash, expires_at)
      values (${tenant}, ${id}, 'ada@halden.example', 'user', ${Buffer.from(id)}, now() + interval '1 day')`;
  await admin.end();
  const ada = await federated("halden|1");
  await link(halden, ada, "ada@halden.example");
  const page = await identity.listMyInvitations(ada, { limit: 1 });
  expect(page).toMatchObject({
    data: [{ id: toId("invitation", own), tenantId: toId("tenant", halden) }],
    hasMore: false,
  });
  const pool = await identity.listMyInvitations(await pooled("ada"), { limit: 10 });
  expect(pool.data.map(({ tenantName }) => tenantName)).toEqual(["other", "halden"]);
  await expect(
    identity.acceptInvitation(ada, { invitationId: toId("invitation", foreign) }, "req-1"),
  ).rejects.toMatchObject({ code: "invitation-invalid" });
});

test("a sign-out in one tenant leaves the sessions of the same account in another tenant", async () => {
  const [here, there] = await Promise.all(
    [halden, other].map(async (client_id) =>
      identity.verifyToken(await accessToken(secret, "shared|1", { iss: shared, client_id, auth_time: inSeconds() })),
    ),
  );
  const id = (await link(halden, here!, "ada@halden.example")) as Id<"user">;
  expect(await link(other, there!, "ada@halden.example")).toBe(id);
  await identity.signOut(inside(halden), id, here!);
  await expect(identity.findPerson(here!)).rejects.toMatchObject({ code: "unauthenticated" });
  expect((await identity.findPerson(there!))?.memberships).toMatchObject([{ tenantId: toId("tenant", other) }]);
});

test("a sign-out at a tenant's provider leaves sessions of the platform's account, and not the reverse", async () => {
  await link(halden, await federated("halden|1"), "ada@halden.example");
  const ada = await federated("halden|2");
  const id = (await link(halden, ada, "ada@halden.example")) as Id<"user">;
  await identity.signOut(inside(halden), id, ada);
  await expect(identity.findPerson(ada)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await identity.findPerson(await pooled("ada"))).toBeTruthy();
  await identity.signOut(inside(halden), id, await pooled("ada"));
  await expect(identity.findPerson(await pooled("ada", inSeconds() - 5))).rejects.toMatchObject({
    code: "unauthenticated",
  });
  // Signed in before, also when a second begins between the sign-out and this line.
  await expect(identity.findPerson(await federated("halden|1", inSeconds() - 5))).rejects.toMatchObject({
    code: "unauthenticated",
  });
});
