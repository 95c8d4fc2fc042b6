/** Scheme, host and port of a URL in a canonical form. Throws if it is not an http(s) URL. */
export function originOf(url: string): string {
  const { protocol, origin } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") throw new Error("not an http(s) URL");
  return origin;
}
