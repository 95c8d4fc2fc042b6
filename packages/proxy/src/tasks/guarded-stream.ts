import type { PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { grantedHosts } from "@tollgate/policy/host-rule";
import { Agent, request } from "undici";
import type { GetRequest } from "./guarded-get.ts";

export interface StreamRequest extends GetRequest {
  /** Default: GET. A POST has no body. */
  method?: "GET" | "POST";
}

export interface StreamedAnswer {
  status: number;
  /** The body, as it arrives. */
  body: AsyncIterable<Buffer>;
}

/**
 * Sends one request as `GuardedGet` does, and passes the answer to `read`. The connection is closed when `read` ends. Rejects when
 * there is no answer before the signal, or the body breaks off.
 */
export type GuardedStream = <T>(request: StreamRequest, read: (answer: StreamedAnswer) => Promise<T>) => Promise<T>;

const CONNECT_TIMEOUT_MS = 10_000;

export const guardedStream =
  (privateHosts: PrivateHosts): GuardedStream =>
  async ({ organisation, method = "GET", url, headers, signal }, read) => {
    const connect = guardedConnector({
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      privateHosts: grantedHosts(privateHosts, organisation),
    });
    const agent = new Agent({ connect, pipelining: 0 });
    try {
      const { statusCode: status, body } = await request(url, { method, dispatcher: agent, headers, signal });
      // The connection is destroyed before the body ends, which emits an error.
      body.on("error", () => {});
      return await read({ status, body });
    } finally {
      await agent.destroy();
    }
  };
