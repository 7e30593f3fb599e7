import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { admit } from "@resolve/core/identity";
import { pingCache, runScript } from "@resolve/core/platform/services/cache";
import { scriptOf } from "@resolve/core/platform/services/cache-store";
import { type Resolve, unwrap } from "@resolve/sdk";
import { percentile, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const rounds = 9;
const calls = 1_000;
const probes = 150;
const limit = 10;
/** Requests per second of the tenant that is limited. */
const offered = 5 * limit;

/**
 * What the limiter costs a request, and what a tenant costs another one that sends five times its limit: compared with one that
 * keeps its limit, while the same process sends as many requests more to a bare server. Redis is that of TEST_REDIS_URL.
 */
export const limits = async (): Promise<void> => {
  await cost();
  await withSystem(async ({ newTenant, operator }) => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    await mine.POST("/api/v1/documents", { body: { name: "a.txt", text: "Lenses are round." } });
    const { data } = await theirs.GET("/api/v1/tenant");
    const changes = { requestsPerSecond: limit, requestBurst: limit, callerRequestsPerSecond: limit };
    await operator("PATCH", `/tenants/${data!.id}/limits`, changes);
    const bare = createServer((_, response) => response.writeHead(429).end("{}")).listen(0, "127.0.0.1");
    await once(bare, "listening");
    // A server that listens on TCP has an address with a port.
    const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
    const served = () => theirs.GET("/api/v1/tenant").then(({ response: { status } }) => status);
    const sentOnly = async () => {
      const response = await fetch(bareUrl);
      await response.text();
      return response.status;
    };
    const [times, ratios]: [Record<string, number[]>, number[]] = [{ alone: [], within: [], beyond: [] }, []];
    await measure(mine);
    for (let round = 0; round < rounds; round++) {
      times["alone"]!.push(await measure(mine));
      const [stop, stopSending] = [hammer(served, limit * 0.9), hammer(sentOnly, offered - limit * 0.9)];
      const within = await measure(mine);
      const statuses = [await stop(), await stopSending()];
      const stopAll = hammer(served, offered);
      const beyond = await measure(mine);
      console.log(`  within: ${statuses.join(" and ")}; beyond: ${await stopAll()}`);
      times["within"]!.push(within);
      times["beyond"]!.push(beyond);
      ratios.push(beyond / within);
    }
    bare.close();
    for (const [name, own] of Object.entries(times)) console.log(`p95 of a search ${name}: ${spread(own, 1)} ms`);
    console.log(`beyond the limit to within it: ${spread(ratios)}`);
  });
};

const cost = async (): Promise<void> => {
  const url = process.env["TEST_REDIS_URL"] ?? "redis://127.0.0.1:6379";
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Cache: { url, token: "", timeoutMs: 5_000 } });
  await pingCache(5_000);
  const buckets = ["tenant", "key"].map((name) => ({ name: `bench/${name}`, perSecond: 10_000, size: 10_000 }));
  const cpu: number[] = [];
  const wall: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    const [before, startedAt] = [process.cpuUsage(), performance.now()];
    for (let n = 0; n < calls; n++) await admit(buckets);
    const { user, system } = process.cpuUsage(before);
    // The first round compiles.
    if (round === 0) continue;
    cpu.push((user + system) / 1000 / calls);
    wall.push((performance.now() - startedAt) / calls);
  }
  const before = await scriptsRun();
  for (let n = 0; n < calls; n++) await admit(buckets);
  // Without the call that asks.
  const sent = (await scriptsRun()) - before - 1;
  console.log(
    `the limiter takes ${spread(cpu, 3)} ms of CPU and ${spread(wall, 3)} ms a request, and ${sent / calls} commands`,
  );
};

const info = scriptOf("return redis.call('INFO', 'commandstats')");
const scriptsRun = async (): Promise<number> =>
  Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(await runScript(info, [], [])))?.[1] ?? 0);

const measure = async (client: Resolve): Promise<number> => {
  const durations: number[] = [];
  for (let n = 0; n < probes; n++) {
    const startedAt = performance.now();
    await unwrap(client.POST("/api/v1/search", { body: { query: "round lenses" } }));
    durations.push(performance.now() - startedAt);
  }
  return percentile(durations, 0.95);
};

/** Sends requests at a rate, however long they take. */
const hammer = (request: () => Promise<number>, perSecond: number) => {
  const statuses = new Map<number, number>();
  const sent: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    sent.push(request().then((status) => statuses.set(status, (statuses.get(status) ?? 0) + 1)));
  }, 1000 / perSecond);
  return async () => {
    clearInterval(timer);
    await Promise.all(sent);
    return [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
  };
};
