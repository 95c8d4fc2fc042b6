import { isIP } from "node:net";
import type { Failure } from "./adapter.ts";
import { splitBaseUrl } from "./base-url.ts";

const MARK = "[address]";
const URLS = /\b(?:https?|wss?|grpcs?|tcp|unix):\/{1,3}[^\s"'`<>(){},;]+/gi;
/** Runs of characters of which a host and a port are made. They are looked at one by one, so the time is linear. */
const TOKENS = /[\w.:[\]-]+/g;
const PORT = /:\d{1,5}$/;
const PRIVATE_NAME = /(?:^localhost|\.(?:localhost|internal|local|lan|svc|corp|intranet|home\.arpa))$/;

/**
 * A provider's text without the host of the credential, IP addresses, names of private networks, and URLs with one of them.
 * Other addresses stay, because errors name pages with help.
 */
export function withoutAddresses(text: string, baseUrl: string): string {
  const { hostname } = splitBaseUrl(baseUrl);
  return text
    .replace(URLS, (url) => {
      const host = URL.parse(url)?.hostname ?? "";
      return host.includes(".") && host !== hostname && !isInternal(host) ? url : MARK;
    })
    .replace(TOKENS, (token) => {
      const trimmed = token.replace(/[.:]+$/, "");
      const host = trimmed.replace(PORT, "").toLowerCase();
      // A name of one word is often an ordinary word of the text: then it needs a port.
      const isOwn = host === hostname && (host.includes(".") || host !== trimmed.toLowerCase());
      return isOwn || isInternal(host) || isIP(trimmed) ? MARK + token.slice(trimmed.length) : token;
    });
}

const isInternal = (host: string): boolean => isIP(host.replace(/^\[|\]$/g, "")) !== 0 || PRIVATE_NAME.test(host);

/** The failure as a client may see it. */
export function shownFailure(failure: Failure, baseUrl: string): Failure {
  const { message, param, providerCode } = failure;
  return {
    ...failure,
    message: withoutAddresses(message, baseUrl),
    ...(param !== undefined && { param: withoutAddresses(param, baseUrl) }),
    ...(providerCode !== undefined && { providerCode: withoutAddresses(providerCode, baseUrl) }),
  };
}
