import { openSync, writeSync } from "node:fs";
import { countCost, countOutcome } from "@resolve/core/identity";
import { newId } from "@resolve/core/platform/id";
import { figuresOf } from "@resolve/core/platform/ledger";
import { median, spread } from "./statistics.ts";

const rounds = 11;
const perRound = 2_000;
/** CPU of a request in the API: the model's (stacks/load.ts), and that of the cheapest one. */
const [assumedMs, cheapestMs] = [6, 2];

/**
 * CPU of what a request is observed with: its line, its metrics, its part of the CPU time, and what it adds to the ledger, with the
 * line written to a file. In pairs with the same request unobserved, whose work is a transaction and a call of the cache that take no time.
 */
export const observing = async (): Promise<void> => {
  process.env["POWERTOOLS_LOG_LEVEL"] = "INFO";
  const { observed } = await import("@resolve/core/platform/wide-event");
  const [tenantId, sink] = [newId("tenant"), openSync("/dev/null", "w")];
  const write = process.stdout.write;
  const step = () => new Promise<void>((resolve) => setImmediate(resolve));
  const unobserved = async () => step();
  const withEverything = async () => {
    const event = await observed(
      "request",
      {},
      async (event) => {
        event.transactionMs.push(4.2);
        event.cacheMs.push(1.1);
        event.queries += 3;
        await step();
        return event;
      },
      () => ({
        requestId: tenantId,
        method: "GET",
        path: "/api/v1/documents/:documentId",
        route: "document-read",
        status: "2xx",
        statusCode: 200,
        tenantId,
        actor: tenantId,
      }),
      1024,
    );
    countOutcome(tenantId, { failed: false, slow: false });
    countCost(tenantId, figuresOf(event));
    countCost(tenantId, { responseBytes: 5_000 });
  };
  const cpuOf = async (work: () => Promise<void>): Promise<number> => {
    const before = process.cpuUsage();
    for (let n = 0; n < perRound; n++) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / perRound;
  };
  const micros: number[] = [];
  process.stdout.write = ((text: string) => writeSync(sink, text) > 0) as typeof write;
  // The first round compiles.
  for (let round = 0; round <= rounds; round++) {
    const [without, withAll] = [await cpuOf(unobserved), await cpuOf(withEverything)];
    if (round > 0) micros.push(withAll - without);
  }
  process.stdout.write = write;
  console.log(`CPU µs of a request's line and ledger: ${spread(micros, 0)}`);
  for (const ms of [assumedMs, cheapestMs])
    console.log(`of a request with ${ms} ms: ${((100 * median(micros)) / 1000 / ms).toFixed(2)} %`);
};
