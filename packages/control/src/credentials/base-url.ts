import { TollgateError } from "@tollgate/contracts/errors";
import { hostRefusal } from "../outbound-host.ts";

const refused = (why: string): TollgateError =>
  new TollgateError("validation_failed", `This base URL is not allowed: ${why}.`, { fields: { baseUrl: why } });

/**
 * Origin and path prefix to which a credential may be sent, without a slash at the end. It must be https and public, unless the operator
 * has granted the organisation this `host` or `host:port`. Throws `validation_failed` on `baseUrl`.
 */
export function normaliseBaseUrl(text: string, privateHosts: readonly string[]): string {
  if (/[^!-~]/.test(text)) throw refused("only ASCII characters");
  if (/\/\.{1,2}(\/|$)/.test(text) || text.includes("%") || text.includes("\\"))
    throw refused("no dots or escapes in the path");
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) throw refused("an https:// address is expected");
  if (url.username || url.password || text.includes("@")) throw refused("no user or password in it");
  if (url.search || url.hash || text.includes("?") || text.includes("#")) throw refused("no query or fragment in it");
  const why = hostRefusal(url, privateHosts);
  if (why) throw refused(why);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
