import { TollgateError } from "@tollgate/contracts/errors";
import { hostRefusal } from "../outbound-host.ts";

const refused = (field: string, why: string): TollgateError =>
  new TollgateError("validation_failed", `This ${NAMES[field] ?? field} is not allowed: ${why}.`, {
    fields: { [field]: why },
  });

const NAMES: Readonly<Record<string, string>> = { baseUrl: "base URL", tokenUrl: "token URL" };

/**
 * Origin and path to which a credential may be sent, without a slash at the end. It must be https and public, unless the operator
 * has granted the organisation this `host` or `host:port`. Throws `validation_failed` on the field.
 */
export function normaliseUrl(text: string, privateHosts: readonly string[], field: "baseUrl" | "tokenUrl"): string {
  if (/[^!-~]/.test(text)) throw refused(field, "only ASCII characters");
  if (/\/\.{1,2}(\/|$)/.test(text) || text.includes("%") || text.includes("\\"))
    throw refused(field, "no dots or escapes in the path");
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw refused(field, "an https:// address is expected");
  if (url.username || url.password || text.includes("@")) throw refused(field, "no user or password in it");
  if (url.search || url.hash || text.includes("?") || text.includes("#"))
    throw refused(field, "no query or fragment in it");
  const why = hostRefusal(url, privateHosts);
  if (why) throw refused(field, why);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
