import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { verifyWebhook } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { type Tenant, until } from "../tenant.ts";

/** More attempts than the local runtime makes at a time. */
const hanging = 60;
const delivered = 20;
const limitSeconds = 3;

export const fairness: Check = {
  name: "fairness",
  promise: "A customer whose receiver never responds does not delay another customer's webhooks",
  limit: `${delivered} of ${delivered} delivered once, correctly signed, within ${limitSeconds} s`,
  // Its receivers have addresses on this machine.
  isLocalOnly: true,
  async run({ a, b }) {
    // It accepts connections, and never responds.
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    const arrivals = new Map<string, { count: number; at: number; body: string; headers: Record<string, string> }>();
    const good = createHttpServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      response.writeHead(204).end();
      const id = String(JSON.parse(body).subject.id);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const count = (arrivals.get(id)?.count ?? 0) + 1;
      arrivals.set(id, { count, at: performance.now(), body, headers });
    }).listen(0, "127.0.0.1");
    await Promise.all([once(silent, "listening"), once(good, "listening")]);
    try {
      await createWebhook(a, silent.address() as AddressInfo);
      const secret = await createWebhook(b, good.address() as AddressInfo);
      await pMap(Array.from({ length: hanging }), () => createKey(a), { concurrency: 4 });
      const createdAt = new Map<string, number>();
      for (let n = 0; n < delivered; n++) createdAt.set(await createKey(b), performance.now());
      const missing = () => [...createdAt.keys()].filter((id) => !arrivals.has(id));
      await until(
        "the deliveries",
        async () => missing(),
        (ids) => ids.length === 0,
        30,
      ).catch(() => undefined);
      // A repeated delivery would arrive now.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const faults = [...createdAt].flatMap(([id, from]) => {
        const arrival = arrivals.get(id);
        if (!arrival) return [`the event of ${id} was not delivered`];
        const seconds = (arrival.at - from) / 1000;
        return [
          ...(arrival.count === 1 ? [] : [`the event of ${id} was delivered ${arrival.count} times`]),
          ...(seconds <= limitSeconds ? [] : [`the event of ${id} was delivered after ${seconds.toFixed(1)} s`]),
          ...(isSigned(arrival.body, arrival.headers, secret) ? [] : [`the signature of ${id} is wrong`]),
        ];
      });
      const slowest = Math.max(0, ...[...createdAt].map(([id, from]) => (arrivals.get(id)?.at ?? Number.NaN) - from));
      return {
        measured: `${delivered - missing().length} of ${delivered}, the slowest after ${(slowest / 1000).toFixed(2)} s`,
        passed: faults.length === 0,
        detail: details(
          [
            `tenant A: ${hanging} events to an endpoint that accepts connections and never responds; tenant B: ${delivered} events`,
          ],
          faults,
        ),
      };
    } finally {
      silent.close();
      good.close();
      good.closeAllConnections();
    }
  },
};

/** Returns the signing secret. */
const createWebhook = async (tenant: Tenant, { port }: AddressInfo): Promise<string> => {
  const body = { url: `http://127.0.0.1:${port}/`, eventTypes: ["apikey.created"] };
  const { status, json } = await tenant.call("POST", "/api/v1/webhooks", { body });
  if (status !== 201) throw new Error(`creating a webhook: the API responded with ${status}`);
  return String(json["secret"]);
};

const createKey = async (tenant: Tenant): Promise<string> => {
  const body = { name: "prove fairness", role: "readonly" };
  const { status, json } = await tenant.call("POST", "/api/v1/api-keys", { body });
  if (status !== 201) throw new Error(`creating a key: the API responded with ${status}`);
  return String(Object(json["apiKey"]).id);
};

const isSigned = (body: string, headers: Record<string, string>, secret: string): boolean => {
  try {
    return Boolean(verifyWebhook(body, headers, secret));
  } catch {
    return false;
  }
};
