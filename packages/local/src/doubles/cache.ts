import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { Redis } from "ioredis";
import { listeningPort } from "../listening-port.ts";
import { embeddedRedis } from "./redis.ts";

type Command = string[];
type Backend = { run(command: Command): Promise<unknown>; quit(): Promise<unknown> };

/** Commands that block a connection or change the server; Upstash's REST API refuses them too. */
const refusedCommands = new Set([
  "SUBSCRIBE",
  "PSUBSCRIBE",
  "MONITOR",
  "BLPOP",
  "BRPOP",
  "WATCH",
  "AUTH",
  "SELECT",
  "SHUTDOWN",
  "CONFIG",
  "DEBUG",
]);

/** Upstash's REST protocol over an embedded Redis, or over the real one at `redisUrl`. */
export async function startCache(options: { token: string; redisUrl?: string | undefined; port?: number }) {
  const backend = options.redisUrl ? realRedis(options.redisUrl) : { run: embeddedRedis(), quit: async () => {} };
  const scripts = new Map<string, string>();
  const wanted = Buffer.from(`Bearer ${options.token}`);

  const execute = async (raw: unknown): Promise<{ result: unknown } | { error: string }> => {
    if (!Array.isArray(raw) || raw.length === 0) return { error: "ERR empty command" };
    const command = raw.map((part) =>
      typeof part === "object" && part !== null ? JSON.stringify(part) : String(part),
    );
    const name = String(command[0]).toUpperCase();
    if (refusedCommands.has(name)) return { error: `ERR Command is not available: '${command[0]}'` };
    try {
      if (name === "SCRIPT" && command[1]?.toUpperCase() === "LOAD")
        return { result: remember(scripts, command[2] ?? "") };
      return { result: await backend.run(translate(command, scripts)) };
    } catch (error) {
      return { error: error instanceof Error ? error.message.replace(/^ReplyError: /, "") : "ERR" };
    }
  };

  const server = createServer(async (request, response) => {
    const isBase64 = String(request.headers["upstash-encoding"] ?? "").toLowerCase() === "base64";
    const respond = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const given = Buffer.from(request.headers.authorization ?? "");
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      return respond(401, { error: "Unauthorized" });
    let body: unknown;
    try {
      body = await json(request);
    } catch {
      return respond(400, { error: "ERR failed to parse command" });
    }
    const reply = async (command: unknown) => {
      const outcome = await execute(command);
      return "result" in outcome ? { result: encode(outcome.result, isBase64) } : outcome;
    };
    if (request.url === "/") {
      const outcome = await reply(body);
      return respond("error" in outcome ? 400 : 200, outcome);
    }
    if ((request.url === "/pipeline" || request.url === "/multi-exec") && Array.isArray(body)) {
      const outcomes = [];
      // Sequentially, so that no other request runs between the commands of a transaction on the embedded store.
      for (const command of body) outcomes.push(await reply(command));
      return respond(200, outcomes);
    }
    return respond(404, { error: "ERR unknown path" });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${listeningPort(server)}`,
    token: options.token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await backend.quit();
    },
  };
}

const realRedis = (url: string): Backend => {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on("error", () => {});
  return { run: ([name = "", ...rest]) => redis.call(name, ...rest), quit: () => redis.quit() };
};

/**
 * Writes options of SET in capitals: ioredis-mock ignores a lower-case `ex` and grants a lock twice with a lower-case
 * `nx`.
 */
const translate = (command: Command, scripts: Map<string, string>): Command => {
  const name = String(command[0]).toUpperCase();
  if (name === "SET") return [...command.slice(0, 3), ...command.slice(3).map((option) => option.toUpperCase())];
  if (name === "EVAL") return ["EVAL", withoutShebang(command[1] ?? ""), ...command.slice(2)];
  if (name === "EVALSHA") {
    const script = scripts.get((command[1] ?? "").toLowerCase());
    if (script === undefined) throw new Error("NOSCRIPT No matching script. Please use EVAL.");
    return ["EVAL", script, ...command.slice(2)];
  }
  return command;
};

const remember = (scripts: Map<string, string>, script: string): string => {
  const sha = createHash("sha1").update(script).digest("hex");
  scripts.set(sha, withoutShebang(script));
  return sha;
};

/** Upstash's `#!lua flags=allow-key-locking` is not valid in Redis. */
const withoutShebang = (script: string): string => script.replace(/^\s*#!lua[^\n]*\n/, "");

const encode = (value: unknown, isBase64: boolean): unknown => {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((entry) => encode(entry, isBase64));
  if (typeof value === "object" && !Buffer.isBuffer(value))
    return Object.entries(value)
      .flat()
      .map((entry) => encode(entry, isBase64));
  const text = String(value);
  return isBase64 && text !== "OK" ? Buffer.from(text).toString("base64") : text;
};
