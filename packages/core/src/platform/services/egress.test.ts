import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer as createRawServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { sharedData } from "../../../../../scripts/shared-data.ts";
import { Problem } from "../problems.ts";
import { type EgressError, egressFetch, type Lookup } from "./egress.ts";
import { assertAllowedUrl, isPublicAddress } from "./egress-address.ts";

type Labelled = { url: string; expected: string; ip: string; host: string; why: string };

const urls = sharedData("conformance/ssrf/urls.json");
test.skipIf(!urls)("every address is classified as its label requires", () => {
  const labelled: Labelled[] = JSON.parse(readFileSync(urls!, "utf8"));
  const withAddress = labelled.filter(({ ip }) => ip !== "");
  const wrong = withAddress.filter(({ ip, expected }) => isPublicAddress(ip) !== (expected !== "block"));
  expect(wrong.map(({ url, ip, expected, why }) => `${url} (${ip}): ${expected}, ${why}`)).toEqual([]);
  expect(withAddress.length).toBeGreaterThan(20);
});

test.skipIf(!urls)("no URL labelled as blocked or invalid is allowed", () => {
  const labelled: Labelled[] = JSON.parse(readFileSync(urls!, "utf8"));
  const let_through = labelled.filter(({ url, expected }) => {
    if (expected !== "block" && expected !== "invalid-url") return false;
    try {
      assertAllowedUrl(url.replace(/^http:/, "https:"));
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      return false;
    }
  });
  // A name that resolves to a private address is refused at the connection, not by its spelling.
  expect(let_through.filter(({ ip }) => ip !== "").map(({ url }) => url)).toEqual([]);
});

test("https on 443 and 8443 without credentials is allowed, and nothing else", () => {
  for (const url of ["https://example.com/hook", "https://example.com:8443/", "https://93.184.216.34/"])
    expect(assertAllowedUrl(url).href).toBe(new URL(url).href);
  for (const url of [
    "http://example.com",
    "https://example.com:8080",
    "https://u:p@example.com",
    "ftp://example.com",
    "https://localhost",
    "https://intranet",
    "nonsense",
  ])
    expect(() => assertAllowedUrl(url), url).toThrow(Problem);
});

test("loopback is allowed only by the policy, and the policy allows nothing else", () => {
  expect(assertAllowedUrl("http://127.0.0.1:3999/x", { allowLoopback: true }).port).toBe("3999");
  expect(() => assertAllowedUrl("http://10.0.0.1/x", { allowLoopback: true })).toThrow(Problem);
});

const resolved =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const call = (url: string, lookup: Lookup) =>
  egressFetch(url, { maxResponseBytes: 100, timeoutSeconds: 2 }, { allowLoopback: false }, lookup).then(
    () => "reached",
    (error: EgressError) => error.reason,
  );

test("a name that resolves to a private address is refused at the connection, also when other addresses are public", async () => {
  for (const set of [["127.0.0.1"], ["93.184.216.34", "10.0.0.5"], ["93.184.216.34", "fd00::1"], ["::ffff:10.0.0.1"]])
    expect(await call("https://example.com/", resolved(...set)), set.join()).toBe("address-not-allowed");
  expect(await call("https://example.com/", resolved())).toBe("dns");
});

const serve = async (listener: RequestListener, work: (base: string) => Promise<void>) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};
const local = { allowLoopback: true };

test("redirects are followed up to the limit and never to a private host", () =>
  serve(
    (request, response) => {
      const to = { "/loop": "/loop", "/meta": "http://169.254.169.254/", "/file": "file:///etc/passwd" }[
        request.url ?? ""
      ];
      response.writeHead(to ? 302 : 200, to ? { location: to } : {}).end("done");
    },
    async (base) => {
      const get = (path: string, maxRedirects: number) =>
        egressFetch(base + path, { maxRedirects, maxResponseBytes: 100, timeoutSeconds: 5 }, local);
      expect((await get("/loop", 0)).status).toBe(302);
      await expect(get("/loop", 5)).rejects.toMatchObject({ reason: "too-many-redirects" });
      await expect(get("/meta", 5)).rejects.toMatchObject({ code: "url-not-allowed" });
      await expect(get("/file", 5)).rejects.toMatchObject({ code: "url-not-allowed" });
    },
  ));

test("an endless body is truncated, and a slow one ends at the deadline", () =>
  serve(
    (request, response) => {
      const timer = setInterval(
        () => response.write(request.url === "/slow" ? "x" : "x".repeat(1000)),
        request.url === "/slow" ? 300 : 1,
      );
      response.on("close", () => clearInterval(timer));
    },
    async (base) => {
      const cut = await egressFetch(`${base}/endless`, { maxResponseBytes: 5000, timeoutSeconds: 5 }, local);
      expect(cut.isTruncated).toBe(true);
      expect(cut.body.length).toBe(5000);
      // T12: the status has arrived, so it counts.
      const slow = await egressFetch(`${base}/slow`, { maxResponseBytes: 5000, timeoutSeconds: 1 }, local);
      expect(slow).toMatchObject({ status: 200, isComplete: false, isTruncated: false });
    },
  ));

test("the connection uses the checked address, and every new connection is checked again", () =>
  serve(
    (request, response) =>
      response.writeHead(request.url === "/twice" ? 302 : 200, { location: "/once", connection: "close" }).end("done"),
    async (base) => {
      const port = new URL(base).port;
      const sequence = [["127.0.0.1"], ["10.0.0.5"]];
      let lookups = 0;
      const changing: Lookup = async () => sequence[lookups++]!.map((address) => ({ address, family: 4 }));
      const init = { maxRedirects: 1, maxResponseBytes: 100, timeoutSeconds: 5 };
      expect((await egressFetch(`http://localhost:${port}/once`, init, local, changing)).status).toBe(200);
      expect(lookups).toBe(1);
      lookups = 0;
      await expect(egressFetch(`http://localhost:${port}/twice`, init, local, changing)).rejects.toMatchObject({
        reason: "address-not-allowed",
      });
    },
  ));

test("the next call to a host uses the open connection; one that the host has closed by then is replaced, once", async () => {
  let connections = 0;
  // Of each connection, the second request is not answered: the host closes it.
  const server = createRawServer((socket) => {
    connections += 1;
    let requests = 0;
    socket.on("data", () => {
      requests += 1;
      if (requests === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      else socket.resetAndDestroy();
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const init = { method: "POST" as const, body: "{}", maxResponseBytes: 100, timeoutSeconds: 5 };
  for (const expected of [1, 2]) {
    expect((await egressFetch(url, init, local)).status).toBe(200);
    expect(connections).toBe(expected);
  }
  await new Promise((resolve) => server.close(resolve));
  await serve(
    (_, response) => response.end("ok"),
    async (base) => {
      const lookups: string[] = [];
      const counted: Lookup = async (host) => {
        lookups.push(host);
        return [{ address: "127.0.0.1", family: 4 }];
      };
      for (let n = 0; n < 3; n++) await egressFetch(base.replace("127.0.0.1", "localhost"), init, local, counted);
      expect(lookups).toEqual(["localhost"]);
    },
  );
});

test.runIf(process.platform === "linux")(
  "an address that answers after a second is used, although the next one refuses",
  async () => {
    const program = `require("node:http").createServer((_, response) => response.end("ok"))
    .listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () { console.log(this.address().port) })`;
    const server = spawn(process.execPath, ["-e", program]);
    try {
      const port = Number(String((await once(server.stdout, "data"))[0]));
      // A process that is stopped accepts nothing. When its queue is full, the kernel ignores a connection, which is tried again after a second.
      server.kill("SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 100));
      const waiting = Array.from({ length: 2 }, () => connect(port, "127.0.0.1").on("error", () => undefined));
      await Promise.all(waiting.map((socket) => once(socket, "connect")));
      setTimeout(() => server.kill("SIGCONT"), 500);
      const twice: Lookup = async () => ["127.0.0.1", "127.0.0.9"].map((address) => ({ address, family: 4 }));
      const init = { maxResponseBytes: 100, timeoutSeconds: 8 };
      expect((await egressFetch(`http://localhost:${port}/`, init, local, twice)).status).toBe(200);
      for (const socket of waiting) socket.destroy();
    } finally {
      server.kill("SIGKILL");
    }
  },
);

test("a name that does not exist is a dns failure", async () => {
  const missing: Lookup = () => Promise.reject(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
  expect(await call("https://nothing.example/", missing)).toBe("dns");
});

test("a redirect to a private host, or to an invalid URL, is refused", () =>
  serve(
    (request, response) =>
      response.writeHead(307, { location: request.url === "/private" ? "http://10.0.0.1/" : "http://[nonsense" }).end(),
    async (base) => {
      const init = { method: "POST" as const, body: "{}", maxRedirects: 5, maxResponseBytes: 100, timeoutSeconds: 5 };
      for (const path of ["/private", "/nonsense"])
        await expect(egressFetch(base + path, init, local)).rejects.toMatchObject({ code: "url-not-allowed" });
    },
  ));

test("another origin gets neither headers nor body; the same origin gets both after a 307", () => {
  const seen: unknown[] = [];
  const record: RequestListener = (request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      seen.push([request.method, request.headers["authorization"], body]);
      response.end();
    });
  };
  return serve(record, (other) =>
    serve(
      (request, response) => {
        if (request.url === "/end") return record(request, response);
        response.writeHead(request.url === "/same" ? 307 : 302, { location: request.url === "/same" ? "/end" : other });
        return response.end();
      },
      async (base) => {
        const headers = { authorization: "Bearer secret" };
        const init = {
          method: "POST" as const,
          headers,
          body: "x",
          maxRedirects: 1,
          maxResponseBytes: 9,
          timeoutSeconds: 5,
        };
        await egressFetch(`${base}/same`, init, local);
        await egressFetch(`${base}/other`, init, local);
        expect(seen).toEqual([
          ["POST", "Bearer secret", "x"],
          ["GET", undefined, ""],
        ]);
      },
    ),
  );
});

test("headers that arrive slowly end at the deadline", async () => {
  const server = createRawServer((socket) => {
    const head = "HTTP/1.1 200 OK\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let sent = 0;
    const timer = setInterval(() => socket.write(head[sent++]!), 50);
    socket.on("error", () => undefined).on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const outcome = egressFetch(url, { maxResponseBytes: 100, timeoutSeconds: 1 }, local);
  await expect(outcome).rejects.toMatchObject({ reason: "timeout" });
  await new Promise((resolve) => server.close(resolve));
});

const serveRaw = async (reply: (socket: Socket) => void, work: (url: string) => Promise<void>) => {
  const server = createRawServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => reply(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};
const post = { method: "POST" as const, body: "{}", maxResponseBytes: 100, timeoutSeconds: 5 };

test.each([
  [
    "T18: interim responses that nobody asked for",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
    204,
  ],
  ["no interim response", "", 204],
])("%s are ignored", (_, before, status) =>
  serveRaw(
    (socket) => socket.end(`${before}HTTP/1.1 ${status} No Content\r\n\r\n`),
    async (url) => expect(await egressFetch(url, post, local)).toMatchObject({ status, isComplete: true }),
  ),
);

test.each([200, 410])("T12: the status %i counts when the connection is reset in the middle of the body", (status) =>
  serveRaw(
    (socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 50\r\n\r\nabc`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    async (url) => expect(await egressFetch(url, post, local)).toMatchObject({ status, isComplete: false }),
  ),
);

test("a response of 101 is a connect failure, also when the connection stays open", () =>
  serveRaw(
    (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
    (url) => expect(egressFetch(url, post, local)).rejects.toMatchObject({ reason: "connect" }),
  ));

test("a connection that is reset before the status has arrived is a connect failure", () =>
  serveRaw(
    (socket) => socket.resetAndDestroy(),
    (url) => expect(egressFetch(url, post, local)).rejects.toMatchObject({ reason: "connect" }),
  ));

test("unallocated and tunnelled IPv6 is not the public internet", () => {
  for (const ip of [
    "4000::1",
    "2001:0:4136:e378::1",
    "64:ff9b::10.0.0.1",
    "2002:a00:1::1",
    "::ffff:192.168.0.1",
    "fe80::1%eth0",
    "::",
  ])
    expect(isPublicAddress(ip), ip).toBe(false);
  for (const ip of ["2606:4700::6810:84e5", "64:ff9b::8.8.8.8", "8.8.8.8"]) expect(isPublicAddress(ip), ip).toBe(true);
});
