import { type TestDatabase, testDatabase } from "@resolve/local/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanRun, runSeed } from "./documents.ts";
import { type Engine, startEngine } from "./engine.ts";
import type { Clean } from "./fixtures.ts";

/** Defines one test per seed. A process reads its links once, so each kind of death has its own test file. */
export function faultSuite({
  isKilling,
  count,
}: {
  isKilling: boolean;
  count: { real: number; embedded: number };
}): void {
  const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
  const variable = isKilling ? "FAULT_KILLING_SEEDS" : "FAULT_SEEDS";
  const seeds = Number(process.env[variable] ?? (isReal ? count.real : count.embedded));
  const first = Number(process.env["FAULT_FIRST_SEED"] ?? 1);
  let database: TestDatabase;
  let engine: Engine;
  let clean: Clean;
  beforeAll(async () => {
    database = await testDatabase();
    engine = await startEngine(database, { isKilling });
    clean = await cleanRun(engine);
  }, 60_000);
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
