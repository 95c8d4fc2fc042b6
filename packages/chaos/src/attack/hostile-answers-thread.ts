import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { eventFrame } from "@tollgate/testkit/event-stream";

const MIB = 1024 * 1024;
const KIB = 1024;
const EVENTS = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };
const FRAMES = { "content-type": "application/vnd.amazon.eventstream" };

/** One answer: what it sends, piece by piece. */
interface Answer {
  status?: number;
  headers: Record<string, string>;
  pieces: () => Iterable<Buffer>;
  /** Each byte is a chunk of its own. */
  isSplintered?: boolean;
}

const repeated = (piece: string | Buffer, bytes: number): Buffer =>
  Buffer.from(String(piece).repeat(Math.ceil(bytes / piece.length)));

function* times(count: number, piece: Buffer): Generator<Buffer> {
  for (let number = 0; number < count; number++) yield piece;
}

const delta = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
const CHAT_END = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\ndata: [DONE]\n\n`;
const numbered = Array.from({ length: 1_000 }, (_, at) => delta(`a${at}`)).join("");
const whole = (content: string): string =>
  `{"choices":[{"index":0,"message":{"role":"assistant","content":"${content}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`;
const calling = (argument: string): string =>
  `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{\\"a\\":\\"${argument}\\"}"}}]}}]}\n\n`;
const google = (parts: string): string =>
  `data: {"candidates":[{"content":{"role":"model","parts":[${parts}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4,"totalTokenCount":7}}\r\n\r\n`;
const frame = (text: string): Buffer => eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
const FRAMES_END = [
  eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
  eventFrame("messageStop", { stopReason: "end_turn" }),
  eventFrame("metadata", { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } }),
];
const FRAMES_START = eventFrame("messageStart", { role: "assistant" });

const chat = (pieces: () => Iterable<Buffer>, more: Partial<Answer> = {}): Answer => ({
  headers: EVENTS,
  *pieces() {
    yield* pieces();
    yield Buffer.from(CHAT_END);
  },
  ...more,
});
const one = (text: () => string | Buffer): (() => Buffer[]) => {
  const made: Buffer[] = [];
  return () => {
    if (made.length === 0) made.push(Buffer.from(text()));
    return made;
  };
};

/** What the provider answers, by name. */
const ANSWERS: Record<string, Answer> = {
  plain: { headers: JSON_TYPE, pieces: one(() => whole("Hi")) },
  "tiny-chunks": chat(() => times(10, Buffer.from(delta("a".repeat(40)).repeat(300))), { isSplintered: true }),
  "same-events": chat(() => times(100, repeated(delta("a"), 64 * KIB))),
  "small-events": chat(() => times(100, Buffer.from(numbered))),
  "empty-events": chat(() => times(30, repeated("data:\n\n", 64 * KIB))),
  "blank-lines": chat(() => times(30, repeated("\n", 64 * KIB))),
  "carriage-returns": chat(() => times(10, repeated("\r", 64 * KIB))),
  "one-event": chat(one(() => delta("a".repeat(20 * MIB)))),
  "escaped-event": chat(one(() => delta("\\u00e9".repeat(3 * MIB)))),
  "tool-arguments": chat(one(() => calling("a".repeat(4 * MIB)))),
  "google-plain": { headers: JSON_TYPE, pieces: one(() => google('{"text":"Hi"}').slice("data: ".length)) },
  "bedrock-plain": {
    headers: JSON_TYPE,
    pieces: one(
      () =>
        '{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7}}',
    ),
  },
  "google-image": {
    headers: EVENTS,
    pieces: one(() =>
      google(`{"inlineData":{"mimeType":"image/png","data":"${"iVBORw0KGgo".padEnd(20 * MIB, "A")}"}}`),
    ),
  },
  "google-text": { headers: EVENTS, pieces: one(() => google(`{"text":"${"a text ".repeat(3 * MIB)}"}`)) },
  "google-call": {
    headers: EVENTS,
    pieces: one(() => google(`{"functionCall":{"name":"f","args":{"a":"${"a".repeat(4 * MIB)}"}}}`)),
  },
  frames: {
    headers: FRAMES,
    *pieces() {
      yield FRAMES_START;
      yield* times(20, Buffer.concat(Array.from({ length: 500 }, () => frame("a"))));
      yield* FRAMES_END;
    },
  },
  "large-frames": {
    headers: FRAMES,
    *pieces() {
      yield FRAMES_START;
      yield* times(4, frame("a".repeat(3 * MIB)));
      yield* FRAMES_END;
    },
  },
  "packed-answer": {
    headers: { ...JSON_TYPE, "content-encoding": "gzip" },
    pieces: one(() => gzipSync(whole("a".repeat(62 * MIB)))),
  },
  "packed-stream": {
    headers: { ...EVENTS, "content-encoding": "gzip" },
    pieces: one(() => gzipSync(`${delta("a").repeat(100_000)}${CHAT_END}`)),
  },
  "large-answer": { headers: JSON_TYPE, pieces: one(() => whole("a text ".repeat(3 * MIB))) },
  "splintered-answer": { headers: JSON_TYPE, pieces: one(() => whole("a".repeat(600 * KIB))), isSplintered: true },
  "large-error": {
    status: 400,
    headers: JSON_TYPE,
    pieces: one(() => `{"error":{"message":"${"a".repeat(40 * MIB)}"}}`),
  },
  "splintered-error": {
    ...{ status: 400, headers: JSON_TYPE, isSplintered: true },
    pieces: one(() => `{"error":{"message":"${"a".repeat(600 * KIB)}"}}`),
  },
  embeddings: {
    headers: JSON_TYPE,
    pieces: one(() => {
      const vector = `{"object":"embedding","index":0,"embedding":[${"0.0123456789,".repeat(1_535)}0.5]}`;
      return `{"object":"list","data":[${Array.from({ length: 1_000 }, () => vector).join()}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}`;
    }),
  },
};

function splintered(bytes: Buffer): Buffer {
  const chunks = Buffer.alloc(bytes.length * 6);
  for (const [at, byte] of bytes.entries()) {
    chunks.write("1\r\n", at * 6, "latin1");
    chunks[at * 6 + 3] = byte;
    chunks.write("\r\n", at * 6 + 4, "latin1");
  }
  return chunks;
}

async function send(response: ServerResponse, { status = 200, headers, pieces, isSplintered }: Answer): Promise<void> {
  response.writeHead(status, headers);
  response.flushHeaders();
  const { socket } = response;
  let goOn = (): void => {};
  for (const event of ["drain", "close"]) {
    response.on(event, () => goOn());
    if (isSplintered) socket?.on(event, () => goOn());
  }
  for (const piece of pieces()) {
    if (!socket || socket.destroyed) return;
    const hasRoom = isSplintered ? socket.write(splintered(piece)) : response.write(piece);
    if (!hasRoom && !socket.destroyed)
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
  }
  response.end();
}

const server = createServer((request, response) => {
  response.on("error", () => {});
  const name = request.url?.split("/")[1] ?? "";
  const answer = ANSWERS[name];
  request.resume();
  request.on("end", () => {
    if (answer) void send(response, answer);
    else response.writeHead(500).end();
  });
});
server.on("connection", (socket) => socket.on("error", () => {}));
server.listen(0, "127.0.0.1");
await once(server, "listening");
parentPort?.postMessage((server.address() as AddressInfo).port);
