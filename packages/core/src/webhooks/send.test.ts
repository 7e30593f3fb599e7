import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createRawServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../platform/id.ts";
import { type AttemptMessage, sendAttempt } from "./send.ts";

/** Receivers that misbehave: an attempt is limited in time and memory, and reports what happened. */
const message = (url: string): AttemptMessage => ({
  tenantId: newId("tenant"),
  deliveryId: newId("delivery"),
  attempt: 1,
  url,
  headers: { "webhook-timestamp": String(Math.floor(Date.now() / 1000)), "content-type": "application/json" },
  sealedHeaders: null,
  body: "{}",
});
const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
const listen = async (server: Server | ReturnType<typeof createRawServer>): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};
const serve = (respond: RequestListener) => listen(createServer(respond));
const sockets = new Set<Socket>();
const serveRaw = (reply: (socket: Socket) => void) =>
  listen(
    createRawServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      socket.once("data", () => reply(socket));
    }),
  );

beforeAll(() => {
  process.env["RESOLVE_EGRESS_ALLOW"] = "loopback";
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
});

describe("an attempt", () => {
  test("reads 64 KB of a response of 20 MB, shows a kilobyte of it, and is a success", async () => {
    const chunk = Buffer.alloc(1024 ** 2, "x");
    let sent = 0;
    const url = await serve((_, response) => {
      response.on("error", () => undefined).writeHead(200);
      const more = () => {
        if (sent >= 20 * 1024 ** 2 || response.destroyed) return response.end();
        sent += chunk.length;
        return response.write(chunk) ? setImmediate(more) : response.once("drain", more);
      };
      more();
    });
    const before = process.memoryUsage().arrayBuffers;
    const result = await sendAttempt(message(url));
    expect(result).toMatchObject({ statusCode: 200, cause: null });
    expect(result.response).toHaveLength(1_000);
    expect(sent).toBeLessThan(20 * 1024 ** 2);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 ** 2);
  });

  test("does not unpack a gzip bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 ** 2));
    const url = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    const result = await sendAttempt(message(url));
    expect(result).toMatchObject({ statusCode: 200, cause: null });
    expect(result.response.length).toBeLessThanOrEqual(1_000);
  });

  test.each([
    ["a connection that is reset after the headers", 200, null],
    ["the same with an error", 503, "status"],
  ])("keeps the status of %s", async (_, status, cause) => {
    const url = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 50\r\n\r\nabc`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    expect(await sendAttempt(message(url))).toMatchObject({ statusCode: status, cause });
  });

  test("follows no redirect to the metadata address, nor any other", async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(307, { location: "http://169.254.169.254/latest/meta-data/" }).end();
    });
    expect(await sendAttempt(message(url))).toMatchObject({ statusCode: 307, cause: "redirect" });
    expect(calls).toBe(1);
  });

  test("names why there was no status", async () => {
    const broken = await serveRaw((socket) => socket.resetAndDestroy());
    const large = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}\r\n\r\n`));
    const port = new URL(broken).port;
    const cases = [
      [broken, "connection"],
      [large, "too-large"],
      ["http://127.0.0.1:9/", "refused"],
      [`https://127.0.0.1:${port}/`, "connection"],
      ["https://name.that-does-not-exist.invalid/", "dns"],
      ["https://169.254.169.254/latest/meta-data/", "address-not-allowed"],
      ["https://[::ffff:10.0.0.1]/", "address-not-allowed"],
    ];
    const results = await Promise.all(cases.map(([url]) => sendAttempt(message(url!))));
    expect(results.map(({ cause }) => cause)).toEqual(cases.map(([, cause]) => cause));
    expect(results.map(({ statusCode }) => statusCode)).toEqual(cases.map(() => null));
  });

  test("refuses a certificate that nobody trusts, and sends nothing", async () => {
    // Self-signed for localhost and 127.0.0.1, until 2126: key and certificate.
    const pem = readFileSync(new URL("./untrusted.pem", import.meta.url));
    let requests = 0;
    const server = createTlsServer({ key: pem, cert: pem }, (_, response) => {
      requests += 1;
      response.end();
    });
    const url = (await listen(server)).replace("http:", "https:");
    expect(await sendAttempt(message(url))).toMatchObject({ statusCode: null, cause: "tls" });
    expect(requests).toBe(0);
  });

  test.each([
    ["a name with a public and a private address", ["8.8.8.8", "10.0.0.1"], "address-not-allowed"],
    ["a name with the metadata address", ["169.254.169.254"], "address-not-allowed"],
    ["a name with a private IPv6 address", ["fd00:ec2::254"], "address-not-allowed"],
    ["a name without an address", [], "dns"],
  ])("does not connect to %s", async (_, addresses, cause) => {
    const lookup = async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    expect(await sendAttempt(message("https://hooks.example.com/"), lookup)).toMatchObject({ statusCode: null, cause });
  });

  test("uses the addresses that it has checked, and checks them again for each connection", async () => {
    const url = (await serve((_, response) => response.setHeader("connection", "close").end())).replace(
      "127.0.0.1",
      "localhost",
    );
    // The first address refuses, so the second one is used; then the name is moved into a private network.
    const answers = [["127.0.0.2", "127.0.0.1"], ["10.0.0.1"], ["127.0.0.2"]];
    const lookup = async () => answers.shift()!.map((address) => ({ address, family: 4 }));
    expect(await sendAttempt(message(url), lookup)).toMatchObject({ statusCode: 200, cause: null });
    expect(await sendAttempt(message(url), lookup)).toMatchObject({ statusCode: null, cause: "address-not-allowed" });
    expect(await sendAttempt(message(url), lookup)).toMatchObject({ statusCode: null, cause: "refused" });
  });

  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
  /** The two obsolete forms that a recipient must understand (RFC 9110 §5.6.7): RFC 850, and C's asctime, which is UTC too. */
  const obsolete = (seconds: number) => {
    const [, day, month, year, time] = at(seconds).split(" ");
    const weekday = at(seconds).slice(0, 3);
    return {
      rfc850: `Monday, ${day}-${month}-${year!.slice(2)} ${time} GMT`,
      asctime: `${weekday} ${month} ${day} ${time} ${year}`,
    };
  };
  test.each<[string, number | null]>([
    ["120", 120],
    ["0", 0],
    [" 30 ", 30],
    [at(900), 900],
    [at(-90), 0],
    [obsolete(900).rfc850, 900],
    [obsolete(900).asctime, 900],
    ["-5", null],
    ["1.5", null],
    ["soon", null],
    ["", null],
    ["99999999999999", null],
    ["2038-01-19", null],
  ])("understands Retry-After: %s", async (header, expected) => {
    const url = await serve((_, response) => response.writeHead(429, { "retry-after": header }).end());
    const { retryAfterSeconds, cause } = await sendAttempt(message(url));
    expect(cause).toBe("status");
    if (expected === null) expect(retryAfterSeconds).toBeNull();
    else expect(Math.abs(retryAfterSeconds! - expected)).toBeLessThanOrEqual(expected > 200 ? 100 : 0);
  });

  test("ends 2 s after the status when the body comes byte by byte, after 15 s when nothing comes, and delays no other attempt", async () => {
    const dripping = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("a"), 1_000);
      response.on("close", () => clearInterval(timer)).on("error", () => undefined);
    });
    const silent = await serveRaw(() => {});
    const fast = await serve((_, response) => response.writeHead(204).end());
    const startedAt = performance.now();
    const dripped = sendAttempt(message(dripping)).then((result) => ({
      ...result,
      after: performance.now() - startedAt,
    }));
    const slow = Promise.all([dripped, sendAttempt(message(silent))]);
    const others = await Promise.all(Array.from({ length: 10 }, () => sendAttempt(message(fast))));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(new Set(others.map(({ statusCode }) => statusCode))).toEqual(new Set([204]));
    const [bytes, nothing] = await slow;
    // T12: the attempt is over, because its status says what became of it.
    expect(bytes).toMatchObject({ statusCode: 200, cause: null });
    expect(bytes.after).toBeLessThan(10_000);
    expect(nothing).toMatchObject({ statusCode: null, cause: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(17_000);
  }, 30_000);
});
