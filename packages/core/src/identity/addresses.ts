import { BlockList, isIP } from "node:net";

type Network = { address: string; prefix: number; family: "ipv4" | "ipv6" };

/** An address, or a network as address/prefix; undefined for another text. */
export const networkOf = (text: string): Network | undefined => {
  const [, address = "", given] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const prefix = Number(given ?? bits);
  return prefix > bits ? undefined : { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
};

/** Is the address in one of the networks? Node compares an IPv4 address in IPv6 form as IPv4. */
export const isWithin = (address: string | undefined, networks: readonly string[]): boolean => {
  const version = isIP(address ?? "");
  if (address === undefined || version === 0) return false;
  const list = new BlockList();
  for (const text of networks) {
    const network = networkOf(text);
    if (network) list.addSubnet(network.address, network.prefix, network.family);
  }
  return list.check(address, version === 4 ? "ipv4" : "ipv6");
};
