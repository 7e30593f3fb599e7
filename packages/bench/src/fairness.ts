import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, cpus } from "node:os";
import { json } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { documentSettled, type Resolve, type Schemas, unwrap, uploadDocument } from "@resolve/sdk";
import pMap from "p-map";
import { text } from "./neighbour.ts";
import { percentile } from "./statistics.ts";
import { withSystem } from "./system.ts";

const samples = 200;
/** Between two samples, so that the measured tenant by itself leaves most of the CPU to the others. */
const pauseMs = 400;
const addresses = 1_000;
const slowSeconds = 30;
const deafEndpoints = 100;
const documentsOfDeaf = 20;
/** Parallel requests of one client. */
const parallel = 4;

/**
 * Upload → ready and event → delivery of one tenant: idle; beside all that others can do to it; the same with searches that fill
 * the CPU to a half; and with as many searches as fill one core by themselves.
 */
export const fairness = (): Promise<void> =>
  withSystem(async ({ newTenant, admin }) => {
    const arrivals = new EventEmitter();
    const slow = await listen((_, response) => void setTimeout(slowSeconds * 1000).then(() => response.end("slow")));
    const deaf = await listen(() => {});
    const good = await listen(async (request, response) => {
      // The event `collection.created`.
      const { data } = (await json(request)) as { data: { name: string } };
      arrivals.emit(data.name);
      response.writeHead(204).end();
    });
    const [ours, fetching, calling, searching] = [
      await newTenant(),
      await newTenant(),
      await newTenant(),
      await newTenant(),
    ];
    await createWebhook(ours, { url: good.url, eventTypes: ["collection.created"] });
    let n = 0;
    const phase = async (title: string): Promise<Times> => {
      const before = cpuTimes();
      const times: Times = { upload: [], delivery: [], busy: 0 };
      while (times.upload.length < samples) {
        times.upload.push(await timed(() => upload(ours, n++)));
        times.delivery.push(await timed(() => deliver(ours, arrivals, n++)));
        await setTimeout(pauseMs);
      }
      const [busy, total] = cpuTimes().map((time, at) => time - before[at]!) as [number, number];
      times.busy = busy / total;
      console.log(`${title.padEnd(28)} ${Math.round(100 * times.busy)} % of the CPU`);
      return times;
    };

    for (; n < 50; n++) await upload(searching, n);
    await timed(() => upload(ours, n++));
    await timed(() => deliver(ours, arrivals, n++));
    const idle = await phase("idle");

    const inputs = Array.from({ length: addresses }, (_, at) => ({ url: `${slow.url}${at}` }));
    await pMap(inputs, (body) => unwrap(fetching.POST("/api/v1/documents", { body })), { concurrency: parallel });
    for (let at = 0; at < deafEndpoints; at++) await createWebhook(calling, { url: `${deaf.url}${at}` });
    for (let at = 0; at < documentsOfDeaf; at++) await upload(calling, n++);
    const besideAll = await phase("beside all");
    const [left] = await admin`select
      (select count(*) from app.documents where status = 'awaiting_upload') as documents,
      (select count(*) from app.webhook_deliveries where status = 'pending') as deliveries`;
    console.log(`still waiting at the end: ${left!["documents"]} documents, ${left!["deliveries"]} deliveries`);
    const half = await startSearches(searching, Math.max(0.05, 0.5 - besideAll.busy));
    const besideHalf = await phase("beside all, half of the CPU");
    console.log(half.stop());
    const core = await startSearches(searching, 1 / availableParallelism());
    const besideMore = await phase("beside all, more searches");
    console.log(core.stop());

    for (const kind of ["upload", "delivery"] as const) {
      console.log(`\n${kind === "upload" ? "upload → ready" : "event → delivery"}`);
      for (const [title, { [kind]: own }] of Object.entries({ idle, besideAll, besideHalf, besideMore }))
        console.log(`${title.padEnd(16)} ${[0.5, 0.95].map((share) => figure(own, idle[kind], share)).join("   ")}`);
    }
    for (const { close } of [slow, deaf, good]) close();
  });

type Times = { upload: number[]; delivery: number[] /** The share of the CPU. */; busy: number };

/** `p95 610 ms, 2.10 × idle`. */
const figure = (own: number[], idle: number[], share: number): string => {
  const [mine, alone] = [percentile(own, share), percentile(idle, share)];
  return `p${share * 100} ${mine.toFixed(0)} ms, ${(mine / alone).toFixed(2)} × idle`;
};

const timed = async (work: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const listen = async (handle: RequestListener) => {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // A server that listens on TCP has an address with a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const createWebhook = (client: Resolve, body: Schemas["NewWebhook"]) =>
  unwrap(client.POST("/api/v1/webhooks", { body }));

const upload = async (client: Resolve, n: number): Promise<void> => {
  const bytes = new TextEncoder().encode(text(n));
  const { id } = await uploadDocument(client, { name: `${n}.txt`, contentType: "text/plain", bytes });
  const { status, failure } = await documentSettled(client, id);
  if (status !== "ready") throw new Error(`ended as ${failure?.code}`);
};

/** Creates a collection, and waits until the endpoint has received the event. */
const deliver = async (client: Resolve, arrivals: EventEmitter, n: number): Promise<void> => {
  const name = `collection ${n}`;
  const arrival = once(arrivals, name, { signal: AbortSignal.timeout(60_000) });
  await Promise.all([unwrap(client.POST("/api/v1/collections", { body: { name } })), arrival]);
};

/** Searches at a fixed rate, which takes about this share of the CPU: a search that runs alone occupies about one core. */
const startSearches = async (client: Resolve, share: number) => {
  let [sent, done, failed] = [0, 0, 0];
  const search = () => unwrap(client.POST("/api/v1/search", { body: { query: "lenses orders and deliveries" } }));
  const alone = 100;
  const ms = await timed(async () => {
    for (let at = 0; at < alone; at++) await search();
  });
  const pauseMs = ms / alone / (availableParallelism() * share);
  const timer = setInterval(() => {
    sent += 1;
    search().then(
      () => (done += 1),
      () => (failed += 1),
    );
  }, pauseMs);
  const startedAt = performance.now();
  return {
    stop: (): string => {
      clearInterval(timer);
      const rate = (sent * 1000) / (performance.now() - startedAt);
      return `searches: ${rate.toFixed(0)} per second, of which ${done} succeeded and ${failed} failed`;
    },
  };
};

/** Busy and total time of all cores since the start of the machine, in ms. */
const cpuTimes = (): [number, number] => {
  const all = cpus().flatMap(({ times }) => Object.values(times));
  const idle = cpus().reduce((sum, { times }) => sum + times.idle, 0);
  const total = all.reduce((sum, time) => sum + time, 0);
  return [total - idle, total];
};
