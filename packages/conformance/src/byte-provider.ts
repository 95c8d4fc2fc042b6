import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of a provider, as bytes. */
export interface Bytes {
  status: number;
  contentType: string;
  body: Buffer;
}

export interface Received {
  path: string;
  body: Buffer;
}

export interface ByteProvider {
  url: string;
  /** What it answers to every request from now on. */
  answer(request: (received: Received) => Bytes): void;
  /** The requests since the last `answer`. */
  received(): readonly Received[];
  close(): Promise<void>;
}

/** Odd, so that events and characters are cut. */
const WRITE_BYTES = 1_021;

/** A provider on 127.0.0.1 that answers exactly the given bytes, whatever the path. */
export async function startByteProvider(): Promise<ByteProvider> {
  let answer = (_: Received): Bytes => ({ status: 404, contentType: "text/plain", body: Buffer.from("no script") });
  let received: Received[] = [];
  const read = async (request: IncomingMessage): Promise<Received> => ({
    path: request.url ?? "/",
    body: Buffer.concat(await request.toArray()),
  });
  const server = createServer((request, response) => {
    read(request)
      .then((each) => {
        received.push(each);
        const { status, contentType, body } = answer(each);
        response.writeHead(status, { "content-type": contentType });
        for (let at = 0; at < body.length; at += WRITE_BYTES) response.write(body.subarray(at, at + WRITE_BYTES));
        response.end();
      })
      .catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      answer = next;
      received = [];
    },
    received: () => received,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
