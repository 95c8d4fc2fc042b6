import { BlockList, isIP } from "node:net";

/** Addresses of trusted reverse proxies, whose `X-Forwarded-For` is used. */
export type TrustedProxies = BlockList;

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/**
 * Reads `10.0.0.5, 10.1.0.0/16, ::1`: addresses and ranges, separated by commas. Empty: no proxy is trusted. Throws an Error
 * that names the wrong entry and what was expected.
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const trusted = new BlockList();
  for (const entry of text.split(",").flatMap((part) => part.trim() || [])) {
    const [address = "", bits, ...rest] = entry.split("/");
    const bitsMax = isIP(address) === 6 ? 128 : 32;
    const prefix = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) === 0 || rest.length > 0 || prefix < 1 || prefix > bitsMax)
      throw new Error(`expected addresses or ranges such as 10.0.0.5 or 10.1.0.0/16, not ${JSON.stringify(entry)}`);
    trusted.addSubnet(address, prefix, familyOf(address));
  }
  return trusted;
}

/** Canonical form of an address: lower case, without zone, port or brackets. An IPv4-mapped address becomes the IPv4 address. */
function canonical(text: string): string | null {
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
