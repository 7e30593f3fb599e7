import { faultSuite } from "./suite.ts";

/** The same, and the workers are processes that SIGKILL ends. */
faultSuite({ isKilling: true, count: { real: 10, embedded: 4 } });
