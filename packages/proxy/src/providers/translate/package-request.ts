import type { LongTexts } from "../../body/long-texts.ts";
import type { UpstreamRequest } from "../../upstream.ts";
import type { AdapterCall } from "../adapter.ts";
import { splitBaseUrl } from "../base-url.ts";
import { upstreamTimeouts } from "../upstream-timeouts.ts";
import { malformed } from "./upstream-failed.ts";
import { type OnLeftOut, withoutRefused } from "./without-refused.ts";

/**
 * Whether a URL is below the base URL. A library builds it from the base URL and the model name, which may contain
 * `..`.
 */
function isBelow({ origin, pathname }: URL, baseUrl: string): boolean {
  const base = splitBaseUrl(baseUrl);
  return origin === base.origin && pathname.startsWith(`${base.prefix}/`);
}

/** Headers in which provider packages send an API key. They are dropped: the signer adds the secret. */
const KEY_HEADERS = new Set(["authorization", "api-key", "x-api-key", "x-goog-api-key"]);

/**
 * The request that a provider package makes, to be signed and sent. The long texts in `texts` are put back.
 *
 * @throws UpstreamFailed, if the URL is not below the base URL
 */
export function packageRequest(
  call: AdapterCall,
  texts: LongTexts,
  url: URL,
  init: RequestInit | undefined,
  onLeftOut: OnLeftOut,
): UpstreamRequest {
  if (!isBelow(url, call.baseUrl)) throw malformed("the URL with the model's name is outside of the base URL");
  const headers = Object.entries(init?.headers as Record<string, string>).filter(
    ([name]) => !KEY_HEADERS.has(name.toLowerCase()) && name !== "accept-encoding" && name !== "user-agent",
  );
  const body = texts.restored(Buffer.from(withoutRefused(call, String(init?.body), onLeftOut)));
  const [only] = body;
  return {
    method: "POST",
    isFresh: call.isFresh,
    origin: url.origin,
    path: url.pathname + url.search,
    headers: [...headers.flat(), "accept-encoding", "identity", "user-agent", "tollgate"],
    body: only && body.length === 1 ? only : body,
    ...upstreamTimeouts(call.timeouts),
  };
}
