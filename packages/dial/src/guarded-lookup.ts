import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Only globally routable unicast is public: no private, link-local, CGNAT, multicast, 6to4, NAT64 or metadata range. */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.process(address);
  return parsed.range() === "unicast";
}

const bare = (hostname: string): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);

/** True for an IP literal that may not be dialled; names are judged when they are resolved. */
export function isPrivateLiteral(hostname: string): boolean {
  const address = bare(hostname);
  return isIP(address) !== 0 && !isPublicAddress(address);
}

/**
 * True for a host that is private by its very name: an IP literal, `localhost`, `*.internal`, a word without a dot. Other
 * names are judged when they are resolved. `hostname` is a parsed URL's, so 2852039166, 127.1 and ::ffff:a9fe:a9fe are
 * what they mean.
 */
export function isPrivateHostname(hostname: string): boolean {
  const host = bare(hostname).replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost") || host.endsWith(".internal")) return true;
  return isIP(host) === 0 ? !host.includes(".") : !isPublicAddress(host);
}

/** `dns.lookup` that fails with code EBLOCKED when any address of the name is not public: the one dialled was checked. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const first = addresses[0];
    if (!first || addresses.some(({ address }) => !isPublicAddress(address))) {
      const blocked = new Error(`not an allowed destination: ${hostname}`);
      return callback(Object.assign(blocked, { code: "EBLOCKED" }), "", 0);
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
