import { create, get, list, removeLeftovers, retry, sweepDocuments } from "@resolve/core/documents";
import * as jobs from "@resolve/core/jobs";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { act, actions, breakSomething, orRefused } from "./actions.ts";
import { faultsFound, snapshotOf } from "./check.ts";
import type { Engine } from "./engine.ts";
import {
  asWorker,
  type Clean,
  type Content,
  cleanKey,
  contentNames,
  contents,
  type Modelled,
  models,
  newTenant,
  newUpload,
  uploaded,
} from "./fixtures.ts";

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
      (select count(*)::int from app.hidden_versions where tenant_id = ${ctx.tenantId}) as hidden,
      (select count(*)::int from app.jobs where tenant_id = ${ctx.tenantId} and status in ('queued', 'running')) as jobs`;
    if (
      left!["outbox"] === 0 &&
      left!["documents"] === 0 &&
      left!["hidden"] === 0 &&
      left!["jobs"] === 0 &&
      engine.pending.length === 0
    )
      return;
    if (round % 3 === 2) {
      await engine.passTime(400);
      await sweepDocuments({ waitingSeconds: 300 });
      await removeLeftovers();
      await jobs.sweepJobs({ waitingSeconds: 300 });
    }
  }
  const { data } = await list(asWorker(ctx), { limit: 100 });
  throw new Error(
    `never at rest: ${JSON.stringify({ documents: data.map(({ id, status, stage }) => [id, status, stage]), pending: engine.pending })}`,
  );
};
