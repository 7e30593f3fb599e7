import { type Resolve, unwrap } from "@resolve/sdk";
import { spread } from "../statistics.ts";
import type { System } from "../system.ts";
import { withSystem } from "../system.ts";
import { cpuSeconds, latencies, print, runs, type Sink, sleep, startSink } from "./harness.ts";
import type { Arrival } from "./sink.ts";

/** The whole system, with its receivers in another process. */
export const withReceivers = (work: (system: System, sink: Sink) => Promise<void>): Promise<void> =>
  withSystem(async (system) => {
    const sink = await startSink();
    try {
      await work(system, sink);
    } finally {
      sink.close();
    }
  });

export const createWebhook = (client: Resolve, url: string) =>
  unwrap(client.POST("/api/v1/webhooks", { body: { url, eventTypes: ["collection.created"] } }));

let created = 0;
/** Causes events at a fixed rate. An endpoint receives each. */
export const cause = async (client: Resolve, count: number, perSecond: number): Promise<void> => {
  const requests: Promise<unknown>[] = [];
  for (let n = 0; n < count; n++) {
    requests.push(unwrap(client.POST("/api/v1/collections", { body: { name: `collection ${created++}` } })));
    await sleep(1000 / perSecond);
  }
  await Promise.all(requests);
};

const arrivalSeconds = 30;
/** Waits until this many of these deliveries have arrived, for half a minute at most. */
export const arrived = async (sink: Sink, count: number, isCounted = (_: Arrival) => true) => {
  const all: Arrival[] = [];
  const deadline = performance.now() + arrivalSeconds * 1000;
  while (all.length < count && performance.now() < deadline) {
    all.push(...(await sink.read()).arrivals.filter(isCounted));
    await sleep(50);
  }
  if (all.length < count) console.log(`only ${all.length} of ${count} deliveries arrived`);
  return all;
};

const eventsPerRun = 50;
const eventsPerSecond = 10;
/** A tenant has at most 1,000 collections. */
const eventsOfBulk = 50;

/** From the event's time, which is just before its commit, to its signed request at a receiver; and the CPU time of that path. */
export const eventsLatency = (): Promise<void> =>
  withReceivers(async ({ newTenant, admin }, sink) => {
    const client = await newTenant();
    await createWebhook(client, `${sink.url}/hook`);
    await cause(client, eventsPerRun, eventsPerSecond);
    await arrived(sink, eventsPerRun);
    const all: number[][] = [];
    for (let run = 0; run < runs; run++) {
      await cause(client, eventsPerRun, eventsPerSecond);
      all.push(latencies(await arrived(sink, eventsPerRun)));
    }
    print(`commit → delivery, ${eventsPerSecond} events/s`, all);

    // The same requests in a tenant without a webhook cost what creating collections costs.
    const without = await newTenant();
    const cpuMs = async (of: Resolve, deliveries: number) => {
      const before = await cpuSeconds(admin);
      await cause(of, eventsOfBulk, 1_000);
      await arrived(sink, deliveries);
      // The last results are recorded.
      await sleep(500);
      return ((await cpuSeconds(admin)) - before) * 1000;
    };
    const costs: number[] = [];
    for (let run = 0; run < runs; run++) {
      const base = await cpuMs(without, 0);
      costs.push(((await cpuMs(client, eventsOfBulk)) - base) / eventsOfBulk);
    }
    console.log("CPU ms per delivery, fan-out to record".padEnd(44), spread(costs, 1));
  });
