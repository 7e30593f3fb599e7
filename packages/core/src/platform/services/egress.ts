import { lookup as systemLookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { Problem } from "../problems.ts";
import { assertAllowedUrl, type EgressPolicy, isLoopback, isPublicAddress, strictPolicy } from "./egress-address.ts";

export type EgressReason =
  | "address-not-allowed"
  | "dns"
  | "timeout"
  | "connect"
  | "refused"
  | "tls"
  | "too-large"
  | "too-many-redirects";

/** A call to a tenant's URL failed without a response. */
export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly reason: EgressReason;
  constructor(reason: EgressReason, options?: ErrorOptions) {
    super(`the URL could not be called: ${reason}`, options);
    this.reason = reason;
  }
}

/** All addresses of a name, in the resolver's order. */
export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

const resolveAll: Lookup = (host) => systemLookup(host, { all: true, verbatim: true });

export type EgressRequest = {
  method?: "GET" | "POST" | "HEAD";
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** The number of redirects to follow; each target is checked like the first URL. */
  maxRedirects?: number;
  maxResponseBytes: number;
  /** Of the whole call: name resolution, connections, redirects and the body. */
  timeoutSeconds: number;
  /** Of the body alone, once the status is there. */
  bodySeconds?: number;
};

export type EgressResponse = {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** The body is longer than `maxResponseBytes`. */
  isTruncated: boolean;
  /** False when the body ended early or did not arrive in time. */
  isComplete: boolean;
};

/**
 * Calls a tenant's URL. The name is resolved once per connection, every resolved address must be public, and the connection
 * uses a checked address. So a DNS response that changes between check and connection (DNS rebinding) has no effect.
 *
 * @throws EgressError, Problem `url-not-allowed`
 */
export async function egressFetch(
  input: string | URL,
  init: EgressRequest,
  policy: EgressPolicy = strictPolicy,
  lookup: Lookup = resolveAll,
): Promise<EgressResponse> {
  const call: Call = { lookup: checkedLookup(lookup, policy), isOver: false };
  const timer = setTimeout(() => {
    call.isOver = true;
    call.request?.destroy();
  }, init.timeoutSeconds * 1000);
  try {
    let url = assertAllowedUrl(input, policy);
    let current = init;
    for (let redirects = 0; ; redirects++) {
      const response = await once(url, current, call);
      const target = response.headers["location"];
      if (!init.maxRedirects || response.status < 300 || response.status >= 400 || response.status === 304 || !target)
        return response;
      if (redirects >= init.maxRedirects) throw new EgressError("too-many-redirects");
      const next = assertAllowedUrl(URL.canParse(target, url.href) ? new URL(target, url) : target, policy);
      current = redirected(current, response.status, next.origin === url.origin);
      url = next;
    }
  } catch (error) {
    throw call.isOver ? new EgressError("timeout", { cause: error }) : toEgressError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** What the requests of one call share. `isOver`: its time is over, and so is its request. */
type Call = { readonly lookup: LookupFunction; isOver: boolean; request?: http.ClientRequest };

/**
 * The request to send after a redirect: 301, 302 and 303 turn it into a GET without a body (Fetch standard, "HTTP-redirect
 * fetch"); another origin gets no headers, which may contain credentials, and no body.
 */
const redirected = (init: EgressRequest, status: number, isSameOrigin: boolean): EgressRequest => {
  const { body, headers, method, ...bounds } = init;
  const keepsMethod = status === 307 || status === 308 || method === "HEAD";
  return {
    ...bounds,
    ...(keepsMethod && method ? { method } : {}),
    ...(keepsMethod && isSameOrigin && body !== undefined ? { body } : {}),
    ...(isSameOrigin && headers ? { headers } : {}),
  };
};

/**
 * An address has this long to answer before the next one of its name is tried, instead of Node's 250 ms: the other side of the world
 * takes longer when a packet is lost, and the next address may be one of IPv6, which a function cannot reach.
 */
const addressMs = 2_000;
/**
 * Connections wait this long for the next call to the same host, whose address was checked when they were opened: as many as a
 * batch of webhooks uses.
 */
const idle = { keepAlive: true, timeout: 4_000, maxFreeSockets: 10 };
const connecting = { autoSelectFamilyAttemptTimeout: addressMs };
const agents = { http: new http.Agent({ ...connecting, ...idle }), https: new https.Agent({ ...connecting, ...idle }) };
const newConnections = { http: new http.Agent(connecting), https: new https.Agent(connecting) };

/**
 * One request. Node's client is used because it ignores interim responses (1xx) that nobody asked for, and takes a `lookup`.
 * When the status has arrived, an error of the body is no error of the call: `isComplete` says so.
 */
const once = (url: URL, init: EgressRequest, call: Call, isRepeated = false): Promise<EgressResponse> =>
  new Promise((resolve, reject) => {
    if (call.isOver) throw new EgressError("timeout");
    const { http: plain, https: secure } = isRepeated ? newConnections : agents;
    const options = { method: init.method ?? "GET", headers: init.headers ?? {}, lookup: call.lookup };
    const request =
      url.protocol === "https:"
        ? https.request(url, { ...options, agent: secure })
        : http.request(url, { ...options, agent: plain });
    call.request = request;
    let hasResponse = false;
    const fail = (error: unknown) => {
      // The server may respond and close before it has read the body: then the response counts, not the error of writing.
      if (hasResponse) return;
      hasResponse = true;
      // The server had closed the connection while it was idle, for example while Lambda had frozen this process.
      if (request.reusedSocket && !isRepeated && !call.isOver) resolve(once(url, init, call, true));
      else reject(error);
    };
    request.on("error", fail).on("response", (response) => {
      hasResponse = true;
      readResponse(response, init, resolve);
    });
    // A response of 101 is no HTTP response any more. Without a listener, Node closes the connection and reports nothing.
    request.on("upgrade", (_, socket) => {
      hasResponse = true;
      socket.destroy();
      reject(new EgressError("connect"));
    });
    // Whatever else ends a connection without a response or an error. Every call is closed, and an error costs a stack trace.
    request.on("close", () => {
      if (!hasResponse) fail(new EgressError("connect"));
    });
    request.end(init.body);
  });

const readResponse = (
  response: http.IncomingMessage,
  { maxResponseBytes: bytesMax, bodySeconds }: EgressRequest,
  done: (response: EgressResponse) => void,
): void => {
  const parts: Buffer[] = [];
  let size = 0;
  let isTruncated = false;
  const timer = bodySeconds === undefined ? undefined : setTimeout(() => response.destroy(), bodySeconds * 1000);
  response.on("data", (part: Buffer) => {
    const remaining = bytesMax - size;
    parts.push(part.subarray(0, remaining));
    size += Math.min(part.length, remaining);
    if (part.length <= remaining) return;
    isTruncated = true;
    response.destroy();
  });
  // `close` follows, and says enough.
  response
    .on("error", () => undefined)
    .on("close", () => {
      clearTimeout(timer);
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(", ") : String(value),
        ]),
      );
      // A response that a client receives has a status.
      const status = response.statusCode!;
      const isComplete = isTruncated || response.complete;
      done({ status, headers, body: Buffer.concat(parts), isTruncated, isComplete });
    });
};

/** A `lookup` for net.connect that returns checked addresses only. */
const checkedLookup =
  (lookup: Lookup, policy: EgressPolicy): LookupFunction =>
  (host, options, done) => {
    lookup(host).then(
      (found) => {
        const [first] = found;
        if (!first) return done(new EgressError("dns"), []);
        const isAllowed = (address: string) =>
          isPublicAddress(address) || (policy.allowLoopback && isLoopback(host) && isLoopback(address));
        // One private address among public ones is refused too, because it is probably an attack.
        if (!found.every(({ address }) => isAllowed(address))) return done(new EgressError("address-not-allowed"), []);
        if (options.all) return done(null, found);
        return done(null, first.address, first.family);
      },
      (error: unknown) => done(new EgressError("dns", { cause: error }), []),
    );
  };

const toEgressError = (error: unknown): unknown => {
  if (error instanceof EgressError || error instanceof Problem) return error;
  // A thrown value that is not an object has none of these members.
  const { cause, code: given } = Object(error);
  const chain = [error, cause];
  const wrapped = chain.find((link) => link instanceof EgressError);
  if (wrapped) return wrapped;
  const code = String(given ?? "");
  if (/^(ENOTFOUND|EAI_)/.test(code)) return new EgressError("dns", { cause: error });
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return new EgressError("tls", { cause: error });
  if (code === "ECONNREFUSED") return new EgressError("refused", { cause: error });
  if (code === "HPE_HEADER_OVERFLOW") return new EgressError("too-large", { cause: error });
  if (/TIMEOUT/.test(code)) return new EgressError("timeout", { cause: error });
  return new EgressError("connect", { cause: error });
};
