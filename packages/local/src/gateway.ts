import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { type FunctionName, routes } from "@resolve/functions/topology";
import { FunctionTimeout, PayloadTooLarge, TooManyExecutions } from "./lambda.ts";
import { listeningPort } from "./listening-port.ts";

/** The payload limit of an HTTP API (API Gateway quotas). */
const payloadBytesMax = 10 * 1024 ** 2;

type Result = {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
};

/** What lies beside API and console at the same address. False: it has nothing at this path. */
export type Beside = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

/** API Gateway's HTTP API with payload format 2.0, on loopback. Rejects when the port is in use. */
export async function startGateway(options: {
  port: number;
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  beside?: Beside;
}) {
  const server = createServer((request, response) => {
    handle(request, response, options).catch(() => {
      if (!response.headersSent) plain(response, 500, { message: "Internal Server Error" });
      response.end();
    });
  });
  // Longer than a route with `waitSeconds` takes and than a person reads a page, so that each user keeps a connection.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const port = listeningPort(server);
  return {
    port,
    close: async () => {
      server.closeIdleConnections();
      const closed = new Promise((resolve) => server.close(resolve));
      const timer = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(timer);
    },
  };
}

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: Parameters<typeof startGateway>[0],
): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://local");
  if (await options.beside?.(request, response, url)) return;
  if (!url.pathname.startsWith("/api")) {
    await serveConsole(request, response, url.pathname);
    return;
  }
  const body = await read(request);
  if (!body) {
    plain(response, 413, { message: "Request Entity Too Large" });
    return;
  }
  try {
    const { name, routeKey } = routeOf(request.method ?? "GET", url.pathname);
    // The functions behind the gateway return this result.
    write(response, (await options.invoke(name, eventOf(request, url, body, routeKey))) as Result);
  } catch (error) {
    if (error instanceof PayloadTooLarge && error.of === "event")
      plain(response, 413, { message: "Request Entity Too Large" });
    else if (error instanceof FunctionTimeout || error instanceof TooManyExecutions)
      plain(response, 503, { message: "Service Unavailable" });
    else plain(response, 500, { message: "Internal Server Error" });
  }
};

const consoleDirectory = new URL("../../console/", import.meta.url);
const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Serves what CloudFront serves from the static bucket: index.html and the files of `/static`. */
const serveConsole = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
  const name = path === "/" ? "index.html" : /^\/(static\/[\w-]+\.\w+)$/.exec(path)?.[1];
  const content =
    name && ["GET", "HEAD"].includes(request.method ?? "")
      ? await readFile(new URL(name, consoleDirectory)).catch(() => undefined)
      : undefined;
  if (!name || !content) {
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
    return;
  }
  response
    .writeHead(200, { "content-type": contentTypes[extname(name)], "content-length": content.length })
    .end(content);
};

const plain = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/** The body, or undefined when it exceeds the limit. */
const read = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  // A stream without an encoding yields buffers.
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= payloadBytesMax) parts.push(part);
  }
  return size > payloadBytesMax ? undefined : Buffer.concat(parts);
};

/** Selects the most specific route, as API Gateway does; every path below `/api` has one. */
const routeOf = (method: string, path: string): { name: FunctionName; routeKey: string } => {
  for (const [routeKey, name] of Object.entries(routes)) {
    const [routeMethod, template = ""] = routeKey.split(" ");
    if (routeMethod !== method || template.includes("+")) continue;
    if (new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path)) return { name, routeKey };
  }
  return { name: "api", routeKey: "ANY /api/{proxy+}" };
};

const isText = (contentType: string): boolean =>
  /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded|.*\+json))/i.test(contentType);

const eventOf = (request: IncomingMessage, url: URL, body: Buffer, routeKey: string) => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name !== "cookie") headers[name] = Array.isArray(value) ? value.join(",") : String(value);
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  const isBase64Encoded = body.length > 0 && !isText(headers["content-type"] ?? "");
  const at = new Date();
  return {
    version: "2.0",
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(request.headers.cookie ? { cookies: request.headers.cookie.split(/; */) } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: headers["host"],
      domainPrefix: "local",
      http: {
        method: request.method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: at.toUTCString(),
      timeEpoch: at.getTime(),
    },
    ...(body.length > 0 ? { body: isBase64Encoded ? body.toString("base64") : body.toString("utf8") } : {}),
    isBase64Encoded,
  };
};

const write = (response: ServerResponse, result: Result): void => {
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) response.setHeader(name, values);
  for (const cookie of result.cookies ?? []) response.appendHeader("set-cookie", cookie);
  response.writeHead(result.statusCode, result.headers ?? {});
  response.end(
    result.body === undefined ? undefined : Buffer.from(result.body, result.isBase64Encoded ? "base64" : "utf8"),
  );
};
