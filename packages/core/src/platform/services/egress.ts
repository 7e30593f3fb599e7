import { lookup as systemLookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Problem } from "../problems.ts";

export type EgressPolicy = { allowLoopback: boolean };
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

/** The allowed ports; `""` is the default port. */
const ports = new Set(["", "443", "8443"]);
const strict: EgressPolicy = { allowLoopback: false };

/** Names of ipaddr.js for the ranges of the public internet. Its other names are IANA's special-purpose ranges. */
const publicRanges = new Set(["unicast"]);
/** Ranges that are not globally reachable according to IANA, but `unicast` in ipaddr.js. */
const specialV4 = ["192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "168.63.129.16/32"].map((range) =>
  ipaddr.IPv4.parseCIDR(range),
);
const specialV6 = [
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  "5f00::/16",
  "fec0::/10",
].map((range) => ipaddr.IPv6.parseCIDR(range));

/** The only IPv6 range that is allocated for the public internet (IANA IPv6 address space registry). */
const globalUnicastV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Is this address on the public internet (IANA IPv4 and IPv6 special-purpose address registries)? For an IPv6 address that
 * contains an IPv4 address (mapped, compatible, NAT64, 6to4) the IPv4 address decides. Teredo and invalid addresses are not
 * public.
 */
export function isPublicAddress(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.parse(ip);
  // `kind` distinguishes the two classes, which the type of `parse` does not show.
  if (address.kind() === "ipv4") return isPublicV4(address as ipaddr.IPv4);
  const v6 = address as ipaddr.IPv6;
  const carried = carriedV4(v6);
  if (carried) return isPublicV4(carried);
  return v6.match(globalUnicastV6) && publicRanges.has(v6.range()) && !specialV6.some((range) => v6.match(range));
}

const isPublicV4 = (address: ipaddr.IPv4): boolean =>
  publicRanges.has(address.range()) && !specialV4.some((range) => address.match(range));

const carriedV4 = (address: ipaddr.IPv6): ipaddr.IPv4 | undefined => {
  const bytes = address.toByteArray();
  const v4 = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0) && (bytes[12] !== 0 || bytes[13] !== 0);
  if (isCompatible) return v4(12);
  if (address.match(ipaddr.IPv6.parseCIDR("64:ff9b::/96"))) return v4(12);
  if (address.match(ipaddr.IPv6.parseCIDR("2002::/16"))) return v4(2);
  return undefined;
};

const isLoopback = (host: string): boolean => {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
};

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");
const localNames = /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/i;

/**
 * Refuses a URL that the system must not call for a tenant. It must be https, with port 443 or 8443, without credentials
 * and without a private host. `checkedLookup` checks the resolved addresses at the connection.
 *
 * @throws Problem `url-not-allowed`
 */
export function assertAllowedUrl(input: string | URL, policy: EgressPolicy = strict): URL {
  const refuse = (why: string): never => {
    throw new Problem("url-not-allowed", why);
  };
  const url = URL.canParse(String(input)) ? new URL(input) : refuse("This is not a URL.");
  const host = hostOf(url);
  if (url.username || url.password) return refuse("The URL must not contain credentials.");
  if (policy.allowLoopback && isLoopback(host) && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== "https:") return refuse("The URL must be https.");
  if (!ports.has(url.port)) return refuse("The port must be 443 or 8443.");
  if (ipaddr.isValid(host) ? !isPublicAddress(host) : localNames.test(host) || !host.includes("."))
    return refuse("The host must be on the public internet.");
  return url;
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
  policy: EgressPolicy = strict,
  lookup: Lookup = resolveAll,
): Promise<EgressResponse> {
  const signal = AbortSignal.timeout(init.timeoutSeconds * 1000);
  const checked = checkedLookup(lookup, policy);
  try {
    let url = assertAllowedUrl(input, policy);
    let current = init;
    for (let redirects = 0; ; redirects++) {
      const response = await once(url, current, checked, signal);
      const target = response.headers["location"];
      if (!init.maxRedirects || response.status < 300 || response.status >= 400 || response.status === 304 || !target)
        return response;
      if (redirects >= init.maxRedirects) throw new EgressError("too-many-redirects");
      const next = assertAllowedUrl(URL.canParse(target, url.href) ? new URL(target, url) : target, policy);
      current = redirected(current, response.status, next.origin === url.origin);
      url = next;
    }
  } catch (error) {
    throw signal.aborted ? new EgressError("timeout", { cause: error }) : toEgressError(error);
  }
}

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
 * Connections wait this long for the next call to the same host, whose address was checked when they were opened: as many as a
 * batch of webhooks uses.
 */
const idle = { keepAlive: true, timeout: 4_000, maxFreeSockets: 10 };
const agents = { http: new http.Agent(idle), https: new https.Agent(idle) };

/**
 * One request. Node's client is used because it ignores interim responses (1xx) that nobody asked for, and takes a `lookup`.
 * When the status has arrived, an error of the body is no error of the call: `isComplete` says so.
 */
const once = async (
  url: URL,
  init: EgressRequest,
  lookup: LookupFunction,
  signal: AbortSignal,
  isRepeated = false,
): Promise<EgressResponse> => {
  const options = { method: init.method ?? "GET", headers: init.headers ?? {}, lookup, signal };
  const request =
    url.protocol === "https:"
      ? https.request(url, { ...options, agent: !isRepeated && agents.https })
      : http.request(url, { ...options, agent: !isRepeated && agents.http });
  // The server may respond and close before it has read the body: then the response counts, not the error of writing.
  const responding = new Promise<http.IncomingMessage>((resolve, reject) => {
    let hasResponse = false;
    request.on("error", reject).on("response", (response) => {
      hasResponse = true;
      resolve(response);
    });
    // A response of 101 is no HTTP response any more. Without a listener, Node closes the connection and reports nothing.
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      reject(new EgressError("connect"));
    });
    // Whatever else ends a connection without a response or an error.
    request.on("close", () => hasResponse || reject(new EgressError("connect")));
    request.end(init.body);
  });
  let response: http.IncomingMessage;
  try {
    response = await responding;
  } catch (error) {
    // The server had closed the connection while it was idle, for example while Lambda had frozen this process.
    if (request.reusedSocket && !isRepeated && !signal.aborted) return once(url, init, lookup, signal, true);
    throw error;
  }
  const parts: Buffer[] = [];
  let size = 0;
  let [isTruncated, isComplete] = [false, true];
  try {
    // A stream without an encoding yields buffers.
    for await (const part of response as AsyncIterable<Buffer>) {
      const remaining = init.maxResponseBytes - size;
      parts.push(part.subarray(0, remaining));
      size += Math.min(part.length, remaining);
      if (part.length > remaining) {
        isTruncated = true;
        break;
      }
    }
  } catch {
    isComplete = false;
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : String(value),
    ]),
  );
  // A response that a client receives has a status.
  return { status: response.statusCode!, headers, body: Buffer.concat(parts), isTruncated, isComplete };
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
