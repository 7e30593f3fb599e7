import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, expect, test, vi } from "vitest";
import { type Call, settled } from "./client.ts";
import { type OpenApi, operationOf } from "./described.ts";
import { type Example, faultsOf, stabilizer } from "./examples.ts";
import { system } from "./system.ts";

/**
 * The examples of the reference (`/api/docs`): a company is onboarded and uses every operation once. `npm run examples:accept`
 * runs this file and keeps the requests and responses.
 */
let document: OpenApi;
beforeAll(async () => {
  // The contract of the route.
  document = (await (await fetch(`${system.apiUrl}/openapi.json`)).json()) as OpenApi;
});

test("every operation has an example that matches its schemas", () => {
  expect(faultsOf(document)).toEqual([]);
});

test.runIf(system.isLocal)(
  "the examples can be made again: every operation succeeds",
  async () => {
    const examples = new Map<string, Example>();
    const stable = stabilizer();
    /** Keeps the first success of each operation. */
    const recorded =
      (call: Call): Call =>
      async (method, path, body, headers) => {
        const response = await call(method, path, body, headers);
        const operation = operationOf(document, method, `/api/v1${path}`);
        if (operation && response.status < 400 && !examples.has(operation)) {
          const { status } = response;
          const request = body === undefined ? {} : { request: stable(body) };
          examples.set(operation, {
            ...request,
            status,
            ...(response.body === "" ? {} : { response: stable(response.body) }),
          });
        }
        return response;
      };
    const owner = await onboardAndUse(recorded(system.operator), (key) => recorded(system.caller(key)));
    await joinAndLeave(owner, recorded(system.caller(system.leavingToken ?? "")));
    for (const path of ["/health", "/ready", "/.well-known/jwks.json", "/v1/sign-in"]) {
      const response = await fetch(`${system.apiUrl}${path}`);
      const operation = operationOf(document, "GET", `/api${path}`)!;
      examples.set(operation, { status: response.status, response: stable(await response.json()) });
    }
    const operations = Object.values(document.paths ?? {}).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect([...examples.keys()].sort()).toEqual(operations.toSorted());
    if (process.env["UPDATE_EXAMPLES"]) {
      const inOrder = Object.fromEntries(operations.map((name) => [name, examples.get(name)]));
      writeFileSync(file, `${JSON.stringify(inOrder, null, 2)}\n`);
    }
  },
  120_000,
);
const file = new URL("../../functions/src/api/examples.gen.json", import.meta.url);

const agreement = `# Supply agreement

## Term

The agreement with Halden Optics has a notice period of three months.

## Delivery

Lenses are delivered within ten working days.
`;

/** Each operation once at least, in the order in which a customer would meet them. */
const onboardAndUse = async (operator: Call, withKey: (key: string) => Call): Promise<Call> => {
  const receiver = await startReceiver();
  const made = await operator("POST", "/tenants", {
    name: "Halden Optics",
    externalId: `crm-${Date.now()}`,
    plan: "team",
    admin: { email: "ada@halden.example", name: "Ada Halden" },
    webhook: { url: receiver.url, eventTypes: ["document.ready", "document.failed"] },
    documents: [{ name: "draft.md", text: "The parties have not agreed on a term yet." }],
    seedQuestion: "What is the notice period?",
    seedAnswer: "three months",
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { tenant, onboarding, apiKey } = made.body;
  const call = withKey(apiKey.secret);
  const until = (
    method: string,
    path: string,
    body?: object,
    isDone = (got: { status: number; body: { status?: string } }) => got.status < 400,
  ) =>
    vi.waitFor(
      async () => {
        const got = await call(method, path, body);
        if (!isDone(got)) throw new Error(`${method} ${path}: ${got.status} ${JSON.stringify(got.body)}`);
        return got;
      },
      { timeout: 40_000, interval: 250 },
    );

  // The first document lacks the answer that the run expects.
  await until("GET", `/onboarding/${onboarding.id}?waitSeconds=5`, undefined, ({ body }) => body.status === "failed");
  const signed = await call("POST", "/documents", { name: "agreement.md", text: agreement });
  await settled(call, signed.body.document.id);
  await call("POST", `/onboarding/${onboarding.id}/retry`, { seedAnswer: "three months" });
  await until(
    "GET",
    `/onboarding/${onboarding.id}?waitSeconds=5`,
    undefined,
    ({ body }) => body.status === "completed",
  );
  await call("GET", "/tenant/onboarding");

  // The operator.
  await operator("GET", "/tenants");
  await operator("GET", `/tenants/${tenant.id}`);
  await operator("GET", `/tenants/${tenant.id}/onboarding`);
  await operator("GET", `/tenants/${tenant.id}/limits`);
  await operator("PATCH", `/tenants/${tenant.id}/limits`, { webhooks: 20 });
  await operator("PATCH", `/tenants/${tenant.id}`, { plan: "enterprise" });
  await operator("POST", `/tenants/${tenant.id}/suspend`, { reason: "The invoice of October is not paid." });
  await operator("POST", `/tenants/${tenant.id}/resume`);
  await operator("GET", "/platform/usage");
  await operator("GET", "/platform/cost?limit=2");
  await operator("GET", "/platform/partitions");
  await operator("GET", "/platform/health");
  await operator("GET", "/platform/slo?hours=2");
  await operator("GET", "/platform/parked-work");
  await operator("POST", "/platform/parked-work/release", { ids: [`outbox:webhook-delivery:${crypto.randomUUID()}`] });
  await operator("GET", "/platform/dead-letters");
  await operator("GET", "/platform/dead-letters/document-processing");
  for (const action of ["redrive", "purge"])
    await operator("POST", `/platform/dead-letters/document-processing/${action}`, { messages: [crypto.randomUUID()] });
  const sha256 = createHash("sha256").update(agreement).digest("hex");
  await operator("POST", "/platform/proofs", { files: { "report.html": sha256 } });

  // The tenant and its keys.
  await call("GET", "/tenant");
  await call("GET", "/tenant/limits");
  await call("GET", "/tenant/usage");
  await call("PATCH", "/tenant", { name: "Halden Optics AG" });
  await call("GET", "/roles");
  await call("POST", "/authz/explain", { permission: "document:read" });
  const key = await call("POST", "/api-keys", {
    name: "search of the intranet",
    role: "readonly",
    scopes: ["search:query"],
  });
  await call("GET", "/api-keys");
  await call("PATCH", `/api-keys/${key.body.apiKey.id}`, { addresses: ["203.0.113.0/24"] });
  await call("POST", `/api-keys/${key.body.apiKey.id}/rotate`, { overlapSeconds: 3600 });
  await call("DELETE", `/api-keys/${key.body.apiKey.id}`);

  // People.
  const { invitation } = (
    await call("POST", "/invitations", { email: "grace@halden.example", role: "user", name: "Grace Halden" })
  ).body;
  await call("GET", "/invitations?status=pending");
  await call("GET", `/invitations/${invitation.id}`);
  await call("POST", `/invitations/${invitation.id}/resend`);
  await call("DELETE", `/invitations/${invitation.id}`);
  await call("GET", "/users");

  // Groups.
  const { group } = (await call("POST", "/groups", { name: "Legal" })).body;
  const team = `/groups/${group.id}`;
  await call("GET", "/groups");
  await call("GET", team);
  await call("PATCH", team, { name: "Legal and compliance" });
  await call("POST", `${team}/members`, { apiKeyIds: [apiKey.id] });
  await call("GET", `${team}/members`);
  await call("DELETE", `${team}/members/${apiKey.id}`);
  await call("DELETE", team);

  // Collections and documents.
  const { collection } = (
    await call("POST", "/collections", {
      name: "Contracts",
      access: { roles: ["tenant_admin"], apiKeyIds: [apiKey.id] },
    })
  ).body;
  await call("GET", "/collections");
  await call("GET", `/collections/${collection.id}`);
  await call("PATCH", `/collections/${collection.id}`, { name: "Contracts 2027" });
  await call("DELETE", `/collections/${collection.id}`);
  const bytes = Buffer.from("The warranty of a lens is two years.");
  const { document, upload } = (
    await call("POST", "/documents", {
      name: "warranty.txt",
      contentType: "text/plain",
      sizeBytes: bytes.length,
      metadata: { department: "sales" },
      externalId: "warranty-2027",
    })
  ).body;
  await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes });
  await call("POST", `/documents/${document.id}/complete`);
  const path = `/documents/${document.id}`;
  await settled(call, document.id);
  await call("GET", path);
  await call("GET", "/documents?status=ready");
  await call("GET", "/documents/count");
  await call("PATCH", path, { metadata: { department: "service" } });
  await call("GET", `${path}/text`);
  await call("GET", `${path}/chunks`);
  await call("GET", `${path}/download`);
  await call("POST", `${path}/versions`, { text: "The warranty of a lens is three years." });
  await call("GET", `${path}/versions`);
  await settled(call, document.id);
  const unsent = await call("POST", "/documents", { name: "unsent.txt", contentType: "text/plain", sizeBytes: 10 });
  await call("POST", `/documents/${unsent.body.document.id}/cancel`);
  await call("POST", `/documents/${unsent.body.document.id}/retry`);
  await call("POST", "/documents/bulk", { action: "cancel", documentIds: [unsent.body.document.id] });
  await call("DELETE", path);
  await call("POST", `${path}/restore`);

  // Search and answers.
  await call("POST", "/search", { query: "notice period", limit: 2 });
  await call("POST", "/answers", { question: "What is the notice period?" });

  // Jobs: the first state of a job lasts for a moment only.
  const newJob = async (action: string) => {
    const { job } = (await until("POST", "/jobs", { type: "reindex" })).body as never as { job: { id: string } };
    return { id: job.id, ...(await call("POST", `/jobs/${job.id}/${action}`)) };
  };
  const paused = await vi.waitFor(
    async () => {
      const job = await newJob("pause");
      expect(job.status).toBe(200);
      return job;
    },
    { timeout: 20_000 },
  );
  await call("POST", `/jobs/${paused.id}/resume`);
  await call("GET", `/jobs/${paused.id}`);
  await call("POST", `/jobs/${paused.id}/cancel`);
  await call("GET", "/jobs");

  // The audit log and events.
  await call("GET", "/audit?actions=apikey.create,apikey.revoke");
  await call("GET", "/events?limit=2");
  await call("GET", "/event-types");
  await call("GET", "/event-types/document.ready");
  await call("PUT", "/event-cursors/crm", { sequence: 0 });
  await call("POST", "/event-cursors/crm/commit", { sequence: 2 });
  await call("GET", "/event-cursors");
  await call("GET", "/event-cursors/crm");
  await call("DELETE", "/event-cursors/crm");

  // Webhooks.
  const { webhook } = (await call("POST", "/webhooks", { url: receiver.url, eventTypes: ["document.ready"] })).body;
  const hook = `/webhooks/${webhook.id}`;
  await call("GET", "/webhooks");
  await call("GET", hook);
  await call("PATCH", hook, { headers: { "x-team": "sales" } });
  await call("POST", `${hook}/rotate-secret`, {});
  await call("POST", `${hook}/disable`);
  await call("POST", `${hook}/enable`);
  await call("POST", `${hook}/test`);
  const deliveries = await until("GET", `${hook}/deliveries`, undefined, ({ body }) =>
    JSON.stringify(body).includes('"delivered"'),
  );
  const { id } = (deliveries.body as never as { data: { id: string }[] }).data[0]!;
  await call("GET", `/deliveries/${id}`);
  await call("GET", `/deliveries/${id}/attempts`);
  await until("POST", `/deliveries/${id}/retry`);
  await call("GET", `${hook}/metrics`);
  await call("POST", `${hook}/recover`, { since: new Date(Date.now() - 3_600_000).toISOString() });
  await until("POST", `${hook}/replay`, { after: 0 });
  await call("DELETE", hook);
  receiver.close();
  return call;
};

/** A person who has signed in joins the tenant, and is removed again. */
const joinAndLeave = async (owner: Call, person: Call): Promise<void> => {
  const { email } = (await person("GET", "/users/me")).body;
  await person("PATCH", "/users/me", { name: "Lin" });
  const { invitation } = (await owner("POST", "/invitations", { email, role: "user" })).body;
  await person("GET", "/users/me/invitations");
  const { user } = (await person("POST", "/invitations/accept", { invitationId: invitation.id })).body;
  await owner("GET", `/users/${user.id}`);
  await owner("PATCH", `/users/${user.id}`, { role: "readonly" });
  await owner("DELETE", `/users/${user.id}`);
  await person("POST", "/users/me/sign-out");
};

/** A receiver of webhooks that accepts all. */
const startReceiver = async () => {
  const server = createServer((request, response) => request.resume().on("end", () => response.writeHead(204).end()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
