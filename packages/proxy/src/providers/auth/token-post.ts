import type { Upstream, UpstreamCall } from "../../upstream.ts";
import { TokenFault } from "./token-fault.ts";

export interface TokenRequest {
  url: string;
  /** Alternating names and values, in lower case. */
  headers: string[];
  body: string;
}

export interface TokenAnswer {
  status: number;
  body: string;
}

/** Sends one POST to a token endpoint. Throws `TokenFault` if there is no answer. */
export type Post = (request: TokenRequest) => Promise<TokenAnswer>;

/** A token endpoint must answer within this time. */
const POST_MS = 5_000;
export const TOKEN_BYTES_MAX = 64 * 1024;

/** Over the guarded connections of an organisation. Redirects are not followed. */
export const postOver =
  (upstream: Upstream): Post =>
  ({ url, headers, body }) => {
    const { origin, pathname, search } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<TokenAnswer>();
    const chunks: Buffer[] = [];
    let status = 0;
    let bytes = 0;
    const end = (kind: "unreachable" | "invalid", why: string): void => {
      call.abort();
      reject(new TokenFault(kind, `${origin}: ${why}`, status || null));
    };
    const timer = setTimeout(() => end("unreachable", `no answer within ${POST_MS} ms`), POST_MS);
    const call: UpstreamCall = upstream.send(
      {
        ...{ method: "POST", origin, path: pathname + search, isFresh: false },
        headers: [...headers, "accept-encoding", "identity", "user-agent", "tollgate"],
        body: Buffer.from(body),
      },
      {
        onHead(answered) {
          status = answered;
        },
        onData(chunk) {
          bytes += chunk.length;
          if (bytes > TOKEN_BYTES_MAX) end("invalid", "the answer is too large");
          return chunks.push(chunk) > 0;
        },
        onEnd: () => resolve({ status, body: Buffer.concat(chunks).toString() }),
        onFault: ({ internal }) => reject(new TokenFault("unreachable", `${origin}: ${internal}`)),
      },
    );
    return promise.finally(() => clearTimeout(timer));
  };
