import {
  cancel,
  createVersion,
  remove,
  removeLeftovers,
  restore,
  retry,
  sweepDocuments,
} from "@resolve/core/documents";
import * as jobs from "@resolve/core/jobs";
import type { Ctx } from "@resolve/core/platform/context";
import { newId } from "@resolve/core/platform/id";
import { Problem } from "@resolve/core/platform/problems";
import type { Engine } from "./engine.ts";
import { contentNames, type Modelled, models, newUpload, uploaded } from "./fixtures.ts";

export const actions = {
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
export const breakSomething = (engine: Engine, action: Action): void => {
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

export const act = async (engine: Engine, ctx: Ctx, documents: Modelled[], action: Action): Promise<void> => {
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
      await removeLeftovers();
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
/** A refusal is an answer: a document that is ready cannot be cancelled. */
export const orRefused = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
};
