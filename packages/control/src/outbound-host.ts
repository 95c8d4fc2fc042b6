import { isPrivateHostname } from "@tollgate/dial/public-address";

/** Ports that other protocols listen on: what tenants point us at must not be spoken into them. */
const PORTS_REFUSED = new Set([22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 3306, 5432, 6379, 9200, 11211, 27017]);

/**
 * Why a tenant may not send us to this host; null when it may. https and public, unless the operator lists `host` or
 * `host:port` as meant.
 */
export function hostRefusal(url: URL, privateHosts: readonly string[]): string | null {
  const meant = privateHosts.includes(url.host) || privateHosts.includes(url.hostname);
  if (!meant && url.protocol !== "https:") return "must start with https://";
  if (!meant && isPrivateHostname(url.hostname)) return "the host is private";
  if (!meant && url.hostname.startsWith("xn--")) return "only ASCII host names";
  if (PORTS_REFUSED.has(Number(url.port))) return `port ${url.port} is not a web port`;
  return null;
}
