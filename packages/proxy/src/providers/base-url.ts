import type { Provider } from "@tollgate/catalog/providers";

/**
 * A credential's base URL without the path of an endpoint, which people copy from a provider's documentation together
 * with its base.
 */
export function withoutEndpoint(baseUrl: string, serves: Provider["serves"]): string {
  for (const name in serves) {
    const path = serves[name]?.path;
    if (path && baseUrl.endsWith(path)) return baseUrl.slice(0, -path.length);
  }
  return baseUrl;
}

interface BaseUrl {
  origin: string;
  hostname: string;
  prefix: string;
}

const known = new Map<string, BaseUrl>();
const KNOWN_MAX = 10_000;

/**
 * Splits a URL such as `https://host/v1` into origin and path prefix. Results are cached, because parsing a URL is
 * slow.
 */
export function splitBaseUrl(baseUrl: string): BaseUrl {
  let split = known.get(baseUrl);
  if (!split) {
    const { origin, hostname, pathname } = new URL(baseUrl);
    split = { origin, hostname, prefix: pathname.replace(/\/+$/, "") };
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(baseUrl, split);
  }
  return split;
}
