import { latencies, printPairs, runs } from "./harness.ts";
import { arrived, cause, createWebhook, withReceivers } from "./latency.ts";

const endpoints = 50;
const events = 10;
/** Fifteen deliveries a second, which two cores can make (38 CPU ms each): in a system without reserve, all wait for all. */
const eventsPerSecond = 0.3;

/** Fifty endpoints of one tenant, of which none, or one dead and one slow, misbehave: the delay of the other 48. */
export const eventsNeighbours = (): Promise<void> =>
  withReceivers(async ({ newTenant }, sink) => {
    const run = async (kind: "well" | "ill"): Promise<number[]> => {
      const client = await newTenant();
      for (let n = 0; n < endpoints; n++) {
        const bad = n === 0 ? "/dead" : "/slow";
        await createWebhook(
          client,
          `${sink.url}${kind === "ill" && n < 2 ? bad : `/${n < 2 ? "other" : "good"}/${n}`}`,
        );
      }
      await cause(client, events, eventsPerSecond);
      return latencies(await arrived(sink, (endpoints - 2) * events, ({ path }) => path.startsWith("/good")));
    };
    await run("well");
    const pairs: [number[], number[]][] = [];
    for (let n = 0; n < runs; n++) pairs.push([await run("well"), await run("ill")]);
    printPairs(["48 endpoints, all 50 well", "48 endpoints beside a dead and a slow one"], pairs);
  });
