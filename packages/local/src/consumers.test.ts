import { create, createVersion, DocumentReady, LeaseLost, processDocument } from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import { issueApiKey } from "@resolve/core/identity";
import { type Ctx, systemCtx, withTx } from "@resolve/core/platform/context";
import { publish } from "@resolve/core/platform/events";
import { newId } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { invoke } from "./lambda.ts";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";

/** Documents and the relay: messages that come twice, late and out of order, and a service that is down. */
let consumers: Consumers;
let admin: Consumers["admin"];
useConsumers(async (started) => {
  consumers = started;
  ({ admin } = consumers);
});

let ctx: Ctx;
beforeEach(async () => {
  ctx = await freshTenant(consumers);
});

const eventTypes = async () =>
  (await admin`select type from app.events where tenant_id = ${ctx.tenantId} order by sequence`).map(
    ({ type }) => type,
  );

describe("process-document", () => {
  const make = async (sentences = 400) => {
    const text = Array.from(
      { length: sentences },
      (_, n) => `Sentence number ${n} of a document that is read again.`,
    ).join(" ");
    const { document } = await create(ctx, { name: "a.txt", text });
    return {
      id: document.id,
      message: { tenantId: ctx.tenantId, documentId: document.id, version: 1, s3Key: "", traceparent: ctx.traceparent },
    };
  };
  const stateOf = async (id: string) => {
    const [row] = await admin`select status, chunks,
      (select count(*)::int from app.chunks c where c.tenant_id = d.tenant_id and c.document_id = d.id) as stored,
      (select count(*)::int from app.embeddings e where e.tenant_id = d.tenant_id and e.document_id = d.id) as embedded
      from app.documents d where tenant_id = ${ctx.tenantId} and id = ${id}`;
    return row!;
  };

  test("a document whose message arrives three times, twice at once, is indexed once", async () => {
    const { id, message } = await make();
    const answers = await Promise.all([
      consumers.deliver("process-document", message),
      consumers.deliver("process-document", message),
    ]);
    // The second one finds the lease taken and is delivered again later.
    expect(answers.filter(({ batchItemFailures }) => batchItemFailures.length === 0).length).toBeGreaterThanOrEqual(1);
    expect((await consumers.deliver("process-document", message)).batchItemFailures).toEqual([]);
    const { status, chunks, stored, embedded } = await stateOf(id);
    expect(status).toBe("ready");
    expect(chunks).toBeGreaterThan(1);
    expect([stored, embedded]).toEqual([chunks, chunks]);
    expect(await eventTypes()).toEqual(["tenant.created", "document.created", "document.ready"]);
  });

  test("a new version removes the index of the former one, and of no other document", async () => {
    const [changed, other] = [await make(3), await make(3)];
    for (const { message } of [changed, other]) await consumers.deliver("process-document", message);
    const before = await stateOf(other.id);
    expect(before["stored"]).toBeGreaterThan(0);
    await createVersion(ctx, changed.id, { text: "Other words." });
    await consumers.deliver("process-document", { ...changed.message, version: 2 });
    expect(await stateOf(changed.id)).toEqual({ status: "ready", chunks: 1, stored: 1, embedded: 1 });
    expect(await stateOf(other.id)).toEqual(before);
  });

  test("a worker that lost its lease writes nothing", async () => {
    // Long enough for another worker to take the lease meanwhile.
    const { id, message } = await make(8_000);
    const worker = systemCtx({ tenantId: ctx.tenantId, job: "process-document" });
    const slow = processDocument(
      worker,
      { documentId: message.documentId, version: 1 },
      makerWithin({ bytesMax: 1e9 }),
      "fail",
    );
    // Another worker takes over as soon as the first one holds the lease.
    for (let token = 0; token === 0; ) {
      const [row] =
        await admin`update app.document_versions set lease_token = lease_token + 1, lease_until = now() - interval '1 second'
        where document_id = ${id} and lease_token = 1 returning lease_token`;
      token = row ? Number(row["lease_token"]) : 0;
    }
    await expect(slow).rejects.toThrow(LeaseLost);
    expect(await stateOf(id)).toMatchObject({ status: "processing", stored: 0, embedded: 0 });
    await processDocument(
      worker,
      { documentId: message.documentId, version: 1 },
      makerWithin({ bytesMax: 1e9 }),
      "fail",
    );
    expect((await stateOf(id))["status"]).toBe("ready");
    expect(await eventTypes()).toEqual(["tenant.created", "document.created", "document.ready"]);
  });
});

describe("relay", () => {
  const publishOne = async (n: number) => {
    await withTx(ctx, async (ctx) =>
      publish(ctx, DocumentReady, newId("document"), { version: n, chunks: 1, pages: null, warnings: [] }),
    );
  };

  test("events that the bus refuses stay in the outbox, are retried later, and are published once and in order", async () => {
    consumers.state.isBusThrottled = true;
    for (const n of [1, 2, 3]) await publishOne(n);
    expect(await relay({ limit: 10 })).toBe(3);
    expect(consumers.published).toEqual([]);
    const [waiting] =
      await admin`select count(*)::int as n, min(attempts)::int as attempts, bool_and(due_at > now() + interval '1 second') as later from app.outbox`;
    expect(waiting).toEqual({ n: 3, attempts: 1, later: true });
    // Not due yet.
    expect(await relay({ limit: 10 })).toBe(0);
    consumers.state.isBusThrottled = false;
    await admin`update app.outbox set due_at = now()`;
    expect(await relay({ limit: 10 })).toBe(3);
    const details = () =>
      consumers.published.map(({ detail }) => detail as { sequence: number; data: { version: number } });
    while (consumers.published.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(details().map(({ data }) => data.version)).toEqual([1, 2, 3]);
    expect(details().map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    expect(await admin`select id from app.outbox`).toEqual([]);
  });

  test("a request of the API whose events cannot be sent in time leaves nothing running, and its rows are sent later", async () => {
    const { secret } = await issueApiKey(ctx, { name: "writer", role: "tenant_admin" });
    await admin`truncate app.outbox`;
    consumers.state.isBusHanging = true;
    const { app } = await import("@resolve/functions/api/index");
    // The suite fails at its end when an invocation has left work running.
    const { statusCode } = (await invoke("api", {}, async () => {
      const response = await app.request("/api/v1/collections", {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ name: "Contracts" }),
      });
      return { statusCode: response.status };
    })) as { statusCode: number };
    consumers.state.isBusHanging = false;
    expect(statusCode).toBe(201);
    const rows = await admin`select attempts, due_at < now() + interval '5 seconds' as soon from app.outbox`;
    expect(rows).toEqual([{ attempts: 1, soon: true }]);
    await admin`update app.outbox set due_at = now()`;
    expect(await relay({ limit: 10 })).toBe(1);
    await expect.poll(() => consumers.published.map((event) => event["detail-type"])).toEqual(["collection.created"]);
  });

  test("two relays at once send each row once, and the rows of a relay that died are sent by the next one", async () => {
    for (let n = 0; n < 20; n++) await publishOne(n);
    const claimed = await Promise.all([relay({ limit: 20 }), relay({ limit: 20 })]);
    expect(claimed[0]! + claimed[1]!).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(consumers.published).toHaveLength(20);
    await publishOne(99);
    await admin`update app.outbox set due_at = now() + interval '30 seconds', attempts = 1`;
    expect(await relay({ limit: 1 })).toBe(0);
    await admin`update app.outbox set due_at = now()`;
    expect(await relay({ limit: 1 })).toBe(1);
  });
});

// The embedded database runs one transaction at a time.
test.runIf(process.env["TEST_DATABASE_URL"])(
  "two calls with the same externalId at once make one document, whose second version is the later call's",
  async () => {
    const send = (of: Ctx, text: string) => create(of, { name: "a.txt", text, externalId: "a" });
    const isWaiting = async () => {
      const waiting =
        await admin`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      expect(waiting).not.toHaveLength(0);
    };
    const { id, later } = await withTx(ctx, async (ctx) => {
      const { document } = await send(ctx, "One.");
      // It has a connection of its own, and waits for the first one to commit.
      const later = send(consumers.systemOf(ctx), "Two.");
      await vi.waitFor(isWaiting, { interval: 10 });
      return { id: document.id, later };
    });
    expect((await later).document).toMatchObject({ id, version: 2 });
  },
);
