import { storeVectors } from "@resolve/core/documents";
import { sweepJobs } from "@resolve/core/jobs";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { type Id, toId, toUuid } from "@resolve/core/platform/id";
import { collectUsage } from "@resolve/core/usage";
import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addDocument, type Call } from "../../acceptance/src/client.ts";
import { startLanguageModel } from "../../core/src/testing/language-model.ts";
import { startEmbeddingDouble } from "./doubles/embedding.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Jobs, with the vector worker and an embedding service that fails or waits when a test says so. */
let system: TestSystem;
let admin: Sql;
let service: Awaited<ReturnType<typeof startEmbeddingDouble>>;
let languageModel: Awaited<ReturnType<typeof startLanguageModel>>;
/** Runs before the embedding service responds; a number is the status it responds with. */
let before: (texts: number) => Promise<number | undefined> | number | undefined = () => undefined;

beforeAll(async () => {
  service = await startEmbeddingDouble((texts) => before(texts));
  languageModel = await startLanguageModel();
  const Answering = { provider: "openai", baseUrl: `${languageModel.url}/v1`, apiKey: "sk-test", model: "small" };
  system = await startSystem({ links: { Embedding: service.link, Answering } });
  ({ admin } = system);
});
afterAll(async () => {
  await system?.close();
  await service?.close();
  await languageModel?.close();
});
afterEach(() => {
  before = () => undefined;
});

const newTenant = async () => {
  const { id, call, uuid } = await system.newTenant();
  return { id, call, tenant: uuid };
};
const add = (call: Call, name: string, text: string): Promise<string> => addDocument(call, { name, text });
const order = async (call: Call, request: unknown) => {
  const { status, body } = await call("POST", "/jobs", request);
  expect(status).toBe(202);
  return body.job;
};
const settled = async (call: Call, id: string) => {
  let job = (await call("GET", `/jobs/${id}?waitSeconds=20`)).body;
  // On a busy machine the steps of a job take longer.
  if (["queued", "running"].includes(job.status)) job = (await call("GET", `/jobs/${id}?waitSeconds=20`)).body;
  return job;
};
const modelsOf = async (tenant: string) =>
  (
    await admin`select model, count(*)::int as vectors from app.embeddings where tenant_id = ${tenant} group by 1 order by 1`
  ).map(({ model, vectors }) => [model, vectors]);

/** Some 450 chunks: three steps of reembedding. */
const long = Array.from(
  { length: 8_000 },
  (_, n) => `Sentence ${n} speaks of lens ${n % 97} and of coating ${n % 89}, at length and to no end.`,
).join(" ");

/** Delays the responses of the service from the `nth` on, until `release` is called. */
const holdAnswers = (nth: number) => {
  let seen = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let onHeld = () => {};
  const held = new Promise<void>((resolve) => {
    onHeld = resolve;
  });
  before = async (texts) => {
    // Requests of jobs have many texts, those of queries and short notes have one.
    if (texts > 1) seen += 1;
    if (texts === 1 || seen < nth) return undefined;
    onHeld();
    await released;
    return undefined;
  };
  return { held, release };
};

test("a tenant that has used its tokens of the embedding service gets no more of it until its limit is higher", {
  timeout: 60_000,
}, async () => {
  const { call, tenant } = await newTenant();
  const limitTo = (
    tokens: number,
  ) => admin`insert into app.tenant_limits values (${tenant}, 'embeddingTokensPerMonth', ${tokens})
    on conflict (tenant_id, limited) do update set maximum = excluded.maximum`;
  const used = async () =>
    (
      await admin`select amount::int as tokens from app.usage_months
    where tenant_id = ${tenant} and meter = 'embeddingTokens'`
    )[0]?.["tokens"];
  // The double bills a token for each text.
  await add(call, "first.txt", "The lens is ground in Halden.");
  expect(await used()).toBe(1);
  await limitTo(1);
  const { id } = (await call("POST", "/documents", { name: "second.txt", text: "The coating is applied in Bergen." }))
    .body.document;
  const state = async () => (await call("GET", `/documents/${id}`)).body;
  await expect.poll(async () => (await state()).status, { timeout: 20_000 }).toBe("failed");
  expect((await state()).failure).toMatchObject({ code: "embedding-limit-reached", retryable: true });
  expect((await call("POST", "/search", { query: "lens" })).body.data).toHaveLength(1);
  await limitTo(2);
  await call("POST", `/documents/${id}/retry`);
  await expect.poll(async () => (await state()).status, { timeout: 20_000 }).toBe("ready");
  expect(await used()).toBe(2);
  // The built-in model costs nothing.
  expect((await settled(call, (await order(call, { type: "reembed", model: "static-v1" })).id)).status).toBe(
    "completed",
  );
  await add(call, "third.txt", "The frame is made of brass.");
  expect(await used()).toBe(2);
});

test("calls and tokens of models are in the tenant's cost, those of requests beside those of messages", {
  timeout: 60_000,
}, async () => {
  const { id, call } = await newTenant();
  // What the double was asked for: it bills a token for each text.
  const billed = { calls: 0, tokens: 0 };
  before = (texts) => {
    billed.calls += 1;
    billed.tokens += texts;
    return undefined;
  };
  /** Of requests: calls, tokens of embeddings and of answers. And what of the bill is not recorded. */
  const recorded = async () => {
    await collectUsage();
    const { body } = await system.operator("GET", "/platform/cost?limit=100");
    const amounts = body.data.find((one: { tenantId: string }) => one.tenantId === id)?.amounts ?? {};
    const of = (meter: string): number => amounts[meter] ?? 0;
    const calls = billed.calls + languageModel.calls.length - of("request.modelCalls") - of("message.modelCalls");
    const tokens = billed.tokens - of("request.embeddingTokens") - of("message.embeddingTokens");
    const requests = ["modelCalls", "embeddingTokens", "answerTokens"].map((figure) => of(`request.${figure}`));
    return { requests, unrecorded: { calls, tokens } };
  };
  const becomes = (...requests: number[]) =>
    expect.poll(recorded, { timeout: 10_000 }).toEqual({ requests, unrecorded: { calls: 0, tokens: 0 } });

  const text = `The notice period for employees is three months.\n\n${long.slice(0, 40_000)}`;
  const document = await add(call, "file.txt", text);
  const { chunks } = (await call("GET", `/documents/${document}`)).body;
  expect(chunks).toBeGreaterThan(5);
  expect(billed.tokens).toBeGreaterThanOrEqual(chunks);
  await becomes(0, 0, 0);
  await settled(call, (await order(call, { type: "reembed", model: "static-v1" })).id);
  await pruned(call);
  await settled(call, (await order(call, { type: "reembed", model: "double" })).id);
  expect(billed.tokens).toBeGreaterThanOrEqual(2 * chunks);
  await becomes(0, 0, 0);

  // The second search takes the vector of the first one.
  const query = "notice period for employees";
  for (let time = 0; time < 2; time += 1) expect((await call("POST", "/search", { query })).status).toBe(200);
  await becomes(1, 1, 0);
  // The question's vector, and a reply that is no answer and was paid all the same.
  const { body } = await call("POST", "/answers", { question: "What is the notice period for employees?" });
  expect([languageModel.calls.length, body.provider]).toEqual([1, "extractive"]);
  await becomes(3, 2, 20);
});

describe("reembed", { timeout: 60_000 }, () => {
  test("a vector is that of its own version, also while a reindex writes the same chunk beside it", async () => {
    const { call, tenant } = await newTenant();
    const documentId = toUuid((await add(call, "note.txt", "A note.")) as Id<"document">);
    await admin`insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, char_start, char_end, tokens, content_hash, language, lexemes, average)
      select tenant_id, document_id, -1, ordinal, app.uuid7(), text, tsv, terms, char_start, char_end, tokens, content_hash, language, lexemes, average
      from app.chunks where tenant_id = ${tenant}`;
    await withTx(systemCtx({ tenantId: toId("tenant", tenant), job: "test" }), (ctx) =>
      storeVectors(ctx, "static-v1", [{ documentId, version: 1, ordinal: 0 }], [new Float32Array(512).fill(0.03)]),
    );
    const stored = await admin`select version from app.embeddings where tenant_id = ${tenant} and model = 'static-v1'`;
    expect([...stored]).toEqual([{ version: 1 }]);
  });

  test("search changes to another model without a gap, new documents included, and the old vectors are deleted", async () => {
    const { call, tenant } = await newTenant();
    await add(call, "long.txt", long);
    const [[model, chunks]] = (await modelsOf(tenant)) as [[string, number]];
    expect([model, chunks > 400]).toEqual(["double", true]);

    const job = await order(call, { type: "reembed", model: "static-v1" });
    expect(job).toMatchObject({ type: "reembed", status: "queued", params: { model: "static-v1" } });
    const done = await settled(call, job.id);
    expect(done).toMatchObject({ status: "completed", progress: { done: chunks, total: chunks, unit: "chunks" } });
    expect(await modelsOf(tenant)).toEqual([
      ["double", chunks],
      ["static-v1", chunks],
    ]);

    // The old vectors are deleted a minute later; `pruned` skips the wait.
    await pruned(call);
    expect(await modelsOf(tenant)).toEqual([["static-v1", chunks]]);

    // Changing back, halted half way: new documents get both vectors, and search still uses the complete model.
    const { held, release } = holdAnswers(2);
    const back = await order(call, { type: "reembed", model: "double" });
    await held;
    const meanwhile = add(call, "note.txt", "A note that came while the model was changed.");
    const { body } = await call("POST", "/search", { query: "note changed model" });
    expect(body.data.length).toBeGreaterThan(0);
    release();
    const id = await meanwhile;
    expect(await settled(call, back.id)).toMatchObject({ status: "completed" });
    expect(
      (await call("POST", "/search", { query: "note changed model", mode: "hybrid" })).body.data[0].document.id,
    ).toBe(id);

    await pruned(call);
    expect(await modelsOf(tenant)).toEqual([["double", chunks + 1]]);
  });

  test("a tenant does not control a job of the system; an operator may cancel one, and a prune job runs again later", async () => {
    const { call, tenant, id } = await newTenant();
    const operator = system.caller(system.runtime.adminApiKey, {
      "x-resolve-tenant": id,
      "x-resolve-reason": "stops a job of the system",
    });
    await add(call, "note.txt", "A note that is embedded twice.");
    await settled(call, (await order(call, { type: "reembed", model: "static-v1" })).id);
    const queued = async () => (await call("GET", "/jobs?type=prune&status=queued")).body.data;
    const [first] = await queued();
    for (const action of ["pause", "resume", "cancel"])
      expect(await call("POST", `/jobs/${first.id}/${action}`)).toMatchObject({
        status: 403,
        body: { code: "forbidden", permission: "job:write", detail: expect.stringContaining("The system started") },
      });
    expect((await operator("POST", `/jobs/${first.id}/cancel`)).body).toMatchObject({ status: "cancelled" });
    const [second] = await queued();
    expect((await call("POST", `/jobs/${second.id}/cancel`)).status).toBe(403);
    expect(await modelsOf(tenant)).toHaveLength(2);
    await pruned(call);
    expect(await modelsOf(tenant)).toEqual([["static-v1", 1]]);
  });

  test("a paused job resumes from its checkpoint, and a cancelled one leaves no vectors", async () => {
    const { call, tenant } = await newTenant();
    await add(call, "long.txt", long);
    const other = await order(call, { type: "reembed", model: "static-v1" });
    await settled(call, other.id);
    await pruned(call);
    const first = holdAnswers(2);
    const { id } = await order(call, { type: "reembed", model: "double" });
    await first.held;
    const { body: running } = await call("GET", `/jobs/${id}`);
    expect(running).toMatchObject({ status: "running", progress: { done: 200 } });
    expect(running.progress.ratePerSecond).toBeGreaterThan(0);
    expect(running.progress.etaSeconds).toBeGreaterThan(0);

    const second = await call("POST", "/jobs", { type: "reembed", model: "double" });
    expect(second).toMatchObject({ status: 409, body: { code: "job-conflict", jobId: id, state: "running" } });
    expect((await call("POST", `/jobs/${id}/resume`)).body).toMatchObject({
      code: "job-conflict",
      state: "running",
      allowed: ["paused", "failed"],
    });
    expect((await call("POST", `/jobs/${id}/pause`)).body).toMatchObject({ status: "paused" });
    // Another job of the tenant runs with the same token: a lease is that of one job.
    const [held] = await admin`
      update app.jobs j set type = 'reindex', status = 'running', lease_token = p.lease_token, lease_until = now() + interval '1 minute'
      from app.jobs p where j.id = ${other.id} and p.id = ${id} returning j.id`;
    expect(held).toBeDefined();
    first.release();
    await new Promise((done) => setTimeout(done, 300));
    await admin`update app.jobs set status = 'completed', lease_until = null where id = ${other.id}`;
    expect((await call("GET", `/jobs/${id}`)).body).toMatchObject({ status: "paused", progress: { done: 200 } });

    const again = holdAnswers(1);
    expect((await call("POST", `/jobs/${id}/resume`)).body).toMatchObject({ status: "queued" });
    await again.held;
    expect((await call("POST", `/jobs/${id}/cancel`)).body).toMatchObject({ status: "cancelled" });
    again.release();
    await pruned(call);
    expect((await modelsOf(tenant)).map(([model]) => model)).toEqual(["static-v1"]);
    const types = (await call("GET", "/events?types=job.cancelled,job.completed,job.created")).body.data.map(
      (event: { type: string }) => event.type,
    );
    expect(types.filter((type: string) => type === "job.cancelled")).toHaveLength(1);
  });

  test("a job fails with a reason while the embedding service is down, and can be resumed", async () => {
    const { call } = await newTenant();
    await add(call, "short.txt", "A short text.");
    await settled(call, (await order(call, { type: "reembed", model: "static-v1" })).id);
    await pruned(call);
    before = () => 503;
    const { id } = await order(call, { type: "reembed", model: "double" });
    // The job is retried after growing waits; this sets it to the last attempt.
    const isGivenBack = async () => {
      const { started_at, lease_until } = await jobRow(id);
      return started_at !== null && lease_until === null;
    };
    await expect.poll(isGivenBack, { timeout: 10_000 }).toBe(true);
    await admin`update app.jobs set attempts = 4 where id = ${id}`;
    await sweepJobsNow();
    const failed = await settled(call, id);
    expect(failed).toMatchObject({ status: "failed", failure: { code: "embedder-unavailable", retryable: true } });
    const entries = await admin`select detail from app.audit_log where subject = ${id}`;
    expect(entries.map(({ detail }) => detail)).toContainEqual({ code: "embedder-unavailable" });
    before = () => undefined;
    expect((await call("POST", `/jobs/${id}/resume`)).body).toMatchObject({ status: "queued", failure: null });
    expect(await settled(call, id)).toMatchObject({ status: "completed" });
  });

  test("an unknown model is refused, and the error lists the available models", async () => {
    const { call } = await newTenant();
    const { status, body } = await call("POST", "/jobs", { type: "reembed", model: "large" });
    expect([status, body.code, body.errors]).toEqual([
      400,
      "invalid-request",
      [{ path: "/model", message: "must be one of double, static-v1, hash-v0" }],
    ]);
  });
});

const jobRow = async (id: string) => (await admin`select * from app.jobs where id = ${id}`)[0]!;
/** The sweep, without the time that it waits before it restarts a job. */
const sweepJobsNow = async () => {
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
  await sweepJobs({ waitingSeconds: 0 });
};
/** Runs the one prune job that is queued, without its wait of a minute. */
const pruned = async (call: Call) => {
  const { data } = (await call("GET", "/jobs?type=prune&status=queued")).body;
  expect(data).toHaveLength(1);
  await sweepJobsNow();
  expect(await settled(call, data[0].id)).toMatchObject({ status: "completed" });
};

test("without the embedding service, search uses keywords and says so, and a vector search is refused", async () => {
  const { call } = await newTenant();
  const id = await add(call, "lamp.txt", "The lamp is serviced in May.");
  before = () => 500;
  const { body } = await call("POST", "/search", { query: "lamp" });
  expect(body).toMatchObject({ degraded: { reason: "embedder-unavailable" }, data: [{ document: { id } }] });
  expect(await call("POST", "/search", { query: "lamp", mode: "vector" })).toMatchObject({
    status: 503,
    body: { code: "unavailable" },
  });
});

describe("reindex", () => {
  test("indexes every original again; a document whose original is missing keeps its index and is listed", async () => {
    const { call, tenant } = await newTenant();
    const kept = await add(call, "kept.txt", "The lamp is serviced in May.");
    const lost = await add(call, "lost.txt", "The lens is serviced in June.");
    await admin`update app.document_versions set object_key = object_key || '-gone' where document_id = ${lost}`;
    await admin`update app.chunks set text = 'stale' where tenant_id = ${tenant}`;
    const job = await settled(call, (await order(call, { type: "reindex" })).id);
    expect(job).toMatchObject({
      status: "completed",
      progress: { done: 2, total: 2, unit: "documents" },
      result: { failedCount: 1, failed: [{ documentId: lost, code: "storage-missing" }] },
    });
    const chunksOf = async (id: string) => (await call("GET", `/documents/${id}/chunks`)).body.data;
    expect((await chunksOf(kept))[0].text).toBe("The lamp is serviced in May.");
    expect((await chunksOf(lost))[0].text).toBe("stale");
  });

  test("documents that an older reader has read are listed, counted, and read again by a job for them alone", async () => {
    const { call, tenant } = await newTenant();
    const old = await add(call, "old.txt", "The lamp is serviced in May.");
    await add(call, "new.txt", "The lens is serviced in June.");
    await admin`update app.document_versions set reader_version = 1 where document_id = ${old}`;
    await admin`update app.chunks set text = 'stale' where tenant_id = ${tenant}`;
    const isOld = "readerVersionBelow=2";
    expect((await call("GET", `/documents/count?${isOld}`)).body).toEqual({ count: 1 });
    expect((await call("GET", "/documents/count")).body).toEqual({ count: 2 });
    const { data } = (await call("GET", `/documents?${isOld}`)).body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual([old]);

    const job = await settled(call, (await order(call, { type: "reindex", readerVersionBelow: 2 })).id);
    expect(job).toMatchObject({ status: "completed", progress: { done: 1, total: 1 }, result: { failedCount: 0 } });
    expect((await call("GET", `/documents/count?${isOld}`)).body).toEqual({ count: 0 });
    const texts = await admin`select text from app.chunks where tenant_id = ${tenant} order by text`;
    expect(texts.map(({ text }) => text)).toEqual(["The lamp is serviced in May.", "stale"]);
    const refused = await call("GET", "/documents/count?readerVersionBelow=old");
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, "query:/readerVersionBelow"]);
  });
});

test("more documents than one sweep purges are purged by a job", async () => {
  const { call, tenant } = await newTenant();
  const ids: string[] = [];
  for (let n = 0; n < 101; n++)
    ids.push((await call("POST", "/documents", { name: `${n}.bin`, sizeBytes: 1 })).body.document.id);
  for (const part of [ids.slice(0, 100), ids.slice(100)])
    await call("POST", "/documents/bulk", { action: "delete", documentIds: part });
  await admin`update app.documents set purge_at = now() - interval '1 minute' where tenant_id = ${tenant}`;
  const { startPurges } = await import("@resolve/core/jobs");
  await sweepJobsNow();
  await startPurges();
  const [job] = (await call("GET", "/jobs?type=purge")).body.data;
  expect(await settled(call, job.id)).toMatchObject({
    status: "completed",
    progress: { done: 101, unit: "documents" },
  });
  expect(await admin`select 1 from app.documents where tenant_id = ${tenant}`).toHaveLength(0);
});

test("jobs are listed in pages, and a user sees only its own", async () => {
  const { call } = await newTenant();
  for (let n = 0; n < 3; n++) await settled(call, (await order(call, { type: "reindex" })).id);
  const first = (await call("GET", "/jobs?limit=2")).body;
  const second = (await call("GET", `/jobs?limit=2&cursor=${first.nextCursor}`)).body;
  expect([first.data.length, first.hasMore, second.data.length, second.hasMore]).toEqual([2, true, 1, false]);
  const { body } = await call("POST", "/api-keys", { name: "user", role: "user" });
  const user = system.caller(body.secret);
  expect((await user("GET", "/jobs")).body.data).toEqual([]);
  expect((await user("GET", `/jobs/${first.data[0].id}`)).status).toBe(403);
  expect((await user("POST", "/jobs", { type: "reindex" })).status).toBe(403);
});
