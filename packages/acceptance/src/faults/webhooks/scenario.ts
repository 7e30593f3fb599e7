import { DocumentPurged } from "@resolve/core/documents";
import { type Event, listEvents } from "@resolve/core/events";
import { sweepJobs } from "@resolve/core/jobs";
import { setClockOffset } from "@resolve/core/platform/clock";
import { type Ctx, withTx } from "@resolve/core/platform/context";
import { publish } from "@resolve/core/platform/events";
import { type Id, newId } from "@resolve/core/platform/id";
import {
  announceFailing,
  createWebhook,
  disable,
  dispatchAll,
  enable,
  fanOutLost,
  getWebhook,
  recoverWebhook,
  rotateWebhookSecret,
} from "@resolve/core/webhooks";
import type { Published } from "@resolve/local/doubles/proxies";
import { orRefused } from "../actions.ts";
import type { Engine } from "../engine.ts";
import { asWorker, newTenant } from "../fixtures.ts";
import { isAccepted, type Receiver, type Reply, verifiedBy } from "./receiver.ts";

/** An endpoint, with all secrets that it has had. `isWanted`: it subscribes to the event. */
type Endpoint = {
  id: Id<"webhook">;
  path: string;
  secrets: string[];
  ordered: boolean;
  isWanted(type: string): boolean;
};

/** A tenant, its endpoints, and the events that the bus has taken and not delivered. */
export type World = { ctx: Ctx; endpoints: Endpoint[]; bus: { event: Published; failures: number }[]; since: number };

/** Every type that the scenario causes and an endpoint may name: this endpoint receives every sequence number. */
const allTypes = ["document.purged", "webhook.failing", "webhook.disabled", "webhook.enabled"];
const kinds = {
  everything: { eventTypes: allTypes },
  default: {},
  ordered: { ordered: true },
  limited: { maxPerSecond: 5, maxConcurrency: 2, headers: { authorization: "Bearer of the receiver" } },
} as const;

export async function newWorld(
  { url }: Receiver,
  names = Object.keys(kinds) as (keyof typeof kinds)[],
): Promise<World> {
  const ctx = await newTenant();
  const endpoints: Endpoint[] = [];
  for (const name of names) {
    const settings = kinds[name];
    const path = `/${ctx.tenantId}/${name}`;
    // The receiver is told from the others by its path.
    const { webhook, secret } = await createWebhook(ctx, { url: url(path), ...structuredClone(settings) } as never);
    const isWanted = (type: string) => name === "everything" || !type.startsWith("webhook.");
    endpoints.push({ id: webhook.id, path, secrets: [secret], ordered: name === "ordered", isWanted });
  }
  const { lastSequence: since } = await listEvents(asWorker(ctx), { limit: 100 });
  return { ctx, endpoints, bus: [], since };
}

export const publishOne = ({ ctx }: World): Promise<unknown> =>
  withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));

/** Moves what the bus has taken to the world's list. */
const takeBus = (engine: Engine, world: World): void => {
  for (const event of engine.published.splice(0)) world.bus.push({ event, failures: 0 });
};
export const relay = async (engine: Engine, world: World, limit = 100): Promise<void> => {
  await engine.relay(limit);
  takeBus(engine, world);
};

/** EventBridge tries the fan-out three times (topology: `maximumRetryAttempts`), and then drops the event. */
const triesMax = 3;
export const fanOutAt = async (engine: Engine, world: World, at: number, isKept = false): Promise<void> => {
  const item = world.bus[at];
  if (!item) return;
  const isDone = await engine.invoke("fan-out", { detail: item.event.detail });
  takeBus(engine, world);
  if (!isDone) item.failures += 1;
  if ((isDone && !isKept) || item.failures === triesMax) world.bus.splice(world.bus.indexOf(item), 1);
};

/** The stages that continue webhooks, and jobs of recoveries; a minute later, so that no event may still be on its way. */
const continueAll = async (): Promise<void> => {
  setClockOffset(61_000);
  try {
    await fanOutLost();
    await dispatchAll();
    await announceFailing();
    await sweepJobs({ waitingSeconds: 300 });
  } finally {
    setClockOffset(0);
  }
};
export const sweep = (engine: Engine): Promise<unknown> => engine.survive(continueAll);
/** The function that runs them, in the worker. */
const sweepInWorker = async (engine: Engine, world: World): Promise<void> => {
  setClockOffset(61_000);
  await engine.invoke("sweep", { sweepsPerMinute: 1 });
  setClockOffset(0);
  takeBus(engine, world);
};

const actions = {
  publish: 5,
  relay: 5,
  fanOut: 8,
  deliver: 14,
  sweep: 2,
  time: 2,
  rotate: 1,
  toggle: 2,
  late: 1,
  overtake: 1,
  drop: 1,
}; // prettier-ignore
type Action = keyof typeof actions;

/** Arms faults for an action: the worker dies at any message to the database, or queue and bus take a part or nothing. */
const breakSomething = (engine: Engine): void => {
  const { random } = engine;
  if (random.chance(0.4)) engine.crashAfter(random.between(0, 40));
  if (random.chance(0.3)) {
    const how = random.pick(["some", "some", "none", "unanswered"] as const);
    engine.senderFaults(() => (random.chance(0.7) ? how : "all"));
  }
};

/** Receivers that refuse, ask for time, break the connection, or are gone; a worker may die while it waits for them. */
const misbehave = (engine: Engine, receiver: Receiver): void => {
  const { random } = engine;
  receiver.state.behave = ({ path }): Reply => {
    if (random.chance(0.1)) engine.crash();
    const isSteady = path.endsWith("/everything");
    const how = random.weighted({ ok: 14, failed: 3, busy: 1, reset: 2, redirect: 1, gone: isSteady ? 0 : 0.3 });
    if (how === "reset") return "reset";
    if (how === "busy") return { status: 503, headers: { "retry-after": "7" } };
    if (how === "redirect") return { status: 302, headers: { location: "http://127.0.0.1:9/" } };
    return { status: how === "ok" ? 204 : how === "failed" ? 500 : 410 };
  };
};

const act = async (engine: Engine, world: World, action: Action): Promise<void> => {
  const { random, pending } = engine;
  const { ctx, endpoints, bus } = world;
  if (action === "publish")
    await engine.survive(() => Promise.all(Array.from({ length: random.between(1, 4) }, () => publishOne(world))));
  else if (action === "relay") await relay(engine, world, random.between(1, 20));
  else if (action === "fanOut") await fanOutAt(engine, world, random.between(0, bus.length - 1), random.chance(0.2));
  else if (action === "deliver" && pending.length > 0)
    await engine.deliver(random.pick(pending), { copies: random.chance(0.2) ? 2 : 1, isKept: random.chance(0.2) });
  else if (action === "sweep") await (engine.isKilling ? sweepInWorker(engine, world) : sweep(engine));
  else if (action === "time") await engine.passTime(random.pick([45, 400, 4_000]));
  else if (action === "late" && pending.length > 0) {
    // A message that has waited too long for its signature.
    setClockOffset(250_000);
    await engine.deliver(random.pick(pending));
    setClockOffset(0);
  } else if (action === "overtake" && bus.length > 1 && pending.length > 0)
    await Promise.all([
      fanOutAt(engine, world, 0),
      engine.deliver(random.pick(pending)),
      relay(engine, world),
      engine.survive(() => publishOne(world)),
    ]);
  else if (action === "drop" && pending.length > 0) {
    await Promise.all([engine.deliver(random.pick(pending)), engine.dropConnections()]);
    await engine.awaitDatabase();
  } else if (action === "rotate") {
    await engine.heal();
    const endpoint = random.pick(endpoints);
    const overlapSeconds = random.pick([0, 60, 86_400]);
    const rotated = await rotateWebhookSecret(ctx, endpoint.id, { overlapSeconds });
    endpoint.secrets.push(rotated.secret);
  } else if (action === "toggle") {
    await engine.heal();
    // The first one stays: it receives every sequence number.
    const { id } = random.pick(endpoints.slice(1));
    const { status } = await getWebhook(ctx, id);
    await orRefused(status === "enabled" ? disable(ctx, id) : enable(ctx, id));
  }
};

/** One seed: events, faults and changes of the endpoints in random order; then quiet, then the check. */
export async function runSeed(engine: Engine, receiver: Receiver, seed: number): Promise<string[]> {
  engine.reseed(seed);
  receiver.received.splice(0);
  const { random } = engine;
  const world = await newWorld(receiver);
  for (let step = random.between(20, 40); step > 0; step--) {
    misbehave(engine, receiver);
    const action = random.weighted(actions);
    breakSomething(engine);
    await act(engine, world, action);
    await engine.heal();
  }
  await quiet(engine, receiver, world);
  return faultsFound(engine, receiver, world);
}

const roundsMax = 60;

/** Lets everything run without faults until every delivery has arrived. @throws Error when it never rests. */
export const quiet = async (engine: Engine, receiver: Receiver, world: World): Promise<void> => {
  const { ctx, endpoints, bus } = world;
  await engine.heal();
  receiver.state.behave = () => ({ status: 204 });
  let left: Record<string, number> = {};
  for (let round = 1; round <= roundsMax; round++) {
    for (const { id } of endpoints) if ((await getWebhook(ctx, id)).status === "disabled") await enable(ctx, id);
    await relay(engine, world);
    while (bus.length > 0) await fanOutAt(engine, world, 0);
    for (const message of [...engine.pending]) await engine.deliver(message);
    const [row] = await engine.admin`select
      (select count(*)::int from app.outbox where tenant_id = ${ctx.tenantId}) as outbox,
      (select count(*)::int from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and status in ('pending', 'held')) as open,
      (select count(*)::int from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and status = 'failed') as failed,
      (select count(*)::int from app.jobs where tenant_id = ${ctx.tenantId} and status in ('queued', 'running')) as jobs,
      (select count(*)::int from app.webhooks w where w.tenant_id = ${ctx.tenantId}
        and checked_sequence < (select event_sequence from app.heads h where h.tenant_id = w.tenant_id)) as unchecked`;
    left = { ...row, messages: engine.pending.length };
    if (Object.values(left).every((count) => count === 0)) return;
    // Deliveries whose attempts were all lost or refused are for the tenant to recover.
    if (left["failed"]! > 0 && left["jobs"] === 0) await recoverAll(world);
    await engine.passTime(4_000);
    await continueAll();
  }
  throw new Error(`never at rest: ${JSON.stringify({ ...left, pending: engine.pending.map(({ queue }) => queue) })}`);
};

const recoverAll = async ({ ctx, endpoints }: World): Promise<void> => {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  for (const { id } of endpoints) await orRefused(recoverWebhook(ctx, id, { since, ratePerSecond: 1_000 }));
};

/** What is not as it must be, in words; nothing when all is well. */
export const faultsFound = async (
  { admin }: Engine,
  { received }: Receiver,
  { ctx, endpoints, since }: World,
): Promise<string[]> => {
  const faults: string[] = [];
  const log: Event[] = [];
  for (let after = since, more = true; more; ) {
    const page = await listEvents(asWorker(ctx), { after, limit: 100 });
    log.push(...page.data);
    [after, more] = [page.lastSequence, page.hasMore];
  }
  if (log.some(({ sequence }, n) => sequence !== since + n + 1)) faults.push("the log has a gap");
  for (const { id, path, secrets, ordered, isWanted } of endpoints) {
    const requests = received.filter((one) => one.path === path);
    const unsigned = requests.filter((request) => verifiedBy(request, secrets).length === 0);
    if (unsigned.length > 0) faults.push(`${path} got ${unsigned.length} requests without a valid signature`);
    const bodies = new Map<string, string>();
    for (const request of requests) {
      const known = bodies.get(request.webhookId);
      if (known !== undefined && known !== request.body) faults.push(`${request.webhookId} came with two bodies`);
      if (isAccepted(request)) bodies.set(request.webhookId, request.body);
    }
    const events = [...bodies.values()].map((body) => JSON.parse(body) as Event);
    const wanted = log.filter((event) => isWanted(event.type) && event.subject.id !== id);
    const sorted = events.toSorted((a, b) => a.sequence - b.sequence);
    if (JSON.stringify(sorted) !== JSON.stringify(wanted))
      faults.push(`${path} accepted ${sorted.map(({ sequence }) => sequence)} of ${wanted.map((one) => one.sequence)}`);
    if (!ordered) continue;
    // An event that has failed for good lets the later ones pass.
    const recovered = await admin`select sequence::int from app.webhook_deliveries
      where tenant_id = ${ctx.tenantId} and webhook_id = ${id} and attempts_before > 0`;
    const passed = new Set(recovered.map(({ sequence }) => sequence as number));
    const order = events.map(({ sequence }) => sequence).filter((sequence) => !passed.has(sequence));
    if (order.some((sequence, n) => n > 0 && sequence < order[n - 1]!)) faults.push(`${path} got the order ${order}`);
  }
  return faults;
};
