import { startSystem, type TestSystem } from "@resolve/local/testing-system";
import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { checkAll } from "./model/check.ts";
import { repeat } from "./model/document-operations.ts";
import type { Operation, Real } from "./model/operation.ts";
import { addKey, commands } from "./model/operations.ts";
import { type Receivers, startReceivers } from "./model/receivers.ts";
import { retrying } from "./model/retrying.ts";
import type { Model } from "./model/state.ts";

/**
 * Random operations of many actors on the whole system, compared with a model in memory. MODEL_SECONDS sets the time; MODEL_SEED
 * and MODEL_PATH repeat a run that a failure has printed.
 */
const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
const seconds = Number(process.env["MODEL_SECONDS"] ?? (isReal ? 60 : 15));
const operationsMax = 25;

/** Runs that have failed once, as fast-check shrank them. */
const kept: { because: string; operations: Operation[] }[] = [
  {
    because: "of two callers with the same Idempotency-Key, each repeats its own request",
    operations: [addKey("tenant_admin", null), repeat(0, 1, "alder")],
  },
];

let system: TestSystem;
let receivers: Receivers;
let runs = 0;
beforeAll(async () => {
  [system, receivers] = await Promise.all([startSystem(), startReceivers()]);
}, 120_000);
afterAll(async () => {
  if (runs > 0) console.log(`${runs} runs of random operations`);
  receivers?.close();
  await system?.close();
});

const newRun = async (): Promise<{ model: Model; real: Real }> => {
  runs += 1;
  const tenant = await system.newTenant();
  const call = retrying(tenant.call);
  const { data } = (await call("GET", "/api-keys")).body;
  const first = { id: data[0].id as string, call, role: "tenant_admin", scopes: null, isRevoked: false } as const;
  const model: Model = {
    keys: [first],
    groups: [],
    collections: [],
    documents: [],
    webhooks: [],
    events: [],
    count: 0,
  };
  return { model, real: { owner: call, callerOf: (secret: string) => retrying(system.caller(secret)), receivers } };
};

const property = fc.asyncProperty(fc.commands(commands, { maxCommands: operationsMax, size: "max" }), async (run) => {
  const { model, real } = await newRun();
  await fc.asyncModelRun(() => ({ model, real }), run);
  await checkAll(model, real.owner);
});

test(
  "whatever actors do, each sees what it may see, and everything happens once",
  async () => {
    const { MODEL_SEED, MODEL_PATH } = process.env;
    if (MODEL_SEED) {
      await fc.assert(property, { seed: Number(MODEL_SEED), ...(MODEL_PATH ? { path: MODEL_PATH } : {}) });
      return;
    }
    // One at a time: a slow machine finishes at least one, and no run is cut off.
    const endsAt = performance.now() + seconds * 1000;
    do await fc.assert(property, { numRuns: 1 });
    while (performance.now() < endsAt);
  },
  seconds * 1000 + 300_000,
);

test.each(kept)("a run that has failed once: $because", async ({ operations }) => {
  const { model, real } = await newRun();
  for (const operation of operations) await operation.run(model, real);
  await checkAll(model, real.owner);
});
