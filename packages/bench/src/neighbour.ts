import { documentSettled, type Resolve, unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { percentile, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const probes = 40;
const dropped = 2_000;
/** Parallel requests of one bulk client. */
const parallel = 4;

/** A small text that differs from that of every other number. */
export const text = (n: number) =>
  Array.from(
    { length: 40 },
    (_, line) => `Sentence ${line} of file ${n} speaks of lenses, orders and deliveries.`,
  ).join(" ");

/** The time from upload to `ready` of one tenant, alone and while another tenant uploads 2,000 files. */
export const neighbour = (): Promise<void> =>
  withSystem(async ({ newTenant }) => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    await measure(mine, 5);
    const quiet = await measure(mine, probes);
    const ids = await drop(theirs);
    const busy = await measure(mine, probes);
    const left = await unsettled(theirs);
    console.log(`alone            p50 ${ms(quiet, 0.5)}, p95 ${ms(quiet, 0.95)}  ${spread(quiet, 0)} ms`);
    console.log(`beside ${dropped} files p50 ${ms(busy, 0.5)}, p95 ${ms(busy, 0.95)}  ${spread(busy, 0)} ms`);
    console.log(`${left} of ${ids.length} of the neighbour's were still waiting when the last probe was done`);
  });

const ms = (values: number[], share: number): string => `${percentile(values, share).toFixed(0)} ms`;

const create = async (client: Resolve, n: number): Promise<string> =>
  (await unwrap(client.POST("/api/v1/documents", { body: { name: `${n}.txt`, text: text(n) } }))).document.id;

const measure = async (client: Resolve, count: number): Promise<number[]> => {
  const durations: number[] = [];
  for (let n = 0; n < count; n++) {
    const startedAt = performance.now();
    const document = await documentSettled(client, await create(client, n));
    if (document.status !== "ready") throw new Error(`ended as ${document.failure?.code}`);
    durations.push(performance.now() - startedAt);
  }
  return durations;
};

const drop = (client: Resolve): Promise<string[]> =>
  pMap(Array(dropped).keys(), (n) => create(client, n), { concurrency: parallel });

const unsettled = async (client: Resolve): Promise<number> => {
  let count = 0;
  let cursor: string | undefined;
  do {
    const query = { status: "queued" as const, limit: 100, ...(cursor ? { cursor } : {}) };
    const page = await unwrap(client.GET("/api/v1/documents", { params: { query } }));
    count += page.data.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return count;
};
