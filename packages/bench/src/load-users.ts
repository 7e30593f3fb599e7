import { setTimeout as sleep } from "node:timers/promises";
import { Client, type Dispatcher, Pool } from "undici";

/** Users of the load benchmark, in a process of their own, so that their CPU time is not the system's. */

export type Size = "large" | "medium" | "small";
export type LoadTenant = { key: string; size: Size; documents: string[] };
/** A search of the query log: by whom, and what. */
export type LoggedSearch = { tenant: number; query: string; mode: string; limit: number };
export type Scene = {
  origin: string;
  tenants: LoadTenant[];
  /** The key of a tenant that sends as much as it can during a noisy phase. */
  noisyKey: string;
  searches: LoggedSearch[];
  shares: { search: number; change: number };
};
export type Phase = { seconds: number; warmupSeconds: number; noisyConnections?: number } & (
  | /** Each waits for the response and then thinks. */ { users: number; thinkSeconds: number }
  | /** Requests come at this rate, whether or not earlier ones have been answered. */ { perSecond: number }
);
export type Answered = { kind: string; size: Size; ms: number; status: number; at: number };
export type Order = { scene: Scene } | { phase: Phase };
export type Outcome = { answered: Answered[]; connections: number; noisy: Answered[] };

const requestOf = ({ tenants, searches, shares }: Scene) => {
  const { tenant, ...search } = searches[Math.floor(Math.random() * searches.length)]!;
  const { key, size, documents } = tenants[tenant]!;
  const document = documents[Math.floor(Math.random() * documents.length)]!;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const drawn = Math.random();
  if (drawn < shares.search)
    return {
      kind: "search",
      size,
      method: "POST",
      path: "/api/v1/search",
      headers,
      body: JSON.stringify(search),
    } as const;
  if (drawn < shares.search + shares.change) {
    const body = JSON.stringify({ metadata: { read: Date.now() } });
    return { kind: "change", size, method: "PATCH", path: `/api/v1/documents/${document}`, headers, body } as const;
  }
  const isList = Math.random() < 0.5;
  const path = isList ? "/api/v1/documents?limit=25" : `/api/v1/documents/${document}`;
  return { kind: isList ? "25 documents" : "a document", size, method: "GET", path, headers } as const;
};

let scene: Scene;

const send = async (dispatcher: Dispatcher, asked = requestOf(scene)): Promise<Answered> => {
  const { kind, size, ...request } = asked;
  const startedAt = performance.now();
  // No connection, or none in time.
  let status = 0;
  try {
    const response = await dispatcher.request(request);
    await response.body.dump();
    status = response.statusCode;
  } catch {}
  return { kind, size, ms: performance.now() - startedAt, status, at: Date.now() };
};

const exponential = (mean: number): number => -Math.log(1 - Math.random()) * mean;

type Loop = Promise<Omit<Outcome, "noisy">>;

const closedLoop = async (users: number, thinkSeconds: number, until: number): Loop => {
  const answered: Answered[] = [];
  const clients: Client[] = [];
  const user = async () => {
    await sleep(Math.random() * thinkSeconds * 1000);
    const client = new Client(scene.origin, { keepAliveTimeout: 600_000, keepAliveMaxTimeout: 600_000 });
    clients.push(client);
    while (Date.now() < until) {
      answered.push(await send(client));
      await sleep(Math.min(exponential(thinkSeconds * 1000), Math.max(0, until - Date.now())));
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  const connections = clients.filter(({ stats }) => stats.connected).length;
  await Promise.all(clients.map((client) => client.close()));
  return { answered, connections };
};

const openLoop = async (perSecond: number, until: number): Loop => {
  const pool = new Pool(scene.origin, { connections: 2_000 });
  const sent: Promise<Answered>[] = [];
  while (Date.now() < until) {
    sent.push(send(pool));
    await sleep(exponential(1000 / perSecond));
  }
  const answered = await Promise.all(sent);
  const { connected } = pool.stats;
  await pool.close();
  return { answered, connections: connected };
};

/** Searches of one tenant, on each connection one after the other, without a pause. */
const noise = async (connections: number, until: number): Promise<Answered[]> => {
  const pool = new Pool(scene.origin, { connections });
  const answered: Answered[] = [];
  const flood = async () => {
    while (Date.now() < until) {
      const asked = requestOf({ ...scene, shares: { search: 1, change: 0 } });
      const headers = { ...asked.headers, authorization: `Bearer ${scene.noisyKey}` };
      answered.push(await send(pool, { ...asked, headers }));
    }
  };
  await Promise.all(Array.from({ length: connections }, flood));
  await pool.close();
  return answered;
};

process.on("message", async (order: Order) => {
  if ("scene" in order) {
    scene = order.scene;
    return;
  }
  const { phase } = order;
  const measuredFrom = Date.now() + phase.warmupSeconds * 1000;
  const until = measuredFrom + phase.seconds * 1000;
  const [{ answered, connections }, noisy] = await Promise.all([
    "users" in phase ? closedLoop(phase.users, phase.thinkSeconds, until) : openLoop(phase.perSecond, until),
    noise(phase.noisyConnections ?? 0, until),
  ]);
  const isMeasured = ({ at }: Answered) => at >= measuredFrom && at <= until;
  process.send!({ answered: answered.filter(isMeasured), connections, noisy: noisy.filter(isMeasured) });
});
process.once("disconnect", () => process.exit(0));
