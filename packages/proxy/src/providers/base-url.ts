interface BaseUrl {
  origin: string;
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
    const { origin, pathname } = new URL(baseUrl);
    split = { origin, prefix: pathname.replace(/\/+$/, "") };
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(baseUrl, split);
  }
  return split;
}
