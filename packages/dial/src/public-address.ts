import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The address space from which IPv6 unicast addresses are assigned. Everything outside it is reserved or embeds IPv4. */
const IPV6_ASSIGNED = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Addresses that look public but lead to a cloud's own services: Azure's platform address (metadata, DNS, agents) and the
 * service networks of IBM Cloud. All other clouds keep theirs in private, link-local, CGNAT or reserved ranges.
 */
const CLOUD_SERVICES = ["168.63.129.16/32", "161.26.0.0/16", "166.8.0.0/14"].map((range) =>
  ipaddr.IPv4.parseCIDR(range),
);

/** ISATAP: the last 32 bits are an IPv4 address. */
const isIsatap = ([, , , , high, low]: number[]): boolean => low === 0x5efe && (high === 0 || high === 0x0200);

/**
 * True for globally routable unicast only. False for private, link-local, CGNAT, multicast, reserved and metadata ranges,
 * and for every IPv6 address that embeds an IPv4 one: compatible (`::7f00:1`), 6to4, NAT64, Teredo, ISATAP. A mapped
 * address (`::ffff:7f00:1`) is treated as its IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // The library treats a compatible address in dotted form as a mapped one.
  if (/^::\d+\./.test(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed instanceof ipaddr.IPv4) return !CLOUD_SERVICES.some((range) => parsed.match(range));
  return parsed.match(IPV6_ASSIGNED) && !isIsatap(parsed.parts);
}

const bare = (hostname: string): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);

/** True for an IP literal that is not public. Names are checked when they are resolved. */
export function isPrivateLiteral(hostname: string): boolean {
  const address = bare(hostname);
  return isIP(address) !== 0 && !isPublicAddress(address);
}

/**
 * True for a host name that is private: a private IP literal, `localhost`, `*.internal`, `*.local`, a name without a dot.
 * Other names are checked when they are resolved. `hostname` comes from a parsed URL, so 2852039166, 127.1 and
 * ::ffff:a9fe:a9fe are already in their canonical form.
 */
export function isPrivateHostname(hostname: string): boolean {
  const host = bare(hostname).replace(/\.$/, "");
  if (/(^|\.)(localhost|internal|local)$/.test(host)) return true;
  return isIP(host) === 0 ? !host.includes(".") : !isPublicAddress(host);
}
