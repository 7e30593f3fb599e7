import { faultSuite } from "./suite.ts";

/**
 * Documents while workers die, storage stalls, and messages arrive late, twice and out of order. FAULT_FIRST_SEED=…
 * FAULT_SEEDS=1 runs one seed alone.
 */
faultSuite({ isKilling: false, count: { real: 90, embedded: 2 } });
