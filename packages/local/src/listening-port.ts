import type { AddressInfo, Server } from "node:net";

/** The port of a server that listens on TCP. The cast is safe: `address` has another type only for a closed server or a path. */
export const listeningPort = (server: Server): number => (server.address() as AddressInfo).port;
