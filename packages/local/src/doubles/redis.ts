import { type AddressInfo, createServer, type Socket } from "node:net";
import RedisMock from "ioredis-mock";
import Parser from "redis-parser";

/** Redis's own protocol (RESP2) over Redis in this process, behind a password. */
export async function startRedis({ password }: { password: string }) {
  const run = embeddedRedis();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => {}));
    let isKnown = false;
    const answer = async ([name, ...rest]: string[]): Promise<unknown> => {
      const command = name!.toUpperCase();
      if (command === "AUTH") {
        isKnown = rest.at(-1) === password;
        if (!isKnown) throw new Error("WRONGPASS invalid username-password pair or user is disabled.");
        return "OK";
      }
      if (!isKnown) throw new Error("NOAUTH Authentication required.");
      return run([command, ...rest]);
    };
    // Answers come in the order of the commands.
    let turn = Promise.resolve();
    const parser = new Parser({
      returnReply: (command) => {
        turn = turn.then(async () => {
          socket.write(encode(await answer(command).catch((error: unknown) => error)));
        });
      },
      returnError: (error) => socket.destroy(error),
    });
    socket.on("data", (chunk) => parser.execute(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Ends all connections, as a failover does. */
    hangUp,
    close: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs a command on a Redis in this process. */
export const embeddedRedis = () => {
  const redis = new RedisMock() as unknown as Record<string, ((...args: string[]) => Promise<unknown>) | undefined>;
  return async ([name, ...rest]: string[]): Promise<unknown> => {
    const method = redis[name!.toLowerCase()];
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
