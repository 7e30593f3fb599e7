import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startS3 } from "../../../local/src/doubles/s3.ts";
import { databaseLinks, type TestDatabase, testDatabase } from "../../../local/src/testing.ts";
import { makerWithin } from "../documents/index/make.ts";
import { create, FetchMessage, fetchToStorage, processDocument, recordFetch } from "../documents/index.ts";
import { authenticate, expandRole } from "../identity/index.ts";
import { type Ctx, inTenant, systemCtx, tenantCtx, withTx } from "../platform/context.ts";
import { Abandoned, closeDatabases } from "../platform/database/connections.ts";
import { poolOn } from "../platform/database/credentials.ts";
import { type Id, newId } from "../platform/id.ts";
import { observed, type WideEvent } from "../platform/wide-event.ts";
import { fanOut, recordAttempts, testWebhook } from "../webhooks/index.ts";
import { advanceRun, advanceTenant, forgetRequests, getRun, onboard, retryRun, sweepOnboarding } from "./index.ts";

/** Onboarding whose workers are killed, whose messages are lost, and which is retried. */
let database: TestDatabase;
let admin: Sql;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const s3 = await startS3({ dataDir, buckets: ["documents"], credentials, onObjectCreated: () => {} });
  const website = createServer((_, response) => response.end("Lenses are cleaned with warm water."));
  await once(website.listen(0, "127.0.0.1"), "listening");
  complete.documents.push({ name: "care.txt", url: `http://127.0.0.1:${(website.address() as AddressInfo).port}/` });
  closers.push(
    s3.close,
    () => website.close(),
    () => rmSync(dataDir, { recursive: true }),
  );
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    ...JSON.parse(databaseLinks(database)),
    Documents: { name: "documents", endpoint: s3.endpoint, region: "us-east-1", ...credentials },
  });
  process.env["RESOLVE_EGRESS_ALLOW"] = "loopback";
  // Like a killed process: from one transaction on, every transaction of a worker of onboarding fails.
  await admin.unsafe(`
    create sequence public.transactions;
    create table public.worker (is_working boolean not null, dies_at bigint not null);
    insert into public.worker values (false, 1000000);
    create function public.die() returns trigger language plpgsql security definer as $$
    begin
      if (select is_working from public.worker) and coalesce(current_setting('test.is_counted', true), '') = '' then
        if nextval('public.transactions') > (select dies_at from public.worker) then
          raise exception 'the worker was killed';
        end if;
        perform set_config('test.is_counted', 'yes', true);
      end if;
      return null;
    end $$;
    create trigger die before update on app.onboarding_steps execute function public.die();
    create trigger die before insert or update on app.onboarding_runs execute function public.die();
    create trigger die before insert on app.outbox execute function public.die();`);
});
afterAll(async () => {
  await closeDatabases();
  for (const close of closers) await close();
  await admin.end();
  await database.close();
});

const operator = tenantCtx({
  tenantId: newId("tenant"),
  actor: { type: "apiKey", id: newId("apiKey") },
  role: "admin",
  login: "AppDatabase",
  permissions: expandRole("admin"),
});

/** Work of a process that dies at a transaction; undefined when it died. */
const working = async <T>(work: () => Promise<T>, diesAt = 1_000_000): Promise<T | undefined> => {
  await admin`update public.worker set is_working = true, dies_at = ${diesAt}`;
  try {
    return await work();
  } catch (error) {
    if (!/killed|Failed query/.test(String(error))) throw error;
    return undefined;
  } finally {
    await admin`update public.worker set is_working = false`;
  }
};

type Message = { tenantId: Id<"tenant">; runId: Id<"onboarding">; documentId: Id<"document">; version: number };
type Options = { diesAt?: number; losesEvents?: boolean; statusCode?: number };

/** Handles the messages of the outbox until there are none: what the relay, the bus and the consumers do. */
const handleMessages = async ({ diesAt, losesEvents = false, statusCode = 200 }: Options = {}): Promise<void> => {
  for (let round = 0; round < 100; round++) {
    const messages =
      await admin`delete from app.outbox where id = (select id from app.outbox order by id limit 1) returning *`;
    if (messages.length === 0) return;
    const { topic, body } = messages[0]!;
    const message = body as Message;
    const ctx = systemCtx({ tenantId: message.tenantId, job: "test" });
    if (topic === "onboarding") await working(() => advanceRun(ctx, message.runId), diesAt);
    if (topic === "url-fetch") await recordFetch(ctx, await fetchToStorage(FetchMessage.parse(body)));
    if (topic === "document-processing") await processDocument(ctx, message, makerWithin({ bytesMax: 1e9 }), "fail");
    if (topic === "webhook-delivery") {
      const result = {
        ...body,
        // A delivery fails for good at its tenth attempt.
        ...(statusCode === 200 ? {} : { attempt: 10 }),
        statusCode,
        cause: statusCode < 300 ? null : "status",
        durationMs: 1,
        response: "",
        retryAfterSeconds: null,
        attemptedAt: new Date().toISOString(),
      };
      await recordAttempts(ctx, [result]);
    }
    if (topic === "events" && !losesEvents) {
      await fanOut(ctx, body);
      if (["document.ready", "document.failed", "webhook.verified"].includes(body.type)) await advanceTenant(ctx);
    }
  }
  throw new Error("the messages do not end");
};

const newRequest = (more: object = {}) => ({
  name: "Halden Optics",
  externalId: newId("request"),
  admin: { email: "ada@halden.example", name: "Ada" },
  ...more,
});
const complete = {
  webhook: { url: "http://127.0.0.1:9/hook" },
  documents: [{ name: "returns.txt", text: "Returns are accepted within thirty days." }] as object[],
  seedQuestion: "When are returns accepted?",
};
const start = async (more: object = {}) => {
  await admin`delete from app.outbox`;
  const { tenant, onboarding, apiKey } = await onboard(operator, newRequest(more));
  return { ctx: inTenant(operator, tenant.id), runId: onboarding.id, apiKey: apiKey! };
};
const stepOf = async (ctx: Ctx, runId: Id<"onboarding">, name: string) =>
  (await getRun(ctx, runId)).steps.find((step) => step.name === name)!;

/** The request and the background work, killed at one transaction, then repeated and swept. Returns how many transactions there were. */
const onboardKilled = async (diesAt: number): Promise<number> => {
  await admin`delete from app.outbox`;
  await admin`alter sequence public.transactions restart`;
  const request = newRequest(complete);
  const first = await working(() => onboard(operator, request), diesAt);
  const { tenant, onboarding, apiKey } = first ?? (await onboard(operator, request));
  await handleMessages({ diesAt });
  const [{ transactions }] =
    (await admin`select last_value::int as transactions from public.transactions`) as unknown as [
      { transactions: number },
    ];
  await sweepOnboarding({ waitingSeconds: 0 });
  await handleMessages();

  const ctx = inTenant(operator, tenant.id);
  const secret = apiKey?.secret ?? (await retryRun(ctx, onboarding.id)).apiKey!.secret;
  expect(await authenticate(secret), `${diesAt}`).toMatchObject({ tenantId: tenant.id, role: "tenant_admin" });
  const { status, steps } = await getRun(ctx, onboarding.id);
  expect({ diesAt, status, open: steps.filter((step) => step.status !== "completed") }).toEqual({
    diesAt,
    status: "completed",
    open: [],
  });
  const [counts] = await admin`
    select (select count(*)::int from app.tenants where external_id = ${request.externalId}) as tenants,
      (select count(*)::int from app.onboarding_runs where tenant_id = t.id) as runs,
      (select count(*)::int from app.api_keys where tenant_id = t.id and revoked_at is null) as keys,
      (select count(*)::int from app.invitations where tenant_id = t.id) as invitations,
      (select count(*)::int from app.webhooks where tenant_id = t.id) as webhooks,
      (select count(*)::int from app.events where tenant_id = t.id and type = 'webhook.test') as tests,
      (select count(*)::int from app.documents where tenant_id = t.id) as documents,
      (select max(version) from app.documents where tenant_id = t.id) as version,
      (select count(*)::int from app.events where tenant_id = t.id and type = 'onboarding.completed') as completed
    from app.tenants t where id = ${tenant.id}`;
  const once = { tenants: 1, runs: 1, keys: 1, invitations: 1, webhooks: 1, tests: 1, version: 1, completed: 1 };
  expect({ diesAt, ...counts }).toEqual({ diesAt, ...once, documents: 2 });
  return transactions;
};

test("a run whose worker is killed at any transaction completes, with one of everything", async () => {
  const transactions = await onboardKilled(1_000_000);
  expect(transactions).toBeGreaterThan(30);
  // All of them on real servers, a third on the embedded database, which is slower.
  const step = database.isEmbedded ? 3 : 1;
  for (let diesAt = 0; diesAt < transactions; diesAt += step) await onboardKilled(diesAt);
}, 300_000);

test("a tenant whose request dies before its run exists does not exist, and its externalId can be used again", async () => {
  await admin`delete from app.outbox`;
  await admin`alter sequence public.transactions restart`;
  const request = newRequest();
  expect(await working(() => onboard(operator, request), 0)).toBeUndefined();
  expect(await admin`select id from app.tenants where external_id = ${request.externalId}`).toEqual([]);
  expect(await onboard(operator, request)).toMatchObject({ isNew: true, apiKey: { secret: expect.any(String) } });
  expect(await onboard(operator, request)).toMatchObject({ isNew: false, onboarding: { status: "running" } });
});

test("H4: a tenant whose request dies right after it was created has a run that completes", async () => {
  await admin`delete from app.outbox`;
  await admin`alter sequence public.transactions restart`;
  const request = newRequest(complete);
  expect(await working(() => onboard(operator, request), 1)).toBeUndefined();
  const { isNew, onboarding, tenant } = await onboard(operator, request);
  expect(isNew).toBe(false);
  // A sweep finds the run, whose message was never sent.
  await sweepOnboarding({ waitingSeconds: 0 });
  await handleMessages();
  const run = await getRun(inTenant(operator, tenant.id), onboarding.id);
  expect(run.steps.filter(({ status }) => status !== "completed")).toEqual([]);
  expect(run.status).toBe("completed");
});

test("a request that the API no longer waits for shows no secret, and retry gives a new one", async () => {
  /** Onboards in a request that counts as abandoned once its flag has been read `looksMax` times. `looks`: how often it was read. */
  const abandonedAfter = async (looksMax: number) => {
    const request = newRequest();
    let looks = 0;
    const inRequest = (event: WideEvent) => {
      Object.defineProperty(event, "isAbandoned", { get: () => ++looks > looksMax });
      return onboard(operator, request);
    };
    const created = await observed("request", {}, inRequest, () => ({})).catch((error) => {
      if (!(error instanceof Abandoned)) throw error;
    });
    return { request, created, looks };
  };
  const { looks, created } = await abandonedAfter(Number.POSITIVE_INFINITY);
  expect(await authenticate(created!.apiKey!.secret)).toMatchObject({ tenantId: created!.tenant.id });
  // The last two reads: before the transaction that shows the secret begins, and in it.
  for (const before of [1, 2]) {
    const { request, created } = await abandonedAfter(looks - before);
    expect(created?.apiKey).toBeUndefined();
    const { tenant, onboarding, isNew } = await onboard(operator, request);
    expect(isNew).toBe(false);
    const retried = await retryRun(inTenant(operator, tenant.id), onboarding.id);
    expect(await authenticate(retried.apiKey!.secret)).toMatchObject({ tenantId: tenant.id });
  }
});

test("a first key whose secret was not shown is replaced once, for a caller who may create tenants only", async () => {
  const { ctx, runId, apiKey } = await start();
  expect(await stepOf(ctx, runId, "access.api_key")).toMatchObject({ result: { isSecretShown: true } });
  await expect(retryRun(ctx, runId)).rejects.toMatchObject({ code: "onboarding-conflict" });
  // The request died before its response was ready.
  await admin`update app.onboarding_steps set result = result || '{"isSecretShown": false}'
    where tenant_id = ${ctx.tenantId} and name = 'access.api_key'`;
  const customer = { tenantId: ctx.tenantId, actor: ctx.actor, login: ctx.login } as const;
  const tenantAdmin = tenantCtx({ ...customer, role: "tenant_admin", permissions: expandRole("tenant_admin") });
  await expect(retryRun(tenantAdmin, runId)).rejects.toMatchObject({ code: "onboarding-conflict" });
  const renewed = (await retryRun(ctx, runId)).apiKey!;
  expect(await authenticate(renewed.secret)).toMatchObject({ tenantId: ctx.tenantId, apiKeyId: renewed.id });
  await expect(authenticate(apiKey.secret)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await stepOf(ctx, runId, "access.api_key")).toMatchObject({
    status: "completed",
    result: { apiKeyId: renewed.id, isSecretShown: true },
  });
  await expect(retryRun(ctx, runId)).rejects.toMatchObject({ code: "onboarding-conflict" });
});

test("a run that waits for its customer and lost the event of the document is completed by the sweep", async () => {
  const { ctx, runId } = await start();
  await handleMessages();
  expect(await getRun(ctx, runId)).toMatchObject({ status: "waiting" });
  await create(ctx, { name: "returns.txt", text: "Returns are accepted within thirty days." });
  await handleMessages({ losesEvents: true });
  expect(await getRun(ctx, runId)).toMatchObject({ status: "waiting" });
  await sweepOnboarding({ waitingSeconds: 0 });
  await handleMessages();
  expect(await getRun(ctx, runId)).toMatchObject({ status: "completed" });
});

test("a sweep begins with the runs that it has not looked at for the longest time, and leaves those it has", async () => {
  const [first, second] = [await start(), await start()];
  const looked = async () => {
    await admin`delete from app.outbox`;
    await sweepOnboarding({ waitingSeconds: 300 });
    return (await admin`select body ->> 'runId' as run from app.outbox order by id`).map(({ run }) => run);
  };
  const age = ({ ctx }: { ctx: Ctx }, minutes: number) => admin`
    update app.onboarding_runs set checked_at = now() - make_interval(mins => ${minutes}) where tenant_id = ${ctx.tenantId}`;
  await age(first, 6);
  await age(second, 7);
  expect(await looked()).toEqual([second.runId, first.runId]);
  expect(await looked()).toEqual([]);
  await admin`update app.onboarding_runs set status = 'waiting' where tenant_id = ${first.ctx.tenantId}`;
  await age(first, 6);
  expect(await looked()).toEqual([first.runId]);
});

test("a step has lost its worker when its present attempt is too old, however old the first one is", async () => {
  const { ctx, runId } = await start();
  const claimed = async (minutes: number) => {
    await admin`update app.onboarding_steps set status = 'running', started_at = now() - interval '1 day',
      claimed_at = now() - make_interval(mins => ${minutes}) where tenant_id = ${ctx.tenantId} and name = 'isolation.probe'`;
    await admin`update app.onboarding_runs set checked_at = now() - interval '1 hour' where tenant_id = ${ctx.tenantId}`;
    await sweepOnboarding({ waitingSeconds: 300 });
    return (await stepOf(ctx, runId, "isolation.probe")).status;
  };
  expect(await claimed(1)).toBe("running");
  expect(await claimed(3)).toBe("pending");
});

test("a ping that failed is sent again by retry, and a manual test makes it send none", async () => {
  const { ctx, runId } = await start({ webhook: complete.webhook });
  await handleMessages({ statusCode: 500 });
  // No event says that a delivery has failed.
  await sweepOnboarding({ waitingSeconds: 0 });
  await handleMessages();
  const { status, result } = await stepOf(ctx, runId, "webhook.ping");
  expect([status, result]).toEqual(["failed", { webhookId: expect.any(String), testEventId: expect.any(String) }]);
  await retryRun(ctx, runId);
  const tests = async () =>
    (await admin`select id from app.events where tenant_id = ${ctx.tenantId} and type = 'webhook.test'`).length;
  const worker = systemCtx({ tenantId: ctx.tenantId, job: "test" });
  await advanceRun(worker, runId);
  expect(await tests()).toBe(2);
  await testWebhook(ctx, result!["webhookId"] as Id<"webhook">);
  for (let sweeps = 0; sweeps < 3; sweeps++) await advanceRun(worker, runId);
  expect(await tests()).toBe(3);
  await handleMessages();
  expect(await stepOf(ctx, runId, "webhook.ping")).toMatchObject({ status: "completed" });
});

test("the request is forgotten when its run is completed, and when a failed run can no longer be retried", async () => {
  const requestOf = async (ctx: Ctx) =>
    (await admin`select request from app.onboarding_runs where tenant_id = ${ctx.tenantId}`)[0]!["request"];
  const done = await start(complete);
  await handleMessages();
  expect(await getRun(done.ctx, done.runId)).toMatchObject({ status: "completed" });
  expect(await requestOf(done.ctx)).toBeNull();
  expect(await stepOf(done.ctx, done.runId, "search.first_answer")).toMatchObject({
    result: { question: complete.seedQuestion },
  });

  const failed = await start({ webhook: complete.webhook });
  await handleMessages({ statusCode: 500 });
  await sweepOnboarding({ waitingSeconds: 0 });
  await handleMessages();
  const failedBefore = (days: number) => admin`
    update app.onboarding_runs set finished_at = now() - make_interval(days => ${days}) where tenant_id = ${failed.ctx.tenantId}`;
  await failedBefore(29);
  await forgetRequests();
  expect(await requestOf(failed.ctx)).toMatchObject({ admin: { email: expect.any(String) } });
  await failedBefore(31);
  await forgetRequests();
  expect(await requestOf(failed.ctx)).toBeNull();
  await expect(retryRun(failed.ctx, failed.runId)).rejects.toMatchObject({
    code: "onboarding-conflict",
    message: expect.stringContaining("more than 30 days after it failed"),
  });
});

test("each tenant names the same person itself, and reads nothing of another tenant's invitation", async () => {
  const email = `${newId("request")}@example.com`;
  const names = await Promise.all(
    ["Ada Lovelace", "A. King", undefined].map(async (name) => {
      const { ctx } = await start({ admin: { email, ...(name ? { name } : {}) } });
      return withTx(ctx, (ctx) => ctx.db.execute(sql`select name from app.invitations`));
    }),
  );
  expect(names.map((rows) => rows.map(({ name }) => name))).toEqual([["Ada Lovelace"], ["A. King"], [null]]);
});
