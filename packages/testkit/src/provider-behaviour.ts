import { type Answer, type Piece, type Usage, usageOf } from "./provider-answer.ts";
import { anthropicError, anthropicJson, anthropicStream } from "./provider-anthropic.ts";
import { bedrockErrorName, bedrockJson, bedrockStream } from "./provider-bedrock.ts";
import { cohereJson, cohereStream } from "./provider-cohere.ts";
import { googleJson, googleStream } from "./provider-google.ts";
import { openaiError, openaiJson, openaiStream } from "./provider-openai.ts";
import { responsesJson, responsesStream } from "./provider-responses.ts";

/** The request that a behaviour gets. */
export interface Asked {
  /** Number of the request at this provider, from 1. */
  order: number;
  dialect: "openai" | "anthropic" | "responses" | "google" | "bedrock" | "cohere";
  model: string;
  stream: boolean;
  /** Whether the client asked for usage in the stream. */
  withUsage: boolean;
  /** All text of the prompt, joined by newlines. */
  prompt: string;
  /** The raw request. */
  json: Record<string, unknown>;
}

/**
 * Bytes, sent once or until the client leaves, or an action: `end` closes cleanly, `reset` sends a RST, `stall` sends
 * nothing until the client leaves.
 */
export type Move = Piece | { endlessly: Buffer } | { pauseMs: number } | "end" | "reset" | "stall";

/** What the provider does with one request. Without `head` it acts before sending any header. */
export interface Performance {
  head: { status: number; headers: Record<string, string> } | null;
  moves: Move[];
  /** The charge for the call, whether or not it is reported. */
  bills: Usage | null;
}

export type Behaviour = (asked: Asked) => Performance;

const JSON_HEADERS = { "content-type": "application/json" };
const FRAME_HEADERS = { "content-type": "application/vnd.amazon.eventstream" };
const SSE_HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };

function pieces(asked: Asked, answer: Answer, usage: Usage): Piece[] {
  const { order, stream, withUsage } = asked;
  const model = answer.model ?? asked.model;
  if (asked.dialect === "openai") {
    return stream ? openaiStream(answer, model, usage, order, withUsage) : openaiJson(answer, model, usage, order);
  }
  if (asked.dialect === "responses") return (stream ? responsesStream : responsesJson)(answer, model, usage, order);
  if (asked.dialect === "bedrock") return (stream ? bedrockStream : bedrockJson)(answer, model, usage, order);
  if (asked.dialect === "cohere") return (stream ? cohereStream : cohereJson)(answer, model, usage, order);
  if (asked.dialect === "google") return (stream ? googleStream : googleJson)(answer, model, usage, order);
  return stream ? anthropicStream(answer, model, usage, order) : anthropicJson(answer, model, usage, order);
}

/** An ordinary answer in the requested format, streamed if requested. The text defaults to the last line of the prompt. */
export const answer =
  (given: Answer = {}): Behaviour =>
  (asked) => {
    const echo = `You said: ${asked.prompt.split("\n").at(-1) ?? ""}`;
    const full: Answer = given.text === undefined && !given.toolCalls ? { ...given, text: echo } : given;
    const usage = usageOf(full, asked.prompt);
    const streamHeaders = asked.dialect === "bedrock" ? FRAME_HEADERS : SSE_HEADERS;
    const headers = asked.stream ? streamHeaders : JSON_HEADERS;
    return {
      head: { status: 200, headers: { ...headers, "x-request-id": `req_provider${asked.order}` } },
      moves: [...pieces(asked, full, usage), "end"],
      bills: usage,
    };
  };

/** An error status. The body has the format of the API unless bytes are given. */
export const status =
  (code: number, given: { body?: string; headers?: Record<string, string>; message?: string } = {}): Behaviour =>
  (asked) => {
    const message = given.message ?? `The fake provider answers ${code}.`;
    const own =
      asked.dialect === "anthropic"
        ? anthropicError(code, message)
        : asked.dialect === "bedrock"
          ? Buffer.from(JSON.stringify({ message }))
          : openaiError(code, message);
    const named: Record<string, string> =
      asked.dialect === "bedrock" ? { "x-amzn-errortype": bedrockErrorName(code) } : {};
    return {
      head: { status: code, headers: { ...JSON_HEADERS, ...named, ...given.headers } },
      moves: [{ bytes: given.body === undefined ? own : Buffer.from(given.body) }, "end"],
      bills: null,
    };
  };

/** Exactly these bytes, one write each: recorded streams, invalid frames, HTML instead of JSON. */
export const raw =
  (chunks: (string | Buffer)[], headers: Record<string, string> = SSE_HEADERS, code = 200): Behaviour =>
  () => ({
    head: { status: code, headers },
    moves: [...chunks.map((chunk) => ({ bytes: Buffer.from(chunk) })), "end"],
    bills: null,
  });

/** Exactly these frames of AWS's event stream. */
export const frames = (...given: (string | Buffer)[]): Behaviour => raw(given, FRAME_HEADERS);

/** Repeats these bytes as fast as the client reads, until it leaves: more than socket buffers can hold. */
export const endless =
  (chunk: string): Behaviour =>
  () => ({ head: { status: 200, headers: SSE_HEADERS }, moves: [{ endlessly: Buffer.from(chunk) }], bills: null });

/** Takes the request and resets the connection before any header. */
export const reset = (): Behaviour => () => ({ head: null, moves: ["reset"], bills: null });

/** Takes the request and sends nothing until the client leaves. */
export const stall = (): Behaviour => () => ({ head: null, moves: ["stall"], bills: null });

/** Sends the first `count` pieces of `inner`, then does `reset`, `stall`, or `end` (FIN without `[DONE]`). */
export const cutAfter =
  (count: number, gesture: "end" | "reset" | "stall", inner: Behaviour = answer()): Behaviour =>
  (asked) => {
    const whole = inner(asked);
    return { ...whole, moves: [...whole.moves.filter((move) => move !== "end").slice(0, count), gesture] };
  };

/** Waits `pauseMs` before each piece of `inner`. */
export const slow =
  (pauseMs: number, inner: Behaviour = answer()): Behaviour =>
  (asked) => {
    const whole = inner(asked);
    return { ...whole, moves: whole.moves.flatMap((move): Move[] => [{ pauseMs }, move]) };
  };

/** Cuts every piece of `inner` into writes of at most `bytesMax` bytes, also within frames and characters. */
export const splintered =
  (bytesMax: number, inner: Behaviour = answer()): Behaviour =>
  (asked) => {
    const whole = inner(asked);
    const split = (move: Move): Move[] => {
      if (typeof move === "string" || !("bytes" in move)) return [move];
      const { bytes, usage } = move;
      const count = Math.ceil(bytes.length / bytesMax);
      return Array.from({ length: count }, (_, index) => ({
        bytes: bytes.subarray(index * bytesMax, (index + 1) * bytesMax),
        ...(usage && index === count - 1 && { usage }),
      }));
    };
    return { ...whole, moves: whole.moves.flatMap(split) };
  };
