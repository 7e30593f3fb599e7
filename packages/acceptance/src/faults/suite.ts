import { type TestDatabase, testDatabase } from "@resolve/local/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanRun, runSeed } from "./documents.ts";
import { type Engine, startEngine } from "./engine.ts";
import type { Clean } from "./fixtures.ts";

/** Whether the workers are killed, and how many seeds there are on real servers and on the embedded database. */
export type Seeding = { isKilling: boolean; count: { real: number; embedded: number } };

/** The number of seeds and the first one. FAULT_FIRST_SEED=… FAULT_SEEDS=1 runs one seed. */
export const seedsOf = ({ isKilling, count }: Seeding): { seeds: number; first: number } => {
  const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
  const variable = isKilling ? "FAULT_KILLING_SEEDS" : "FAULT_SEEDS";
  return {
    seeds: Number(process.env[variable] ?? (isReal ? count.real : count.embedded)),
    first: Number(process.env["FAULT_FIRST_SEED"] ?? 1),
  };
};

/** Defines one test per seed. A process reads its links once, so each kind of death has its own test file. */
export function faultSuite({ isKilling, count }: Seeding): void {
  const { seeds, first } = seedsOf({ isKilling, count });
  let database: TestDatabase;
  let engine: Engine;
  let clean: Clean;
  beforeAll(async () => {
    database = await testDatabase();
    engine = await startEngine(database, { isKilling });
    clean = await cleanRun(engine);
  });
  afterAll(async () => {
    if (engine) console.log(`${engine.deaths} workers died in ${seeds} seeds from ${first} on`);
    await engine?.close();
    await database?.close();
  });

  test.each(Array.from({ length: seeds }, (_, n) => first + n))(
    "seed %i ends with every document ready or failed for a reason, and nothing lost or doubled",
    async (seed) => {
      expect(await runSeed(engine, seed, clean)).toEqual([]);
    },
    120_000,
  );
  // Without enough deaths the suite would test nothing.
  test.runIf(seeds > 0)("workers died", () => expect(engine.deaths).toBeGreaterThanOrEqual(seeds / 4));
}
