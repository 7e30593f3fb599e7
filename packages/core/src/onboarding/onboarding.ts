import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import {
  create as createDocument,
  type Document,
  get as getDocument,
  getText,
  NewText,
  NewUrl,
} from "../documents/index.ts";
import {
  type ApiKey,
  activateTenant,
  inviteMember,
  isolateTenant,
  issueApiKey,
  plans,
  reserveTenant,
  type Tenant,
} from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue, recordAudit, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import { type Id, idSchema, newId, parseId, toId } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy, resource } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { SearchQuery, search } from "../search/index.ts";
import { createWebhook, testWebhook, type Webhook } from "../webhooks/index.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { probeIsolation } from "./probe.ts";

/** SLO of an onboarding, waiting on the customer left out (O-1). */
const targetMs = 300_000;
/** A step that says it runs for longer than this has lost its worker. */
const stepSeconds = 120;
const documentsMax = 50;

export const NewTenant = z.strictObject({
  name: z.string().trim().min(1).max(200),
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .optional(),
  externalId: z.string().min(1).max(256).optional(),
  plan: z.enum(plans).optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}-[a-z]+-\d$/)
    .optional(),
  admin: z.strictObject({ email: z.email().max(254), name: z.string().trim().min(1).max(200).optional() }),
  webhook: z
    .strictObject({ url: z.string().max(2048), eventTypes: z.array(z.string()).min(1).max(100).optional() })
    .optional(),
  documents: z
    .array(z.union([NewText, NewUrl]))
    .min(1)
    .max(documentsMax)
    .optional(),
  seedQuestion: SearchQuery.shape.query.optional(),
});
export type NewTenant = z.output<typeof NewTenant>;

const StepName = z.enum([
  "tenant.reserve",
  "tenant.isolate",
  "identity.admin",
  "access.api_key",
  "quota.apply",
  "isolation.probe",
  "tenant.activate",
  "webhook.register",
  "webhook.ping",
  "documents.seed",
  "documents.ready",
  "search.first_answer",
]);
type StepName = z.output<typeof StepName>;

export const Step = z.object({
  name: StepName,
  kind: z.enum(["automatic", "customer", "check"]),
  status: z.enum(["pending", "running", "waiting", "completed", "failed", "skipped"]),
  attempts: z.int(),
  startedAt: z.date().nullable().meta({ format: "date-time" }),
  finishedAt: z.date().nullable().meta({ format: "date-time" }),
  durationMs: z.int().nullable(),
  error: z.object({ message: z.string() }).nullable(),
  result: jsonObject.nullable(),
});
export type Step = z.output<typeof Step>;

export const Run = z.object({
  id: idSchema("onboarding"),
  tenantId: idSchema("tenant"),
  status: z.enum(["running", "waiting", "completed", "failed", "cancelled"]),
  steps: z.array(Step),
  /** Time the platform took; waiting on the customer is not in it. */
  durationMs: z.int(),
  targetMs: z.int(),
  withinTarget: z.boolean(),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type Run = z.output<typeof Run>;

export const OnboardingCompleted = defineEvent({
  type: "onboarding.completed",
  version: 1,
  summary: "The tenant got its first right answer from its own documents.",
  subjectType: "onboarding",
  schema: z.object({ durationMs: z.int(), withinTarget: z.boolean() }),
  sample: { durationMs: 4210, withinTarget: true },
});
export const OnboardingFailed = defineEvent({
  type: "onboarding.failed",
  version: 1,
  summary: "A step failed; `retry` goes on from there.",
  subjectType: "onboarding",
  schema: z.object({ step: z.string(), message: z.string() }),
  sample: { step: "webhook.ping", message: "The endpoint did not answer with 2xx." },
});

/** What a step waits for. Steps that are not named here follow the one before only where they must. */
const waitsFor: Record<StepName, readonly StepName[]> = {
  "tenant.reserve": [],
  "tenant.isolate": ["tenant.reserve"],
  "identity.admin": ["tenant.reserve"],
  "access.api_key": ["tenant.reserve"],
  "quota.apply": ["tenant.reserve"],
  "isolation.probe": ["tenant.isolate"],
  "tenant.activate": ["isolation.probe", "identity.admin", "access.api_key", "quota.apply"],
  "webhook.register": ["tenant.reserve"],
  "webhook.ping": ["webhook.register", "tenant.activate"],
  "documents.seed": ["tenant.activate"],
  "documents.ready": ["documents.seed"],
  "search.first_answer": ["documents.ready"],
};

/** What the steps still need of the call; the API key's secret is not in it. */
type Request = Pick<NewTenant, "webhook" | "documents" | "seedQuestion">;

/**
 * Creates a tenant: reserves it, isolates its storage, records its administrator, creates its first key, its webhook and its
 * limits, all before this returns, so that the key works at once. The rest of the run continues in the background.
 *
 * @throws Problem `tenant-exists`, `url-not-allowed`, `invalid-request`
 */
export async function onboard(
  ctx: Ctx,
  input: NewTenant,
): Promise<{
  tenant: Tenant;
  apiKey?: { id: ApiKey["id"]; secret: string };
  webhook?: { id: Webhook["id"]; secret: string };
  onboarding: Run;
  isNew: boolean;
}> {
  if (input.webhook) assertAllowedUrl(input.webhook.url, egressPolicy());
  const region = servedRegion(input.region);
  const startedAt = now();
  const reserved = await reserveTenant(ctx, { ...input, region }, input);
  const inside = reserved.ctx;
  if (!reserved.isNew) return { tenant: reserved.tenant, onboarding: await currentRun(inside), isNew: false };
  const runId = await createRun(inside, input, startedAt);

  await perform(inside, runId, "tenant.isolate", async () => {
    await isolateTenant(inside);
    return {};
  });
  await perform(inside, runId, "identity.admin", async () => ({
    userId: await inviteMember(inside, { ...input.admin, role: "tenant_admin" }),
  }));
  let apiKey: { id: ApiKey["id"]; secret: string } | undefined;
  await perform(inside, runId, "access.api_key", async () => {
    const created = await issueApiKey(inside, { name: "first key", role: "tenant_admin" });
    apiKey = { id: created.apiKey.id, secret: created.secret };
    return { apiKeyId: created.apiKey.id };
  });
  let webhook: { id: Webhook["id"]; secret: string } | undefined;
  await perform(inside, runId, "webhook.register", async () => {
    // The step exists only when the call has a webhook.
    const created = await createWebhook(inside, input.webhook!);
    webhook = { id: created.webhook.id, secret: created.secret };
    return { webhookId: created.webhook.id };
  });
  await perform(inside, runId, "quota.apply", async () => ({ plan: reserved.tenant.plan }));
  await withTx(inside, async (ctx) => queueRun(ctx, runId));
  const onboarding = await getRun(inside, runId);
  return {
    tenant: reserved.tenant,
    ...(apiKey ? { apiKey } : {}),
    ...(webhook ? { webhook } : {}),
    onboarding,
    isNew: true,
  };
}

/** A tenant's data lies where this deployment keeps its documents. @throws Problem `invalid-request` for another region */
const servedRegion = (region: string | undefined): string => {
  const served = resource("Documents").region;
  if (region === undefined || region === served) return served;
  throw new Problem("invalid-request", undefined, {
    errors: [{ path: "/region", message: `must be ${served}, the region of this deployment` }],
  });
};

/** @throws Problem `not-found` */
export const getRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<Run> =>
  withTx(ctx, async (ctx) => {
    const [run] = await ctx.db.select().from(runTable).where(ownedRun(ctx, runId));
    if (!run) throw new Problem("not-found");
    const steps = await ctx.db.select().from(stepTable).where(ownedSteps(ctx, runId)).orderBy(asc(stepTable.position));
    return shape(ctx, run, steps);
  });

/** The tenant's newest run. @throws Problem `not-found` */
export const currentRun = (ctx: Ctx): Promise<Run> =>
  withTx(ctx, async (ctx) => {
    const [run] = await ctx.db
      .select({ id: runTable.id })
      .from(runTable)
      .where(eq(runTable.tenantId, ctx.tenantId))
      .orderBy(desc(runTable.id))
      .limit(1);
    if (!run) throw new Problem("not-found");
    return getRun(ctx, run.id);
  });

/** Goes on from the failed steps. @throws Problem `not-found`, `onboarding-conflict` */
export const retryRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<Run> =>
  withTx(ctx, async (ctx) => {
    const failed = and(ownedRun(ctx, runId), eq(runTable.status, "failed"));
    const rows = await ctx.db
      .update(runTable)
      .set({ status: "running", finishedAt: null })
      .where(failed)
      .returning({ id: runTable.id });
    if (rows.length === 0) {
      const { status } = await getRun(ctx, runId);
      throw new Problem("onboarding-conflict", `A run that is ${status} cannot be retried.`, {
        state: status,
        allowed: ["failed"],
      });
    }
    await ctx.db
      .update(stepTable)
      .set({ status: "pending", error: null, finishedAt: null })
      .where(and(ownedSteps(ctx, runId), eq(stepTable.status, "failed")));
    recordAudit(ctx, { action: "onboarding.retry", subject: runId });
    queueRun(ctx, runId);
    return getRun(ctx, runId);
  });

export const RunMessage = z.object({
  tenantId: idSchema("tenant"),
  runId: idSchema("onboarding"),
  traceparent: z.string(),
});

const queueRun = (ctx: Ctx, runId: Id<"onboarding">): void =>
  enqueue(ctx, {
    topic: "onboarding",
    body: { tenantId: ctx.tenantId, runId, traceparent: ctx.traceparent } satisfies z.output<typeof RunMessage>,
  });

/** Runs every step that can run now, until none is left or all wait. Safe to repeat, and beside itself. */
export async function advanceRun(ctx: Ctx, runId: Id<"onboarding">): Promise<void> {
  // Each round finishes at least one of the steps, of which there are twelve.
  for (let round = 0; round < StepName.options.length; round++) {
    const run = await getRun(ctx, runId);
    if (run.status === "completed" || run.status === "cancelled") return;
    const status = new Map(run.steps.map((step) => [step.name, step.status]));
    const isDone = (name: StepName) =>
      !status.has(name) || status.get(name) === "completed" || status.get(name) === "skipped";
    const runnable = run.steps.filter(
      (step) => (step.status === "pending" || step.status === "waiting") && waitsFor[step.name].every(isDone),
    );
    let moved = false;
    for (const step of runnable)
      moved = (await perform(ctx, runId, step.name, () => work(ctx, runId, step.name))) || moved;
    if (!moved) break;
  }
  await settle(ctx, runId);
}

/** Events that can move a run: a document settled, an endpoint verified. */
export async function advanceTenant(ctx: Ctx): Promise<void> {
  const open = await withTx(ctx, (ctx) =>
    ctx.db
      .select({ id: runTable.id })
      .from(runTable)
      .where(and(eq(runTable.tenantId, ctx.tenantId), inArray(runTable.status, ["running", "waiting"]))),
  );
  if (open.length === 0) return;
  await withTx(ctx, async (ctx) => {
    for (const run of open) queueRun(ctx, run.id);
  });
}

/** Takes up runs whose message or worker was lost. Returns how many. */
export async function sweepOnboarding(options: { waitingSeconds: number }): Promise<number> {
  const open = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.onboarding_runs where status = 'running'
        and created_at <= app.now() - make_interval(secs => ${options.waitingSeconds}) order by id limit 100`),
  );
  for (const { tenant_id: tenantId, id } of withIds(open, { tenant_id: "tenant", id: "onboarding" })) {
    const ctx = systemCtx({ tenantId, job: "sweep" });
    await withTx(ctx, async (ctx) => {
      const lost = and(
        ownedSteps(ctx, id),
        eq(stepTable.status, "running"),
        sql`${stepTable.startedAt} <= app.now() - make_interval(secs => ${Math.min(stepSeconds, options.waitingSeconds)})`,
      );
      await ctx.db.update(stepTable).set({ status: "pending" }).where(lost);
      queueRun(ctx, id);
    });
  }
  return open.length;
}

/** A step that cannot finish yet: something else must happen first. */
const waiting = Symbol("waiting");
type Outcome = Record<string, z.core.util.JSONType> | typeof waiting;
/** A refusal that the operator can read. */
class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** Claims the step, does it and records what came of it. True when the step moved. */
const perform = async (
  ctx: Ctx,
  runId: Id<"onboarding">,
  name: StepName,
  action: () => Promise<Outcome>,
): Promise<boolean> => {
  const mine = and(ownedSteps(ctx, runId), eq(stepTable.name, name));
  const before = await withTx(ctx, async (ctx) => {
    const [step] = await ctx.db.select().from(stepTable).where(mine).for("update");
    if (!step || (step.status !== "pending" && step.status !== "waiting")) return undefined;
    await ctx.db
      .update(stepTable)
      .set({
        status: "running",
        attempts: step.status === "pending" ? step.attempts + 1 : step.attempts,
        startedAt: step.startedAt ?? now(),
      })
      .where(mine);
    return step;
  });
  if (!before) return false;
  const running = and(mine, eq(stepTable.status, "running"));
  try {
    const outcome = await action();
    const done =
      outcome === waiting ? { status: "waiting" } : { status: "completed", finishedAt: now(), result: outcome };
    await withTx(ctx, (ctx) => ctx.db.update(stepTable).set(done).where(running));
    return outcome !== waiting;
  } catch (error) {
    const isForeseen = error instanceof StepFailed || error instanceof Problem;
    if (!isForeseen) logger.error("onboarding step failed", { step: name, ...describeError(error) });
    const message = isForeseen ? error.message : "Something went wrong on our side; retry the run.";
    await withTx(ctx, (ctx) =>
      ctx.db.update(stepTable).set({ status: "failed", finishedAt: now(), error: { message } }).where(running),
    );
    return false;
  }
};

const work = (ctx: Ctx, runId: Id<"onboarding">, name: StepName): Promise<Outcome> => {
  switch (name) {
    case "isolation.probe":
      return probe(ctx);
    case "tenant.activate":
      return activateTenant(ctx).then(() => ({}));
    case "webhook.register":
      return registerWebhook(ctx, runId);
    case "webhook.ping":
      return pingWebhook(ctx, runId);
    case "documents.seed":
      return seedDocuments(ctx, runId);
    case "documents.ready":
      return awaitDocuments(ctx, runId);
    case "search.first_answer":
      return firstAnswer(ctx, runId);
    case "tenant.isolate":
      return isolateTenant(ctx).then(() => ({}));
    default:
      throw new StepFailed(`${name} is done inside the request; create the tenant again.`);
  }
};

const probe = async (ctx: Ctx): Promise<Outcome> => {
  const { checks, leaks } = await probeIsolation(ctx);
  if (leaks.length > 0) throw new StepFailed(`Not isolated: ${leaks.join(", ")}.`);
  return { checks };
};

const registerWebhook = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Outcome> => {
  const { webhook: wanted } = await requestOf(ctx, runId);
  if (!wanted) return {};
  const [existing] = await withTx(ctx, (ctx) =>
    ctx.db.execute<{ id: string }>(
      sql`select id from app.webhooks where tenant_id = ${ctx.tenantId} and url = ${new URL(wanted.url).href} order by id limit 1`,
    ),
  );
  if (existing) return { webhookId: toId("webhook", existing.id) };
  const { webhook } = await createWebhook(ctx, wanted);
  return { webhookId: webhook.id };
};

/** Sends the test once, then waits for `webhook.verified`; the delivery's own retries go on meanwhile. */
const pingWebhook = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Outcome> => {
  const webhookId = parseId("webhook", String((await resultOf(ctx, runId, "webhook.register"))?.["webhookId"]));
  if (!webhookId) throw new StepFailed("The endpoint is not registered.");
  const [test] = await withTx(ctx, (ctx) =>
    ctx.db.execute<{ status: string; attempts: number }>(sql`
      select status, attempts from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and webhook_id = ${webhookId}
        and event_type = 'webhook.test' order by id desc limit 1`),
  );
  if (test?.status === "delivered") return { webhookId, attempts: test.attempts };
  if (test?.status === "failed")
    throw new StepFailed("The endpoint did not answer the test with 2xx; see its deliveries.");
  const { attempts } = (await getRun(ctx, runId)).steps.find((step) => step.name === "webhook.ping")!;
  const sent = await withTx(ctx, (ctx) =>
    ctx.db.execute(
      sql`select 1 from app.events where tenant_id = ${ctx.tenantId} and type = 'webhook.test' and subject_id = ${webhookId} limit 1`,
    ),
  );
  if (sent.length === 0 || attempts > 1) await testWebhook(ctx, webhookId);
  return waiting;
};

const seedId = (runId: string, n: number): string => `${runId}:${n}`;

const seedDocuments = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Outcome> => {
  const { documents } = await requestOf(ctx, runId);
  if (!documents) {
    const any = await withTx(ctx, (ctx) =>
      ctx.db.execute(
        sql`select 1 from app.documents where tenant_id = ${ctx.tenantId} and status <> 'deleting' limit 1`,
      ),
    );
    return any.length > 0 ? {} : waiting;
  }
  const ids: string[] = [];
  for (const [n, document] of documents.entries()) {
    // An earlier try of this step may have made it: the externalId finds it again.
    ids.push((await createDocument(ctx, { ...document, externalId: seedId(runId, n) })).document.id);
  }
  return { documentIds: ids };
};

const awaitDocuments = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Outcome> => {
  const seeded = (await resultOf(ctx, runId, "documents.seed"))?.["documentIds"] as Id<"document">[] | undefined;
  if (!seeded) {
    const [ready] = await withTx(ctx, (ctx) =>
      ctx.db.execute<{ id: string }>(
        sql`select id from app.documents where tenant_id = ${ctx.tenantId} and status = 'ready' order by id limit 1`,
      ),
    );
    return ready ? { documentIds: [toId("document", ready.id)] } : waiting;
  }
  const all: Document[] = [];
  for (const id of seeded) all.push(await getDocument(ctx, id));
  const failed = all.find((document) => document.status === "failed");
  if (failed) throw new StepFailed(`${failed.name} could not be processed: ${failed.failure?.message}`);
  return all.every((document) => document.status === "ready") ? { documentIds: seeded } : waiting;
};

const quoteChars = 300;

/** Asks the seed question, or one made from the first document, and keeps the cited answer. */
const firstAnswer = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Outcome> => {
  const { seedQuestion } = await requestOf(ctx, runId);
  const ready = await resultOf(ctx, runId, "documents.ready");
  const [first] = (ready?.["documentIds"] ?? []) as Id<"document">[];
  const question = seedQuestion ?? questionFrom(await getText(ctx, first!));
  const { data } = await search(ctx, SearchQuery.parse({ query: question, mode: "hybrid", limit: 3 }));
  const [hit] = data;
  if (!hit) throw new StepFailed("The search found nothing for the first question.");
  return {
    question,
    documentId: hit.document.id,
    documentName: hit.document.name,
    chunkId: hit.chunk.id,
    page: hit.chunk.page,
    quote: hit.chunk.text.slice(0, quoteChars),
    score: hit.score,
  };
};

/** The first sentence of some length, without what the query syntax would make of it. */
const questionFrom = (text: string): string =>
  (text.match(/[^.!?\n]{20,200}/)?.[0] ?? text.slice(0, 200)).replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();

/** Gives the run the state its steps add up to, and says so once. */
const settle = (ctx: Ctx, runId: Id<"onboarding">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.select({ id: runTable.id }).from(runTable).where(ownedRun(ctx, runId)).for("update");
    const run = await getRun(ctx, runId);
    const failed = run.steps.find((step) => step.status === "failed");
    const open = run.steps.filter((step) => step.status !== "completed" && step.status !== "skipped");
    const waitsOnCustomer = open.some((step) => step.kind === "customer" && step.status === "waiting");
    const status = failed ? "failed" : open.length === 0 ? "completed" : waitsOnCustomer ? "waiting" : "running";
    if (status === run.status) return;
    const finishedAt = status === "completed" || status === "failed" ? now() : null;
    await ctx.db.update(runTable).set({ status, finishedAt }).where(ownedRun(ctx, runId));
    const { durationMs, withinTarget } = await getRun(ctx, runId);
    if (status === "completed") publish(ctx, OnboardingCompleted, runId, { durationMs, withinTarget });
    if (failed && status === "failed")
      publish(ctx, OnboardingFailed, runId, { step: failed.name, message: failed.error?.message ?? "" });
  });

const createRun = (ctx: Ctx, input: NewTenant, startedAt: Date): Promise<Id<"onboarding">> =>
  withTx(ctx, async (ctx) => {
    const runId = newId("onboarding");
    const { webhook, documents, seedQuestion } = input;
    const request: Request = { webhook, documents, seedQuestion };
    await ctx.db.insert(runTable).values({ tenantId: ctx.tenantId, id: runId, status: "running", request });
    const steps = StepName.options
      .filter((name) => input.webhook || !name.startsWith("webhook."))
      .map((name, position) => ({
        tenantId: ctx.tenantId,
        runId,
        position,
        name,
        kind: kindOf(name, input),
        ...(name === "tenant.reserve" ? { status: "completed", attempts: 1, startedAt, finishedAt: now() } : {}),
      }));
    for (const step of steps) await ctx.db.insert(stepTable).values(step);
    return runId;
  });

const kindOf = (name: StepName, input: NewTenant): Step["kind"] => {
  if (name === "documents.seed" && !input.documents) return "customer";
  return ["isolation.probe", "webhook.ping", "documents.ready", "search.first_answer"].includes(name)
    ? "check"
    : "automatic";
};

const requestOf = (ctx: Ctx, runId: Id<"onboarding">): Promise<Request> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select({ request: runTable.request }).from(runTable).where(ownedRun(ctx, runId));
    // Written by createRun and by nobody else.
    return row!.request as Request;
  });

const resultOf = async (ctx: Ctx, runId: Id<"onboarding">, name: StepName) =>
  (await getRun(ctx, runId)).steps.find((step) => step.name === name)?.result;

const ownedRun = (ctx: Ctx, runId: Id<"onboarding">) =>
  and(eq(runTable.tenantId, ctx.tenantId), eq(runTable.id, runId))!;
const ownedSteps = (ctx: Ctx, runId: Id<"onboarding">) =>
  and(eq(stepTable.tenantId, ctx.tenantId), eq(stepTable.runId, runId))!;

const shape = (ctx: Ctx, run: typeof runTable.$inferSelect, rows: (typeof stepTable.$inferSelect)[]): Run => {
  const steps = rows.map((row) =>
    Step.parse({
      ...row,
      durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
    }),
  );
  const startedAt = steps[0]?.startedAt ?? run.createdAt;
  const end = (run.finishedAt ?? now()).getTime();
  const customer = steps.find((step) => step.kind === "customer" && step.startedAt);
  const customerMs = customer?.startedAt ? (customer.finishedAt?.getTime() ?? end) - customer.startedAt.getTime() : 0;
  const durationMs = Math.max(0, end - startedAt.getTime() - customerMs);
  return Run.parse({
    id: run.id,
    tenantId: ctx.tenantId,
    status: run.status,
    steps,
    durationMs,
    targetMs,
    withinTarget: durationMs <= targetMs,
    createdAt: run.createdAt,
  });
};
