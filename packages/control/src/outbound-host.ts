import { isPrivateHostname } from "@tollgate/dial/public-address";
import { hostEntries } from "@tollgate/policy/host-rule";

/** Ports of other protocols. A tenant must not make us send HTTP to them. */
const PORTS_REFUSED = new Set([22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 3306, 5432, 6379, 9200, 11211, 27017]);

const isGranted = (url: URL, granted: readonly string[]): boolean =>
  hostEntries(url).some((entry) => granted.includes(entry));

/** Whether the proxy refuses to connect: the host is private or plain http, and not granted to the organisation. */
export const needsGrant = (url: URL, granted: readonly string[]): boolean =>
  !isGranted(url, granted) && (url.protocol !== "https:" || isPrivateHostname(url.hostname));

/**
 * Why a tenant may not name this host; null when it may. The host must be public and use https, unless its `host` or
 * `host:port` is granted to the organisation.
 */
export function hostRefusal(url: URL, granted: readonly string[]): string | null {
  const isMeant = isGranted(url, granted);
  if (!isMeant && url.protocol !== "https:") return "must start with https://";
  if (!isMeant && isPrivateHostname(url.hostname))
    return "the host is private, and the operator has not granted it to this organisation";
  if (!isMeant && url.hostname.startsWith("xn--")) return "only ASCII host names";
  if (PORTS_REFUSED.has(Number(url.port))) return `port ${url.port} is not a web port`;
  return null;
}
