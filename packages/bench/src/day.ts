import { setTimeout as sleep } from "node:timers/promises";
import { functions, queues } from "@resolve/functions/topology";
import pMap from "p-map";
import { assumptions, useOf } from "../../../stacks/load.ts";
import { callerOf, create, unlimitedRequests } from "../../acceptance/src/client.ts";
import { perDocument, total, type Use, useBill } from "../../core/src/usage/items.ts";

/** A day of tenants: what they upload, and then what they ask, in this order. */
export type Day = {
  documents: { tenant: string; name: string; text: string }[];
  queries: { tenant: string; query: string; mode: string; limit: number }[];
};
/** A system with the log level INFO: its address, the operator's key, and the wide lines that it has written. */
// biome-ignore lint/suspicious/noExplicitAny: a line is read field by field.
export type Observed = { apiUrl: string; operatorKey: string; lines: () => any[] };
export type Compared = { tenant: string; id: string; requests: number; ledger: number; model: number };

/** What the client itself has seen of a tenant. */
type Seen = { id: string; key: string; requests: number; bytes: number; documents: number; sent: number };

/**
 * Replays a day against a running system and compares `GET /v1/platform/cost` with the cost model (stacks/load.ts) of the same day.
 * The model gets requests and their bytes from the client, documents and their sizes from the day, and service times, calls of Redis and
 * messages from the log lines: nothing of it comes from the ledger. `assumed` is the model with its own service times.
 */
export const replayDay = async (
  { apiUrl, operatorKey, lines }: Observed,
  { documents, queries }: Day,
  { atOnce = 4, collectedWithinMs = 100_000 } = {},
): Promise<{ all: Compared; assumed: number; tenants: Compared[]; amounts: Record<string, number> }> => {
  const operator = callerOf(apiUrl, operatorKey);
  const seen = new Map<string, Seen>();
  for (const name of new Set([...documents, ...queries].map(({ tenant }) => tenant))) {
    const admin = { email: "ada@acme.example" };
    const { body } = await create(operator, "/tenants", { name, plan: "enterprise", admin });
    const { id } = body.tenant;
    await operator("PATCH", `/tenants/${id}/limits`, unlimitedRequests);
    seen.set(name, { id, key: body.apiKey.secret, requests: 0, bytes: 0, documents: 0, sent: 0 });
  }
  /** A busy machine may refuse for now: the repetition is a request of its own. */
  const ask = async (tenant: Seen, method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" };
    for (let repetitions = 0; ; repetitions += 1) {
      const response = await fetch(`${apiUrl}/v1${path}`, {
        ...{ method, headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      tenant.requests += 1;
      tenant.bytes += Buffer.byteLength(text);
      if (response.ok) return JSON.parse(text);
      if (response.status !== 503 || repetitions === 5)
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
      await sleep(1_000);
    }
  };
  await pMap(
    documents,
    async ({ tenant: name, ...document }) => {
      const tenant = seen.get(name)!;
      const { id } = (await ask(tenant, "POST", "/documents", document)).document;
      tenant.documents += 1;
      tenant.sent += Buffer.byteLength(document.text);
      while (!["ready", "failed"].includes((await ask(tenant, "GET", `/documents/${id}`)).status)) await sleep(500);
    },
    { concurrency: atOnce },
  );
  await pMap(queries, ({ tenant, ...body }) => ask(seen.get(tenant)!, "POST", "/search", body), {
    concurrency: atOnce,
  });
  // The last search sent what the API has counted; the sweep takes it over.
  const found = new Map<string, { usd: number; amounts: Record<string, number> }>();
  const isComplete = () =>
    [...seen.values()].every(({ id, requests }) => (found.get(id)?.amounts["request.count"] ?? 0) >= requests);
  for (const until = Date.now() + collectedWithinMs; !isComplete() && Date.now() < until; await sleep(1_000)) {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await operator("GET", `/platform/cost?limit=100${cursor && `&cursor=${cursor}`}`);
      for (const { tenantId, usd, amounts } of body.data ?? []) found.set(tenantId, { usd, amounts });
      cursor = body.nextCursor ?? null;
    }
  }
  const byTenant = Map.groupBy(lines(), ({ tenantId }) => tenantId);
  const measured = (tenant: Seen): Use => {
    const own = byTenant.get(tenant.id) ?? [];
    const [requests, messages] = ["request", "message"].map((kind) => own.filter(({ message }) => message === kind));
    const attempts = messages!.filter(({ queue }) => queue.includes("webhook-delivery")).length;
    const seconds = (line: { durationMs: number }) => line.durationMs / 1000;
    return {
      ...modelOf(tenant, { responseKb: tenant.bytes / tenant.requests / 1000 }),
      requestGbSeconds: requests!.reduce((sum, line) => sum + seconds(line), 0),
      // One call more sends a search's counts.
      cacheCommands: requests!.reduce(
        (sum, line) => sum + [line["cache.operation.duration"] ?? []].flat().length + (line.route === "search" ? 1 : 0),
        0,
      ),
      // The two messages of an attempt are counted as the attempt.
      messages: messages!.length - 2 * attempts,
      attempts,
      messageGbSeconds: messages!.reduce((sum, line) => sum + seconds(line) * (memoryMbOf(line.queue) / 1024), 0),
    };
  };
  const tenants = [...seen].map(([tenant, one]) => ({
    tenant,
    id: one.id,
    requests: one.requests,
    ledger: found.get(one.id)?.usd ?? 0,
    model: usdOf(measured(one)),
  }));
  const sum = (of: (one: Compared) => number) => tenants.reduce((whole, one) => whole + of(one), 0);
  const amounts: Record<string, number> = {};
  for (const { id } of seen.values())
    for (const [meter, amount] of Object.entries(found.get(id)?.amounts ?? {}))
      amounts[meter] = (amounts[meter] ?? 0) + amount;
  return {
    all: {
      ...{ tenant: "all", id: "" },
      requests: sum((one) => one.requests),
      ledger: sum((one) => one.ledger),
      model: sum((one) => one.model),
    },
    assumed: [...seen.values()].reduce((whole, one) => whole + usdOf(modelOf(one, {})), 0),
    tenants,
    amounts,
  };
};

/** The model of one tenant's day. The built-in embedder has no price. */
const modelOf = ({ requests, documents, sent }: Seen, measured: Partial<typeof assumptions>): Use =>
  useOf(1, {
    ...assumptions,
    // `useOf` computes a month of 22 days.
    ...{ users: 1, requestsPerDay: requests / 22, webhooks: 0, tokens: 0 },
    ...{ documents, documentMb: documents === 0 ? 0 : sent / documents / 1e6, downloads: perDocument.downloads },
    ...measured,
  });

const usdOf = (use: Use): number => total(useBill(use));

/** Memory of the function that consumes a queue or a rule. The vector worker's container is paid while it exists. */
const memoryMbOf = (line: string): number => {
  const queue = line.replace(/^local-|\.fifo$/g, "");
  const { consumer } = Object.entries(queues).find(([name]) => name === queue)?.[1] ?? { consumer: queue };
  return Object.entries(functions).find(([name]) => name === consumer)?.[1].memoryMb ?? 0;
};
