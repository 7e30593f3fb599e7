import { createServer, type Socket } from "node:net";
import RedisMock from "ioredis-mock";
import Parser from "redis-parser";
import { listeningPort } from "../listening-port.ts";

/** Redis's protocol (RESP2) over an embedded Redis, with a password. The embedded servers of one process share their keys. */
export async function startRedis({ password, port = 0 }: { password: string; port?: number }) {
  const run = embeddedRedis();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => {}));
    let isAuthenticated = false;
    const execute = async ([name = "", ...rest]: string[]): Promise<unknown> => {
      const command = name.toUpperCase();
      if (command === "AUTH") {
        isAuthenticated = rest.at(-1) === password;
        if (!isAuthenticated) throw new Error("WRONGPASS invalid username-password pair or user is disabled.");
        return "OK";
      }
      if (!isAuthenticated) throw new Error("NOAUTH Authentication required.");
      return run([command, ...rest]);
    };
    // Replies are in the order of the commands.
    let previous = Promise.resolve();
    const parser = new Parser({
      returnReply: (command) => {
        previous = previous.then(async () => {
          socket.write(encode(await execute(command).catch((error: unknown) => error)));
        });
      },
      returnError: (error) => socket.destroy(error),
    });
    socket.on("data", (chunk) => parser.execute(chunk));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const closeConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${listeningPort(server)}`,
    /** Closes all connections, as a failover does. */
    closeConnections,
    close: async () => {
      closeConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns a function that runs a command on an embedded Redis. */
export const embeddedRedis = () => {
  // The types lack the commands, which are methods with lower-case names.
  const redis = new RedisMock() as unknown as Record<string, ((...args: string[]) => Promise<unknown>) | undefined>;
  return async ([name = "", ...rest]: string[]): Promise<unknown> => {
    const method = redis[name.toLowerCase()];
    if (typeof method !== "function") throw new Error(`ERR unknown command '${name}'`);
    return method.apply(redis, rest);
  };
};

const encode = (value: unknown): string => {
  if (value === null || value === undefined) return "$-1\r\n";
  if (value instanceof Error) return `-${value.message}\r\n`;
  if (typeof value === "number") return `:${value}\r\n`;
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(encode).join("")}`;
  const text = String(value);
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
};
