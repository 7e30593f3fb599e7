import { faultSuite } from "./suite.ts";

/** As connections-cut, with workers in processes that are ended by SIGKILL. */
faultSuite({ isKilling: true, count: { real: 10, embedded: 1 } });
