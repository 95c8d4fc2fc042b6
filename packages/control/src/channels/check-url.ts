import { invalid } from "../fields.ts";
import { hostRefusal } from "../outbound-host.ts";

/**
 * Parses a URL to which alerts are posted. It must be https and public, unless the operator has granted the
 * organisation this `host` or `host:port`. Throws `validation_failed` on `url`.
 */
export function checkUrl(text: string, privateHosts: readonly string[]): URL {
  const refused = (why: string) => invalid({ url: why });
  if (text === "") throw refused("is required");
  if (/[^!-~]/.test(text)) throw refused("only ASCII characters");
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) throw refused("an https:// address is expected");
  if (url.username || url.password) throw refused("no user or password in it");
  if (url.hash || text.includes("#")) throw refused("no fragment in it");
  const why = hostRefusal(url, privateHosts);
  if (why) throw refused(why);
  return url;
}
