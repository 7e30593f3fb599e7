import ipaddr from "ipaddr.js";
import { Problem } from "../problems.ts";

export type EgressPolicy = { allowLoopback: boolean };
/** The allowed ports; `""` is the default port. */
const ports = new Set(["", "443", "8443"]);
export const strictPolicy: EgressPolicy = { allowLoopback: false };

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

export const isLoopback = (host: string): boolean => {
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
export function assertAllowedUrl(input: string | URL, policy: EgressPolicy = strictPolicy): URL {
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
