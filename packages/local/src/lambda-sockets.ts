import { AsyncLocalStorage } from "node:async_hooks";
import { Socket } from "node:net";
import type { FunctionName } from "@resolve/functions/topology";

/** One invocation of a function in this thread. One that took too long is abandoned: what it still does is stopped, but is no fault. */
export type Invocation = { name: string; hasEnded: boolean; isAbandoned: boolean };

export const newInvocation = (name: FunctionName): Invocation => ({ name, hasEnded: false, isAbandoned: false });

/** What an invocation did after its handler had returned. AWS freezes a function then, so such work happens late or never. */
export type LeftWork = { name: string; address: string };

const invocations = new AsyncLocalStorage<Invocation>();
/** The sockets of this thread that an invocation has written to: the last one that did, and what had been read before. */
const users = new Map<Socket, { invocation: Invocation; bytesRead: number }>();
let onLeftWork = (_: LeftWork): void => {};

const { connect, write } = Socket.prototype;

/**
 * Connections outlive invocations. A pool's connection is made outside of the invocation that needs it, so that what the
 * connection does for later invocations is not taken for work of the first one.
 */
// The casts: both functions have overloads, and get their arguments unchanged.
Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]) {
  return invocations.exit(() => connect.apply(this, parameters as never));
} as typeof connect;

Socket.prototype.write = function (this: Socket, ...parameters: unknown[]) {
  const invocation = invocations.getStore();
  if (invocation && !isLog(this)) {
    if (!users.has(this)) this.once("close", () => users.delete(this));
    users.set(this, { invocation, bytesRead: this.bytesRead });
    if (invocation.hasEnded || invocation.isAbandoned) stopLeftWork(this, invocation);
  }
  return write.apply(this, parameters as never);
} as typeof write;

/** Log lines go to the process's own output, which nobody answers. */
const isLog = (socket: object): boolean => socket === process.stdout || socket === process.stderr;

const stopLeftWork = (socket: Socket, { name, isAbandoned }: Invocation): void => {
  if (socket.destroyed) return;
  if (!isAbandoned) onLeftWork({ name, address: `${socket.remoteAddress ?? "a server"}:${socket.remotePort ?? ""}` });
  // Later, because a client that writes does not expect that its socket closes within the call.
  setImmediate(() => socket.destroy());
};

/**
 * Runs a handler as an invocation. Requests that wait for their response when it returns, and everything that it writes to
 * a connection later, are work that it left running: it is reported, and the connection is closed.
 */
export const runInvocation = async <T>(invocation: Invocation, work: () => Promise<T>): Promise<T> => {
  try {
    return await invocations.run(invocation, work);
  } finally {
    invocation.hasEnded = true;
    for (const socket of waitingOf(invocation)) stopLeftWork(socket, invocation);
  }
};

/** The connections on which it has sent something and nothing has come back. */
const waitingOf = (invocation: Invocation): Socket[] =>
  [...users]
    .filter(([socket, user]) => user.invocation === invocation && socket.bytesRead === user.bytesRead)
    .map(([socket]) => socket);

/**
 * Closes the connections on which the invocation waits, and each one that it uses later, so that what it still does fails. Others that it
 * has used are of use to later invocations: a new session would first have to plan what they ask.
 */
export const abandon = (invocation: Invocation): void => {
  invocation.isAbandoned = true;
  for (const socket of waitingOf(invocation)) socket.destroy();
};

/** Calls `report` for work that an invocation left running. */
export const reportLeftWork = (report: (work: LeftWork) => void): void => {
  onLeftWork = report;
};
