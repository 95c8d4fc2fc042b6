import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ClientStream } from "../src/client-stream.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that answers each request with `answer`, and a connection to it. */
async function connected(answer: (response: ServerResponse) => void): Promise<Socket> {
  const server = createServer((_request, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  ends.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

async function textUntilEnd(socket: Socket): Promise<string> {
  const chunks = await socket.toArray();
  return Buffer.concat(chunks).toString("latin1");
}

const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
const LAST = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

function streaming(response: ServerResponse, chunks: readonly (Buffer | string)[]): void {
  const stream = new ClientStream(response);
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of chunks) stream.write(chunk);
  stream.flush();
  response.end();
}

const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

test("chunks of any size, and texts, are framed in the order in which they were written", async () => {
  const large = Buffer.alloc(100_000, "x");
  const socket = await connected((response) =>
    streaming(response, [Buffer.from("é"), large, Buffer.alloc(0), ": ü\n\n", Buffer.from("end")]),
  );
  socket.write(LAST);
  const body = bodyOf(await textUntilEnd(socket));
  const expected = `2\r\né\r\n186a0\r\n${large}\r\n6\r\n: ü\n\n\r\n3\r\nend\r\n0\r\n\r\n`;
  expect(body).toBe(Buffer.from(expected).toString("latin1"));
});

test("the head and the chunks of one turn of the event loop are one write", async () => {
  let batches = 0;
  const socket = await connected((response) => {
    const { socket: own } = response;
    if (!own) throw new Error("no socket");
    const handle = Reflect.get(own, "_handle");
    for (const name of ["writev", "writeLatin1String", "writeUtf8String", "writeBuffer"]) {
      const write = handle[name].bind(handle);
      handle[name] = (...args: unknown[]) => {
        batches += 1;
        return write(...args);
      };
    }
    const stream = new ClientStream(response);
    response.writeHead(200);
    for (const text of ["a", "b", "c"]) stream.write(Buffer.from(text));
    setImmediate(() => {
      for (const text of ["d", "e"]) stream.write(Buffer.from(text));
      setImmediate(() => response.end());
    });
  });
  socket.write(LAST);
  expect(bodyOf(await textUntilEnd(socket))).toBe("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n1\r\nd\r\n1\r\ne\r\n0\r\n\r\n");
  // Head with a, b, c; d with e; the end.
  expect(batches).toBe(3);
});

test("an answer of an earlier request on the same connection comes first", async () => {
  const waiting: ServerResponse[] = [];
  const socket = await connected((response) => {
    waiting.push(response);
    const [first, second] = waiting;
    if (!first || !second) return;
    streaming(second, [Buffer.from("second")]);
    streaming(first, [Buffer.from("first")]);
  });
  socket.write(GET + LAST);
  const answers = (await textUntilEnd(socket)).split("HTTP/1.1 200 OK").slice(1).map(bodyOf);
  expect(answers).toEqual(["5\r\nfirst\r\n0\r\n\r\n", "6\r\nsecond\r\n0\r\n\r\n"]);
});

test("a client of HTTP/1.0 gets the chunks without frames", async () => {
  const socket = await connected((response) => streaming(response, [Buffer.from("a"), Buffer.from("b")]));
  socket.write("GET / HTTP/1.0\r\n\r\n");
  expect(bodyOf(await textUntilEnd(socket))).toBe("ab");
});

test("a client that does not read stops the writer, and reading on makes it go on", async () => {
  const chunk = Buffer.alloc(4096, "x");
  let written = 0;
  const begun = Promise.withResolvers<{ stream: ClientStream; response: ServerResponse }>();
  const socket = await connected((response) => {
    response.writeHead(200);
    begun.resolve({ stream: new ClientStream(response), response });
  });
  socket.pause();
  socket.write(LAST);
  const { stream, response } = await begun.promise;
  while (stream.write(chunk)) written += 1;
  const drained = once(response, "drain");
  const received = textUntilEnd(socket);
  await drained;
  expect(stream.write(Buffer.from("end"))).toBe(true);
  stream.flush();
  response.end();
  expect(bodyOf(await received)).toBe(`${`1000\r\n${chunk}\r\n`.repeat(written + 1)}3\r\nend\r\n0\r\n\r\n`);
});

test("a chunk for a client that has left is dropped", async () => {
  const begun = Promise.withResolvers<{ stream: ClientStream; response: ServerResponse }>();
  const socket = await connected((response) => {
    response.writeHead(200);
    begun.resolve({ stream: new ClientStream(response), response });
  });
  socket.write(LAST);
  const { stream, response } = await begun.promise;
  stream.write(Buffer.from("a"));
  const left = once(response, "close");
  socket.destroy();
  await left;
  expect(stream.write(Buffer.from("b"))).toBe(true);
  stream.flush();
});

test("a writer that writes again as soon as there is room is always told when there is room again", async () => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const count = 500;
  const socket = await connected((response) => {
    const stream = new ClientStream(response);
    response.writeHead(200);
    let written = 0;
    const writeOn = (): void => {
      while (written < count) {
        written += 1;
        if (!stream.write(chunk)) return;
      }
      stream.flush();
      response.end();
    };
    response.on("drain", writeOn);
    writeOn();
  });
  socket.write(LAST);
  const body = bodyOf(await textUntilEnd(socket));
  expect(body.length).toBe(count * (chunk.length + "10000\r\n\r\n".length) + "0\r\n\r\n".length);
});
