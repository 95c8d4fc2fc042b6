import { BlockList, isIP } from "node:net";

/** Addresses of trusted reverse proxies, whose `X-Forwarded-For` is used. */
export type TrustedProxies = BlockList;

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** Addresses that begin with the first `prefix` bits of `address`. */
export interface Range {
  address: string;
  family: "ipv4" | "ipv6";
  prefix: number;
}

/** The trusted proxies in these ranges. Without ranges no proxy is trusted. */
export function trustedProxies(ranges: readonly Range[]): TrustedProxies {
  const trusted = new BlockList();
  for (const { address, prefix, family } of ranges) trusted.addSubnet(address, prefix, family);
  return trusted;
}

/** The last address and its canonical form: many calls come over the connections of one client or load balancer. */
let last: { text: string; address: string | null } = { text: "", address: null };

/** Canonical form of an address: lower case, without zone, port or brackets. An IPv4-mapped address becomes the IPv4 address. */
function canonical(text: string): string | null {
  if (last.text !== text) last = { text, address: canonicalOf(text) };
  return last.address;
}

function canonicalOf(text: string): string | null {
  if (isIP(text) === 4) return text;
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, "").toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
  return isIP(mapped) === 0 ? null : mapped;
}

/**
 * Address of the client: `peer`, the other end of the connection, unless that is a trusted proxy. Then the address that the
 * proxy wrote, and so on from right to left. Everything left of the first untrusted hop may be forged and is ignored.
 * If a hop is not an address, the result is the proxy that passed it on.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | null | undefined,
  trusted: TrustedProxies,
): string | null {
  let address = canonical(peer ?? "");
  if (address === null || !forwardedFor?.length) return address;
  const hops = (typeof forwardedFor === "string" ? forwardedFor : forwardedFor.join(",")).split(",");
  while (trusted.check(address, familyOf(address))) {
    const hop = canonical(hops.pop()?.trim() ?? "");
    if (hop === null) break;
    address = hop;
  }
  return address;
}

/**
 * The address that a peer which is not a trusted proxy names as its client; null if it names none. It may be forged, so it must give
 * nobody more than the peer may have.
 */
export function claimedAddress(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | null | undefined,
  trusted: TrustedProxies,
): string | null {
  const address = canonical(peer ?? "");
  if (address === null || !forwardedFor?.length || trusted.check(address, familyOf(address))) return null;
  const hops = typeof forwardedFor === "string" ? forwardedFor : forwardedFor.join(",");
  return canonical(hops.slice(hops.lastIndexOf(",") + 1).trim());
}
