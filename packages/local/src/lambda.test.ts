import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type FunctionSpec, functions } from "@resolve/functions/topology";
import { afterEach, expect, test } from "vitest";
import { startGateway } from "./gateway.ts";
import { asyncEventBytesMax, type Handler, invoke } from "./lambda.ts";
import { startPool } from "./lambda-pool.ts";
import { type LeftWork, reportLeftWork } from "./lambda-sockets.ts";
import type { Behaviour } from "./testing-thread.ts";

/** Functions as Lambda runs them: a thread for each invocation, timeouts, payload limits, and nothing after the return. */
const closers: (() => unknown)[] = [];
/** A new thread needs seconds on a busy machine. */
const slow = { timeout: 20_000 };
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  reportLeftWork(() => {});
});

/** A server that responds and keeps its connections open, such as a database; it does not respond to "hang", or at all. */
const startServer = async ({ isSilent = false } = {}) => {
  const sockets: Socket[] = [];
  let received = "";
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      received += data;
      if (!isSilent && !String(data).includes("hang")) socket.write("ok");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A server on TCP has a port.
  const { port } = server.address() as AddressInfo;
  const respond = () => {
    for (const socket of sockets) socket.write("ok");
  };
  return { port, respond, received: () => received, open: () => sockets.filter(({ closed }) => !closed).length };
};

const start = () => {
  const leftWork: LeftWork[] = [];
  const pool = startPool({
    onLeftWork: (work) => leftWork.push(work),
    program: new URL("./testing-thread.ts", import.meta.url),
  });
  closers.push(pool.close);
  const call = (name: Parameters<typeof pool.invoke>[0], behaviour: Behaviour, bytesMax?: number) =>
    pool.invoke(name, behaviour, bytesMax);
  return { pool, call, leftWork };
};

test("a function that computes beyond its timeout is killed with its connections, and the next invocation runs in a new thread", async () => {
  const { call, pool } = start();
  const server = await startServer();
  // `api` has the shortest timeout.
  const looping = call("api", { port: server.port, does: "loops" });
  // Its thread is busy, so this one is another one.
  expect(await call("api", {})).toMatchObject({ calls: 1 });
  const at = Date.now();
  await expect(looping).rejects.toMatchObject({ name: "FunctionTimeout", message: "api timed out after 8 s" });
  expect(Date.now() - at).toBeLessThan(20_000);
  await expect.poll(server.open, slow).toBe(0);
  expect(pool.size()).toBe(1);
  expect(await call("api", {})).toMatchObject({ calls: 2 });
}, 60_000);

test("a request beyond the API's timeout gets the gateway's 503, its connections are closed, and others are not disturbed", async () => {
  const server = await startServer();
  const handler: Handler = async (event) => {
    // The gateway makes the event.
    const { rawPath } = event as { rawPath: string };
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(rawPath === "/api/hangs" ? "hang" : "begin");
    await once(socket, rawPath === "/api/hangs" ? "close" : "data");
    return { statusCode: 200, body: "done" };
  };
  const gateway = await startGateway({ port: 0, invoke: (name, event) => invoke(name, event, handler) });
  closers.push(gateway.close);
  const get = (path: string) => fetch(`http://127.0.0.1:${gateway.port}${path}`);
  const hanging = get("/api/hangs");
  expect((await get("/api/returns")).status).toBe(200);
  await expect.poll(server.open, slow).toBe(2);
  const response = await hanging;
  expect([response.status, await response.json()]).toEqual([503, { message: "Service Unavailable" }]);
  await expect.poll(server.open, slow).toBe(1);
}, 60_000);

test("a request beyond the function's reserved concurrency gets the gateway's 503 at once, and the next one does not", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const handler: Handler = async () => {
    await released;
    return { statusCode: 200, body: "done" };
  };
  const gateway = await startGateway({ port: 0, invoke: (name, event) => invoke(name, event, handler) });
  closers.push(gateway.close);
  const get = () => fetch(`http://127.0.0.1:${gateway.port}/api/health`);
  const most = Array.from({ length: (functions.api as FunctionSpec).reservedConcurrency! }, () =>
    invoke("api", {}, handler),
  );
  const refused = await get();
  expect([refused.status, await refused.json()]).toEqual([503, { message: "Service Unavailable" }]);
  release();
  await Promise.all(most);
  expect((await get()).status).toBe(200);
});

test("a timeout closes the connection on which the invocation waits, and keeps those that have answered", async () => {
  const [answering, silent] = [await startServer(), await startServer({ isSilent: true })];
  let goOn = () => {};
  const later = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const handler: Handler = async () => {
    const [answered, waiting] = [answering, silent].map(({ port }) => connect(port, "127.0.0.1").on("error", () => {}));
    answered!.write("begin");
    await once(answered!, "data");
    waiting!.write("begin");
    await later;
    // As a pool would after the timeout.
    answered!.write("later");
  };
  const invoked = invoke("api", {}, handler);
  await expect.poll(silent.open, slow).toBe(1);
  await expect(invoked).rejects.toMatchObject({ name: "FunctionTimeout" });
  await expect.poll(silent.open, slow).toBe(0);
  expect(answering.open()).toBe(1);
  goOn();
  await expect.poll(answering.open, slow).toBe(0);
}, 60_000);

test("work that a function leaves running after it returned is reported, and its connection is closed", async () => {
  const { call, leftWork } = start();
  const server = await startServer();
  expect(await call("record-fetch", { port: server.port })).toMatchObject({ calls: 1 });
  await call("fan-out", { port: server.port, does: "leaves work" });
  await expect.poll(() => leftWork, slow).toEqual([{ name: "fan-out", address: `127.0.0.1:${server.port}` }]);

  // In one thread: a write after the return, and a query that nobody waits for.
  const inThread: LeftWork[] = [];
  reportLeftWork((work) => inThread.push(work));
  const address = `127.0.0.1:${server.port}`;
  await invoke("relay", {}, async () => {
    const socket = await open(server.port);
    setTimeout(() => socket.write("late"), 20);
    return {};
  });
  await expect.poll(() => inThread, slow).toEqual([{ name: "relay", address }]);
  await invoke("sweep", {}, async () => {
    const socket = await open(server.port);
    socket.write("hang");
    return {};
  });
  expect(inThread.slice(1)).toEqual([{ name: "sweep", address }]);
});

const open = async (port: number): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("begin");
  await once(socket, "data");
  return socket;
};

test("when functions are replaced, running invocations finish and the next ones run in new threads", async () => {
  const { call, pool } = start();
  const server = await startServer({ isSilent: true });
  const running = call("record-fetch", { port: server.port });
  await expect.poll(server.received, slow).toBe("begin");
  pool.replace();
  expect(await call("record-fetch", {})).toMatchObject({ calls: 1 });
  server.respond();
  expect(await running).toMatchObject({ calls: 1 });
  expect(pool.size()).toBe(1);
  expect(await call("record-fetch", {})).toMatchObject({ calls: 2 });
  pool.replace();
  expect(pool.size()).toBe(0);
  expect(await call("record-fetch", {})).toMatchObject({ calls: 1 });
}, 60_000);

test("a function that ends its process fails alone, and one that returns nothing succeeds", async () => {
  const { call } = start();
  await expect(call("record-fetch", { does: "crashes" })).rejects.toThrow("ended its process");
  expect(await call("record-fetch", { does: "returns nothing" })).toBeNull();
});

test("events and results beyond Lambda's limits are refused, and those below pass", async () => {
  const { call, pool } = start();
  expect(await call("record-fetch", { bytes: 6_000_000 })).toMatchObject({ calls: 1 });
  await expect(call("record-fetch", { bytes: 6_300_000 })).rejects.toMatchObject({ name: "PayloadTooLarge" });
  const event = (bytes: number) => ({ detail: "x".repeat(bytes) });
  await pool.invoke("fan-out", event(asyncEventBytesMax - 100), asyncEventBytesMax);
  await expect(pool.invoke("fan-out", event(asyncEventBytesMax), asyncEventBytesMax)).rejects.toMatchObject({
    name: "PayloadTooLarge",
  });
  await expect(pool.invoke("record-fetch", event(6_300_000))).rejects.toMatchObject({ name: "PayloadTooLarge" });
});

test("one function never takes all threads, and its further invocations wait for their turn", async () => {
  const { call } = start();
  const server = await startServer();
  const waiting = [1, 2, 3, 4].map(() => call("api", { port: server.port, does: "waits" }));
  const ended = Promise.allSettled(waiting);
  await expect.poll(server.received, slow).toBe("begin".repeat(3));
  expect(await call("record-fetch", {})).toMatchObject({ calls: 1 });
  expect(server.received()).toBe("begin".repeat(3));
  await Promise.race(waiting).catch(() => {});
  await expect.poll(server.received, slow).toBe("begin".repeat(4));
  await Promise.all(closers.splice(0).map((close) => close()));
  expect((await ended).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
}, 60_000);
