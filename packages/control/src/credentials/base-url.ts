import { TollgateError } from "@tollgate/contracts/errors";
import ipaddr from "ipaddr.js";

/** Ports that other protocols listen on: a credential must not be spoken into them. */
const PORTS_REFUSED = new Set([22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 3306, 5432, 6379, 9200, 11211, 27017]);

const refused = (why: string): TollgateError =>
  new TollgateError("validation_failed", `This base URL is not allowed: ${why}.`, { fields: { baseUrl: why } });

const bare = (hostname: string): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);

/** Judged on the parsed bytes, so 2852039166, 127.1 and ::ffff:a9fe:a9fe are what they mean. Names are judged at the dial. */
function isPrivate(hostname: string): boolean {
  const host = bare(hostname).replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost") || host.endsWith(".internal")) return true;
  return ipaddr.isValid(host) ? ipaddr.process(host).range() !== "unicast" : !host.includes(".");
}

/**
 * Origin and path prefix a credential may be sent to, without a slash at the end. https and public, unless the operator
 * lists `host` or `host:port` as meant. Throws `validation_failed` on `baseUrl`.
 */
export function normaliseBaseUrl(text: string, privateHosts: readonly string[]): string {
  if (/[^!-~]/.test(text)) throw refused("only ASCII characters");
  if (/\/\.{1,2}(\/|$)/.test(text) || text.includes("%") || text.includes("\\"))
    throw refused("no dots or escapes in the path");
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) throw refused("an https:// address is expected");
  if (url.username || url.password || text.includes("@")) throw refused("no user or password in it");
  if (url.search || url.hash || text.includes("?") || text.includes("#")) throw refused("no query or fragment in it");
  const meant = privateHosts.includes(url.host) || privateHosts.includes(url.hostname);
  if (!meant && url.protocol !== "https:") throw refused("must start with https://");
  if (!meant && isPrivate(url.hostname)) throw refused("the host is private");
  if (!meant && url.hostname.startsWith("xn--")) throw refused("only ASCII host names");
  if (PORTS_REFUSED.has(Number(url.port))) throw refused(`port ${url.port} is not a web port`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
