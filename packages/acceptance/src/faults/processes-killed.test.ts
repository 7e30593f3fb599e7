import { faultSuite } from "./suite.ts";

/** The same as connections-cut, with workers in child processes that are ended by SIGKILL. */
faultSuite({ isKilling: true, count: { real: 6, embedded: 2 } });
