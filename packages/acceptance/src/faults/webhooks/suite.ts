import { type TestDatabase, testDatabase } from "@resolve/local/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startEngine } from "../engine.ts";
import { type Seeding, seedsOf } from "../suite.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { runSeed } from "./scenario.ts";

export type Started = { engine: Engine; receiver: Receiver };

/** Defines one test per seed. */
export function webhookSuite({ isKilling, count }: Seeding): Started {
  const { seeds, first } = seedsOf({ isKilling, count });
  let database: TestDatabase;
  // Set before the first test.
  const started = {} as Started;
  beforeAll(async () => {
    database = await testDatabase();
    started.engine = await startEngine(database, { isKilling });
    started.receiver = await startReceiver();
  });
  afterAll(async () => {
    const { engine, receiver } = started;
    if (engine) console.log(`${engine.deaths} workers died in ${seeds} seeds from ${first} on`);
    await receiver?.close();
    await engine?.close();
    await database?.close();
  });

  test.each(Array.from({ length: seeds }, (_, n) => first + n))(
    "seed %i: every endpoint accepts exactly the events of the log, whose signatures verify",
    async (seed) => {
      expect(await runSeed(started.engine, started.receiver, seed)).toEqual([]);
    },
    300_000,
  );
  test.runIf(seeds > 0)("workers died", () => expect(started.engine.deaths).toBeGreaterThanOrEqual(seeds / 4));
  return started;
}
