import type { Organisation, PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { grantedHosts } from "@tollgate/policy/host-rule";
import { Agent, request } from "undici";
import { TokenFault } from "../providers/auth/token-fault.ts";
import { type Post, TOKEN_BYTES_MAX } from "../providers/auth/token-post.ts";

export interface GetRequest {
  organisation: Organisation;
  url: string;
  /** Alternating names and values. */
  headers: string[];
  signal: AbortSignal;
  /** Reads the whole body, which may have this many bytes. Default: only its beginning is read. */
  bytesMax?: number;
}

export interface GetAnswer {
  status: number;
  /** The first bytes of the body as Latin-1, without white space at the start, at most 8 KiB. */
  beginning: string;
  /** The whole body, if it was asked for. Null: it is larger than allowed, or an error. */
  body: Buffer | null;
}

/**
 * Sends one GET on its own connection through the guarded dialer. Redirects are not followed, and the connection is
 * closed as soon as enough is read. Rejects with the error of undici or the dialer when there is no answer before the
 * signal.
 */
export type GuardedGet = (request: GetRequest) => Promise<GetAnswer>;

const READ_BYTES_MAX = 8_192;
const CONNECT_TIMEOUT_MS = 10_000;

/** Connections for one request, only to addresses that the organisation may reach. */
function guardedAgent(privateHosts: PrivateHosts, organisation: Organisation): Agent {
  const connect = guardedConnector({
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    privateHosts: grantedHosts(privateHosts, organisation),
  });
  return new Agent({ connect, pipelining: 0 });
}

export const guardedGet =
  (privateHosts: PrivateHosts): GuardedGet =>
  async ({ organisation, url, headers, signal, bytesMax = 0 }) => {
    const agent = guardedAgent(privateHosts, organisation);
    try {
      const { statusCode: status, body } = await request(url, { dispatcher: agent, headers, signal });
      // The connection is destroyed before the body ends, which emits an error.
      body.on("error", () => {});
      if (bytesMax === 0 || status >= 300)
        return { status, beginning: await beginningOf(body, status >= 300), body: null };
      const whole = await wholeOf(body, bytesMax);
      return { status, beginning: whole?.toString("latin1", 0, READ_BYTES_MAX).trimStart() ?? "", body: whole };
    } finally {
      await agent.destroy();
    }
  };

/** Null: the body is larger. */
async function wholeOf(body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * An error body is read up to the bound, because it contains the reason. For other bodies the first characters are
 * enough.
 */
async function beginningOf(body: AsyncIterable<Buffer>, isError: boolean): Promise<string> {
  let read = "";
  try {
    for await (const chunk of body) {
      read += chunk.toString("latin1", 0, READ_BYTES_MAX - read.length);
      if (read.length >= READ_BYTES_MAX || (!isError && read.trimStart() !== "")) break;
    }
  } catch (error) {
    // The status of an error is enough if its body is slow or incomplete.
    if (!isError) throw error;
  }
  return read.trimStart();
}

/** Sends one POST to a token endpoint on its own connection, until the signal aborts. */
export type GuardedPost = (organisation: Organisation, signal: AbortSignal) => Post;

export const guardedPost =
  (privateHosts: PrivateHosts): GuardedPost =>
  (organisation, signal) =>
  async ({ url, headers, body }) => {
    const agent = guardedAgent(privateHosts, organisation);
    try {
      const answer = await request(url, { method: "POST", dispatcher: agent, headers, body, signal });
      answer.body.on("error", () => {});
      let text = "";
      for await (const chunk of answer.body) {
        text += chunk.toString("latin1");
        if (text.length > TOKEN_BYTES_MAX)
          throw new TokenFault("invalid", "the answer is too large", answer.statusCode);
      }
      return { status: answer.statusCode, body: text };
    } catch (error) {
      if (error instanceof TokenFault) throw error;
      throw new TokenFault("unreachable", String(error), null, { cause: error });
    } finally {
      await agent.destroy();
    }
  };
