import type { Organisation, PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { grantedHosts } from "@tollgate/policy/host-rule";
import { Agent, request } from "undici";

export interface GetRequest {
  organisation: Organisation;
  url: string;
  /** Name, value, name, value. */
  headers: string[];
  signal: AbortSignal;
}

export interface GetAnswer {
  status: number;
  /** The first bytes of the body as text, without white space at the start. At most 8 KiB are read. */
  beginning: string;
}

/**
 * Sends one GET on a connection of its own through the guarded dialer. Redirects are not followed, and the connection is
 * closed as soon as enough is read. Rejects with what undici or the dialer threw when there is no answer before the signal.
 */
export type GuardedGet = (request: GetRequest) => Promise<GetAnswer>;

const READ_BYTES_MAX = 8_192;
const CONNECT_TIMEOUT_MS = 10_000;

export const guardedGet =
  (privateHosts: PrivateHosts): GuardedGet =>
  async ({ organisation, url, headers, signal }) => {
    const connect = guardedConnector({
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      privateHosts: grantedHosts(privateHosts, organisation),
    });
    const agent = new Agent({ connect, pipelining: 0 });
    try {
      const { statusCode: status, body } = await request(url, { dispatcher: agent, headers, signal });
      // It is destroyed before its end.
      body.on("error", () => {});
      return { status, beginning: await beginningOf(body, status >= 300) };
    } finally {
      await agent.destroy();
    }
  };

/** An error is read whole, for the reason in it; of any other body the first character will do. */
async function beginningOf(body: AsyncIterable<Buffer>, isError: boolean): Promise<string> {
  let read = "";
  try {
    for await (const chunk of body) {
      read += chunk.toString("latin1", 0, READ_BYTES_MAX - read.length);
      if (read.length >= READ_BYTES_MAX || (!isError && read.trimStart() !== "")) break;
    }
  } catch (error) {
    // The status of an error says enough, even if its body is slow or stops half-way.
    if (!isError) throw error;
  }
  return read.trimStart();
}
