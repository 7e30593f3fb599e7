import {
  cancel,
  create,
  createVersion,
  get,
  isolateTenant,
  list,
  remove,
  restore,
  retry,
  sweepDocuments,
  type Upload,
} from "@resolve/core/documents";
import { reserveTenant } from "@resolve/core/identity";
import * as jobs from "@resolve/core/jobs";
import { type Ctx, systemCtx, tenantCtx } from "@resolve/core/platform/context";
import { type Id, newId } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import type { Engine } from "./engine.ts";

/** What the tenants of this scenario send, and how it ends when nothing goes wrong. */
const sentence = (n: number) => `Sentence ${n} says that the lens number ${n * 7} is serviced in week ${n % 52}.`;
const prose = (sentences: number) => Array.from({ length: sentences }, (_, n) => sentence(n)).join(" ");
const contents = {
  short: { bytes: Buffer.from("A short note about lenses."), outcome: "ready" },
  long: { bytes: Buffer.from(prose(900)), outcome: "ready" },
  page: {
    bytes: Buffer.from(`<!doctype html><h1>Care</h1><p>${prose(40)}</p><h2>More</h2><p>${prose(20)}</p>`),
    outcome: "ready",
  },
  table: {
    bytes: Buffer.from(`article,price\n${Array.from({ length: 60 }, (_, n) => `L-${n},${n}`).join("\n")}\n`),
    outcome: "ready",
  },
  broken: { bytes: Buffer.from("%PDF-1.7 and nothing more"), outcome: "corrupt" },
  picture: { bytes: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), outcome: "no-text" },
} as const;
type Content = keyof typeof contents;
const contentNames = Object.keys(contents) as Content[];

type Modelled = { id: Id<"document">; versions: Content[] };
/** Rows of a served version, in one comparable line each. */
type Snapshot = string[];
/** Models that the tenants of this scenario change between; new ones begin with the first. */
const models = ["double", "static-v1"] as const;
type Model = (typeof models)[number];
/** What each content becomes with each model. */
export type Clean = Map<string, Snapshot>;
const cleanKey = (content: Content, model: Model) => `${content} ${model}`;

const uploaded = async (upload: Upload | undefined, content: Content): Promise<void> => {
  if (!upload) return;
  const { status } = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: contents[content].bytes });
  if (status !== 200) throw new Error(`the upload answered ${status}`);
};
const newTenant = async (): Promise<Ctx> => {
  const actor = { type: "system", job: "faults" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Faults" }, {});
  await isolateTenant(ctx);
  return ctx;
};
const asWorker = (ctx: Ctx): Ctx => systemCtx({ tenantId: ctx.tenantId, job: "faults" });

/** A refusal is an answer: a document that is ready cannot be cancelled. */
const orRefused = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
};

const snapshotOf = async (engine: Engine, id: Id<"document">, model: Model): Promise<Snapshot> => {
  const rows = await engine.admin`
    select c.version, c.ordinal, c.page, c.headings, c.char_start, c.char_end, c.tokens, encode(c.content_hash, 'hex') as hash,
      md5(c.tsv::text || c.terms::text) as terms, md5(e.embedding::text) as embedding
    from app.chunks c full join (select * from app.embeddings where model = ${model}) e
      on e.tenant_id = c.tenant_id and e.document_id = c.document_id and e.version = c.version and e.ordinal = c.ordinal
    where coalesce(c.document_id, e.document_id) = ${id} order by 1, 2`;
  return rows.map(({ version: _, ...row }) => JSON.stringify(row));
};
const versionsOf = async (engine: Engine, id: Id<"document">): Promise<number[]> =>
  (
    await engine.admin`select version from app.chunks where document_id = ${id}
      union select version from app.embeddings where document_id = ${id}`
  ).map((row) => row["version"] as number);

/** What each content becomes when nothing goes wrong. */
export async function cleanRun(engine: Engine): Promise<Clean> {
  engine.reseed(0);
  const ctx = await newTenant();
  const documents = new Map<Content, Id<"document">>();
  for (const content of contentNames) {
    const { document, upload } = await create(ctx, newUpload(content));
    await uploaded(upload, content);
    documents.set(content, document.id);
  }
  const snapshots: Clean = new Map();
  for (const model of models) {
    await jobs.create(ctx, { type: "reembed", model });
    await quiet(engine, ctx);
    for (const [content, id] of documents) snapshots.set(cleanKey(content, model), await snapshotOf(engine, id, model));
  }
  return snapshots;
}

const newUpload = (content: Content) => ({
  name: content === "table" ? "table.csv" : content,
  contentType: "application/octet-stream",
  sizeBytes: contents[content].bytes.length,
});

/** One seed: some documents, some actions of their owner, and everything that can go wrong meanwhile; then quiet, then the check. */
export async function runSeed(engine: Engine, seed: number, clean: Clean): Promise<string[]> {
  engine.reseed(seed);
  const { random } = engine;
  const ctx = await newTenant();
  const documents: Modelled[] = [];
  const add = async () => {
    const content = random.pick(contentNames);
    const isText = (content === "short" || content === "long") && random.chance(0.5);
    const text = contents[content].bytes.toString("utf8");
    const made = await create(ctx, isText ? { name: content, text } : newUpload(content));
    await uploaded(made.upload, content);
    documents.push({ id: made.document.id, versions: [content] });
  };
  // More than have a turn at the same time.
  for (let n = random.between(4, 7); n > 0; n--) await add();

  for (let step = random.between(13, 26); step > 0; step--) {
    const wanted = random.weighted(actions);
    const action = wanted === "deliver" && engine.pending.length === 0 ? "relay" : wanted;
    breakSomething(engine, action);
    await act(engine, ctx, documents, action);
    await engine.heal();
  }
  await quiet(engine, ctx);
  // What its owner stopped, or a dying worker used up, is asked for again.
  for (const { id } of documents) {
    const { status, failure } = await get(asWorker(ctx), id);
    if (status === "failed" && ["cancelled", "internal", "embedder-unavailable"].includes(failure!.code))
      await retry(asWorker(ctx), id);
  }
  for (const { id, status } of (await jobs.list(asWorker(ctx), { limit: 100 })).data)
    if (status === "paused" || status === "failed") await orRefused(jobs.resume(asWorker(ctx), id));
  await quiet(engine, ctx);
  return faultsFound(engine, ctx, documents, clean);
}

const actions = {
  deliver: 8,
  relay: 4,
  event: 4,
  sweep: 2,
  time: 2,
  owner: 3,
  job: 2,
  overtake: 2,
  poison: 1,
  drop: 1,
};
type Action = keyof typeof actions;

/** Arms faults for an action. */
const breakSomething = (engine: Engine, action: Action): void => {
  const { random } = engine;
  // A document takes some forty messages; half of the workers die on the way.
  if (action === "deliver" || action === "event") {
    if (random.chance(0.7)) engine.crashAfter(random.between(0, 40));
  } else if (random.chance(0.2)) engine.crashAfter(random.between(0, 20));
  if (random.chance(0.15)) engine.storageFaults({ error: 0.7, cut: 0.2 });
  else if (random.chance(0.1)) engine.storageFaults({ slow: 0.5 });
  if (random.chance(0.15)) engine.embeddingFaults(0.5);
  if (random.chance(0.2)) {
    const how = random.pick(["some", "none", "unanswered"] as const);
    engine.senderFaults(() => (random.chance(0.7) ? how : "all"));
  }
};

const act = async (engine: Engine, ctx: Ctx, documents: Modelled[], action: Action): Promise<void> => {
  const { random, pending, stored } = engine;
  if (action === "deliver" && pending.length > 0)
    await engine.deliver(random.pick(pending), { copies: random.chance(0.2) ? 2 : 1, isKept: random.chance(0.2) });
  else if (action === "relay") await engine.relay(random.between(1, 20));
  else if (action === "event" && stored.length > 0) {
    const at = random.between(0, stored.length - 1);
    const isTaken = await engine.invoke("store-upload", stored[at]);
    // An event is delivered again when its function failed, and now and then when it did not.
    if (isTaken && !random.chance(0.2)) stored.splice(at, 1);
  } else if (action === "sweep")
    await engine.survive(async () => {
      await sweepDocuments({ waitingSeconds: 300 });
      await jobs.sweepJobs({ waitingSeconds: 300 });
    });
  else if (action === "time") await engine.passTime(random.pick([45, 400]));
  else if (action === "poison") {
    const body = random.pick(["not json", '{"tenantId":1}', unknownDocument(ctx)]);
    engine.pending.push({ queue: random.pick(["document-processing", "vector-jobs"]), body, receives: 0 });
  } else if (action === "overtake" && pending.length > 0) {
    // A worker that is only slow is taken for dead, and goes on beside the one that took over.
    const message = random.pick(pending);
    const taking = engine.deliver(message, { isKept: true });
    await new Promise((done) => setTimeout(done, random.between(5, 120)));
    await engine.passTime(45);
    await Promise.all([taking, engine.deliver(message)]);
  } else if (action === "drop" && pending.length > 0) {
    await Promise.all([engine.deliver(random.pick(pending)), engine.dropConnections()]);
    await engine.awaitDatabase();
  } else if (action === "owner") {
    await engine.heal();
    await ownerActs(engine, ctx, random.pick(documents));
  } else if (action === "job") {
    await engine.heal();
    await ordersJob(engine, ctx);
  }
};

const ordersJob = async ({ random }: Engine, ctx: Ctx): Promise<void> => {
  const { data } = await jobs.list(ctx, { limit: 5 });
  const action = random.weighted({ order: 3, pause: 1, resume: 2, cancel: 1 });
  const moves = { pause: jobs.pause, resume: jobs.resume, cancel: jobs.cancel };
  if (action !== "order" && data.length > 0) await orRefused(moves[action](ctx, random.pick(data).id));
  else if (random.chance(0.3)) await orRefused(jobs.create(ctx, { type: "reindex" }));
  else await orRefused(jobs.create(ctx, { type: "reembed", model: random.pick(models) }));
};

const unknownDocument = (ctx: Ctx): string =>
  JSON.stringify({
    tenantId: ctx.tenantId,
    documentId: newId("document"),
    version: 1,
    s3Key: "",
    traceparent: ctx.traceparent,
  });

const ownerActs = async ({ random }: Engine, ctx: Ctx, document: Modelled): Promise<void> => {
  const { id } = document;
  const action = random.weighted({ replace: 3, cancel: 2, retry: 2, remove: 1, restore: 2 });
  if (action === "cancel") await orRefused(cancel(ctx, id));
  else if (action === "retry") await orRefused(retry(ctx, id));
  else if (action === "remove") await remove(ctx, id);
  else if (action === "restore") await orRefused(restore(ctx, id));
  else {
    const content = random.pick(contentNames);
    const made = await orRefused(createVersion(ctx, id, newUpload(content)));
    if (!made) return;
    await uploaded(made.upload, content);
    document.versions.push(content);
  }
};

const roundsMax = 60;

/** Lets everything run without faults until nothing moves any more. @throws Error when something never rests. */
const quiet = async (engine: Engine, ctx: Ctx): Promise<void> => {
  await engine.heal();
  const unsettled = ["awaiting_upload", "queued", "processing"];
  for (let round = 0; round < roundsMax; round++) {
    for (const event of engine.stored.splice(0)) await engine.invoke("store-upload", event);
    await engine.relay(100);
    for (const message of [...engine.pending]) await engine.deliver(message);
    const [left] = await engine.admin`select
      (select count(*)::int from app.outbox where tenant_id = ${ctx.tenantId}) as outbox,
      (select count(*)::int from app.documents where tenant_id = ${ctx.tenantId} and status = any(${unsettled})) as documents,
      (select count(*)::int from app.jobs where tenant_id = ${ctx.tenantId} and status in ('queued', 'running')) as jobs`;
    if (left!["outbox"] === 0 && left!["documents"] === 0 && left!["jobs"] === 0 && engine.pending.length === 0) return;
    if (round % 3 === 2) {
      await engine.passTime(400);
      await sweepDocuments({ waitingSeconds: 300 });
      await jobs.sweepJobs({ waitingSeconds: 300 });
    }
  }
  const { data } = await list(asWorker(ctx), { limit: 100 });
  throw new Error(
    `never at rest: ${JSON.stringify({ documents: data.map(({ id, status, stage }) => [id, status, stage]), pending: engine.pending })}`,
  );
};

type Settings = { serving: Model; next: Model | null; jobs: string[]; others: number };

/** What is not as it must be, in words; nothing when all is well. */
const faultsFound = async (engine: Engine, ctx: Ctx, documents: Modelled[], clean: Clean): Promise<string[]> => {
  const faults: string[] = [];
  const tenant = ctx.tenantId;
  const [settings] = await engine.admin`select serving, next,
    array(select type || ' is ' || status || coalesce(': ' || (failure->>'code'), '') from app.jobs
      where tenant_id = ${tenant} and status not in ('completed', 'cancelled')) as jobs,
    (select count(*)::int from app.embeddings v where v.tenant_id = ${tenant} and v.model <> e.serving) as others
    from app.embedders e where tenant_id = ${tenant}`;
  const { serving, next, jobs: unfinished, others } = settings as unknown as Settings;
  for (const job of unfinished) faults.push(`${job} instead of completed`);
  if (next !== null) faults.push(`${next} is still being made ready`);
  if (others !== 0) faults.push(`${others} vectors of a model that is not asked any more`);
  for (const { id, versions } of documents) {
    const document = await get(asWorker(ctx), id);
    const content = versions[document.version - 1]!;
    const { outcome } = contents[content];
    const ended = document.status === "failed" ? document.failure!.code : document.status;
    const served =
      document.liveVersion === null ? [] : clean.get(cleanKey(versions[document.liveVersion - 1]!, serving))!;
    if (document.version !== versions.length)
      faults.push(`${id} is at version ${document.version} of ${versions.length}`);
    if (document.status !== "deleting" && ended !== outcome)
      faults.push(`${id} (${content}) ended ${ended} instead of ${outcome}`);
    if (ended === "ready" && document.liveVersion !== document.version)
      faults.push(`${id} is ready and serves another version`);
    if (JSON.stringify(await snapshotOf(engine, id, serving)) !== JSON.stringify(served))
      faults.push(`${id} serves other chunks than a clean run`);
    if ((await versionsOf(engine, id)).some((version) => version !== document.liveVersion))
      faults.push(`${id} kept chunks of another version`);
  }
  const [row] = await engine.admin`select
    (select coalesce(jsonb_agg(sequence order by sequence), '[]') from app.events where tenant_id = ${tenant}) as events,
    (select event_sequence::int from app.heads where tenant_id = ${tenant}) as head,
    (select count(*)::int from app.document_versions where tenant_id = ${tenant} and (dispatch is not null or lease_until is not null)) as held,
    (select coalesce(sum(charged_bytes), 0)::int from app.document_versions where tenant_id = ${tenant}) as charged,
    (select bytes::int from app.storage where tenant_id = ${tenant}) as bytes`;
  const sequences = row!["events"] as number[];
  if (sequences.some((sequence, n) => sequence !== n + 1) || sequences.length !== row!["head"])
    faults.push("the event log has a gap");
  const published = new Set(engine.published.map(({ detail }) => detail.sequence));
  if (sequences.some((sequence) => !published.has(sequence))) faults.push("an event never reached the bus");
  if (row!["held"] !== 0) faults.push("a lease or a place in the queue is still taken");
  if (row!["charged"] !== row!["bytes"]) faults.push(`storage counts ${row!["bytes"]} bytes of ${row!["charged"]}`);
  const isPoison = (body: string) => body === "not json" || body === '{"tenantId":1}';
  if (engine.pending.some(({ body }) => isPoison(body))) faults.push("poison is still in the queue");
  const [ready] =
    await engine.admin`select count(*)::int as n from (select subject_id, data->>'version' as version from app.events
    where tenant_id = ${tenant} and type = 'document.ready' group by 1, 2 having count(*) > 1) twice`;
  if (ready!["n"] !== 0) faults.push("a version became ready twice");
  return faults;
};
