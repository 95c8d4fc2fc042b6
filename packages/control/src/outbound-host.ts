import { isPrivateHostname } from "@tollgate/dial/public-address";

/** Ports that other protocols listen on: what tenants point us at must not be spoken into them. */
const PORTS_REFUSED = new Set([22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 3306, 5432, 6379, 9200, 11211, 27017]);

function isGranted(url: URL, granted: readonly string[]): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return [url.hostname, `${url.hostname}:${port}`].some((host) => granted.includes(host));
}

/** Whether the proxy refuses to connect: the host is private or plain http, and not granted to the organisation. */
export const needsGrant = (url: URL, granted: readonly string[]): boolean =>
  !isGranted(url, granted) && (url.protocol !== "https:" || isPrivateHostname(url.hostname));

/**
 * Why a tenant may not send us to this host; null when it may. https and public, unless `host` or `host:port` is among those
 * that the operator has granted to the organisation.
 */
export function hostRefusal(url: URL, granted: readonly string[]): string | null {
  const meant = isGranted(url, granted);
  if (!meant && url.protocol !== "https:") return "must start with https://";
  if (!meant && isPrivateHostname(url.hostname))
    return "the host is private, and the operator has not granted it to this organisation";
  if (!meant && url.hostname.startsWith("xn--")) return "only ASCII host names";
  if (PORTS_REFUSED.has(Number(url.port))) return `port ${url.port} is not a web port`;
  return null;
}
