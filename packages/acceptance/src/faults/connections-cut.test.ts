import { faultSuite } from "./suite.ts";

/**
 * Documents stay correct while workers die, storage stalls, and messages arrive late, twice and out of order.
 * FAULT_FIRST_SEED=… FAULT_SEEDS=1 runs one seed.
 */
faultSuite({ isKilling: false, count: { real: 20, embedded: 2 } });
