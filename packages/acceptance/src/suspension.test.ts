import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { type ApiResponse, addDocument, type Call, settled } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** The operator suspends a tenant: everything stops, nothing is lost, and everything continues after the resume. */

const reason = "The invoice of October is not paid.";
const suspend = (id: string, why = reason) => system.operator("POST", `/tenants/${id}/suspend`, { reason: why });
const resume = (id: string) => system.operator("POST", `/tenants/${id}/resume`);
const codeOf = ({ status, body }: ApiResponse) => [status, body.code];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const inside = (id: string) => ({ "x-resolve-tenant": id, "x-resolve-reason": "test of the suspension" });
/** What the operator sees in the tenant, where its own keys are refused. */
const seen = async (id: string, path: string) => (await system.operator("GET", path, undefined, inside(id))).body;
const statesOf = async (id: string): Promise<string[]> =>
  (await seen(id, "/documents?limit=100")).data.map(({ status }: { status: string }) => status);
const addText = async (call: Call, name: string): Promise<string> => {
  const { body } = await call("POST", "/documents", { name, text: `The lens of ${name} is ground in Halden.` });
  return body.document.id;
};
const countOf = (all: string[], one: string) => all.filter((state) => state === one).length;

/** Accepts every delivery, and keeps its id. */
const startReceiver = async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(String(request.headers["webhook-id"]));
    request.resume().on("end", () => response.writeHead(204).end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, close };
};

describe("a suspended tenant", () => {
  test("is refused with the reason, reads it, and works again after the resume", async () => {
    const { id, call } = await system.newTenant();
    const made = await suspend(id);
    expect([made.status, made.body.status, made.body.suspension.reason]).toEqual([200, "suspended", reason]);
    for (const [method, path, body] of [
      ["GET", "/documents"],
      ["POST", "/search", { query: "lens" }],
      ["POST", "/documents", { name: "a.txt", text: "Words." }],
      ["GET", "/events"],
      ["PATCH", "/tenant", { name: "Other" }],
    ] as const) {
      const { status, body: problem } = await call(method, path, body);
      expect([status, problem.code, problem.reason], path).toEqual([403, "tenant-suspended", reason]);
      expect(problem.detail).toContain(reason);
      expect(problem.since).toBe(made.body.suspension.since);
    }
    const own = await call("GET", "/tenant");
    expect([own.status, own.body.suspension]).toEqual([200, made.body.suspension]);
    const resumed = await resume(id);
    expect([resumed.status, resumed.body.suspension]).toEqual([200, null]);
    // A suspension during the onboarding gives this status back.
    expect(["onboarding", "active"]).toContain(resumed.body.status);
    expect((await call("GET", "/documents")).status).toBe(200);
    const { data } = (await call("GET", "/events?limit=100&types=tenant.suspended,tenant.resumed")).body;
    expect(data.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
      ["tenant.suspended", { reason }],
      ["tenant.resumed", {}],
    ]);
  });

  test("is suspended once by repeated and simultaneous requests; another reason replaces the former one", async () => {
    const { id, call } = await system.newTenant();
    const all = await Promise.all(Array.from({ length: 10 }, () => suspend(id)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(all.map(({ body }) => body.suspension.since)).size).toBe(1);
    const other = await suspend(id, "  Abuse was reported. ");
    expect(other.body.suspension).toEqual({ ...all[0]!.body.suspension, reason: "Abuse was reported." });
    const resumed = await Promise.all(Array.from({ length: 10 }, () => resume(id)));
    expect(new Set(resumed.map(({ status, body }) => [status, body.suspension].join()))).toEqual(new Set(["200,"]));
    const { data } = (await call("GET", "/events?limit=100&types=tenant.suspended,tenant.resumed")).body;
    expect(data.map(({ type }: { type: string }) => type)).toEqual([
      "tenant.suspended",
      "tenant.suspended",
      "tenant.resumed",
    ]);
  });

  test("is neither the platform's own nor an unknown one, and has a reason", async () => {
    const platform = "ten_00000000001r0080000000000000";
    for (const id of [platform, unknownId("ten"), "x"])
      expect([codeOf(await suspend(id)), codeOf(await resume(id))]).toEqual([
        [404, "not-found"],
        [404, "not-found"],
      ]);
    const { id, call } = await system.newTenant();
    for (const body of [{}, { reason: " " }, { reason: "a".repeat(501) }, { reason, until: "tomorrow" }])
      expect(codeOf(await system.operator("POST", `/tenants/${id}/suspend`, body))).toEqual([400, "invalid-request"]);
    expect((await call("GET", "/tenant")).body.status).not.toBe("suspended");
  });

  test("keeps its documents and deliveries under way, and gets every one after the resume", async () => {
    const receiver = await startReceiver();
    try {
      const [{ id, call }, other] = [await system.newTenant(), await system.newTenant()];
      await addDocument(call, { name: "first.txt", text: "The first lens is ground." });
      const url = system.isLocal ? receiver.url : "https://example.com/hook";
      const webhook = (await call("POST", "/webhooks", { url, eventTypes: ["document.ready"] })).body.webhook;
      const ids: string[] = [];
      for (let n = 0; n < 12; n += 4)
        ids.push(...(await Promise.all([0, 1, 2, 3].map((m) => addText(call, `${n + m}.txt`)))));
      // The bytes of this upload arrive during the suspension.
      const late = (await call("POST", "/documents", { name: "late.txt", sizeBytes: 25 })).body;
      const job = (await call("POST", "/jobs", { type: "reindex" })).body.job;
      await suspend(id);
      const put = await fetch(late.upload.url, {
        method: "PUT",
        headers: late.upload.headers,
        body: "The late lens is ground.\n",
      });
      expect(put.status).toBe(200);
      // What was in a worker's hands ends now; then nothing moves.
      await pause(3_000);
      const [states, arrived] = [await statesOf(id), receiver.received.length];
      // A suspended tenant slows nobody down.
      await addDocument(other.call, { name: "b.txt", text: "Another lens is ground." });
      await pause(5_000);
      expect(await statesOf(id)).toEqual(states);
      expect(receiver.received).toHaveLength(arrived);
      expect(countOf(states, "ready")).toBeLessThan(ids.length + 2);
      expect(countOf(states, "failed")).toBe(0);

      await resume(id);
      for (const document of [...ids, late.document.id])
        expect((await settled(call, document)).status, document).toBe("ready");
      const deliveries = async () =>
        (await call("GET", `/webhooks/${webhook.id}/deliveries?limit=100&status=delivered`)).body.data.length;
      if (system.isLocal) {
        await expect.poll(deliveries, { timeout: 90_000, interval: 500 }).toBe(ids.length + 1);
        expect(new Set(receiver.received).size).toBe(ids.length + 1);
      }
      const ended = async () => (await call("GET", `/jobs/${job.id}`)).body.status;
      await expect.poll(ended, { timeout: 90_000, interval: 500 }).toBe("completed");
    } finally {
      receiver.close();
    }
  }, 240_000);
});

describe("the operator's view of a tenant", () => {
  test("has counts, usage and health, and says when and why it is suspended", async () => {
    const { id, call, runId } = await system.newTenant();
    await addDocument(call, { name: "a.txt", text: "The lens is ground in Halden." });
    await call("POST", "/invitations", { email: "grace@acme.example", role: "user" });
    await call("POST", "/webhooks", { url: "https://hooks.example.com/resolve", eventTypes: ["document.purged"] });
    const { status, body } = await system.operator("GET", `/tenants/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, name: "Acme", suspension: null });
    expect(body.counts).toEqual({
      documents: { awaiting_upload: 0, queued: 0, processing: 0, ready: 1, failed: 0, deleting: 0 },
      members: 0,
      suspendedMembers: 0,
      invitations: 2,
      apiKeys: 1,
      enabledWebhooks: 1,
      disabledWebhooks: 0,
    });
    expect(body.usage.meters).toContainEqual({ meter: "documents", used: 1, limit: 200_000 });
    expect(body.storage).toEqual({ usedBytes: 29, limitBytes: 50 * 1024 ** 3 });
    expect(body.health).toMatchObject({
      unfinishedDocuments: 0,
      oldestUnfinishedAt: null,
      failingWebhooks: [],
      parkedWork: 0,
    });
    expect(body.health.onboarding).toMatchObject({ id: runId, failedStep: null });
    expect(JSON.stringify(body)).not.toContain("a.txt");

    await suspend(id);
    await addWaiting(id);
    const later = (await system.operator("GET", `/tenants/${id}`)).body;
    expect(later.suspension.reason).toBe(reason);
    expect(later.health.unfinishedDocuments).toBe(1);
    expect(Date.parse(later.health.oldestUnfinishedAt)).toBeGreaterThan(Date.parse(later.suspension.since));
    expect(later.health.unsentMessages).toBeGreaterThan(0);
    const [found] = (await system.operator("GET", "/tenants?status=suspended&limit=100")).body.data.filter(
      (one: { id: string }) => one.id === id,
    );
    expect(found.suspension).toEqual(later.suspension);
    await resume(id);
  });

  /** The operator acts inside the tenant; the document waits like all of its work. */
  const addWaiting = (id: string) =>
    system.operator("POST", "/documents", { name: "b.txt", text: "Another lens." }, inside(id));

  test("changes name and plan with its present ETag only", async () => {
    const { id, call } = await system.newTenant();
    const { headers } = await system.operator("GET", `/tenants/${id}`);
    const ifMatch = { "if-match": headers.get("etag")! };
    await addDocument(call, { name: "a.txt", text: "The numbers change, the tenant does not." });
    // The onboarding has activated the tenant meanwhile.
    const now = (await system.operator("GET", `/tenants/${id}`)).headers.get("etag")!;
    const changed = await system.operator(
      "PATCH",
      `/tenants/${id}`,
      { plan: "free", name: "Acme GmbH" },
      { "if-match": now },
    );
    expect([changed.status, changed.body.plan, changed.body.name]).toEqual([200, "free", "Acme GmbH"]);
    expect(codeOf(await system.operator("PATCH", `/tenants/${id}`, { plan: "team" }, ifMatch))).toEqual([
      412,
      "precondition-failed",
    ]);
    const tag = (await system.operator("GET", `/tenants/${id}`)).headers.get("etag");
    expect(tag).toBe(changed.headers.get("etag"));
    expect((await call("GET", "/tenant/limits")).body.requestsPerSecond).toBe(10);
    for (const body of [{ plan: "gold" }, { status: "suspended" }, { name: "" }])
      expect(codeOf(await system.operator("PATCH", `/tenants/${id}`, body))).toEqual([400, "invalid-request"]);
    expect(codeOf(await system.operator("PATCH", `/tenants/${unknownId("ten")}`, { name: "A" }))).toEqual([
      404,
      "not-found",
    ]);
  });
});
