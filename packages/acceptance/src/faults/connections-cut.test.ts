import { faultSuite } from "./suite.ts";

/**
 * Documents through workers that die, a storage that stalls and messages that come as they like. One failing seed is run
 * alone by FAULT_FIRST_SEED=… FAULT_SEEDS=1.
 */
faultSuite({ isKilling: false, count: { real: 90, embedded: 5 } });
