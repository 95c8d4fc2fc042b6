import { type Answer, type Piece, type Usage, usageOf } from "./provider-answer.ts";
import { anthropicError, anthropicJson, anthropicStream } from "./provider-anthropic.ts";
import { openaiError, openaiJson, openaiStream } from "./provider-openai.ts";

/** The request as a behaviour sees it. */
export interface Asked {
  /** 1 for the first request this provider ever saw. */
  order: number;
  dialect: "openai" | "anthropic";
  model: string;
  stream: boolean;
  /** Whether a stream was asked to report its usage. */
  withUsage: boolean;
  /** All text of the prompt, joined by newlines. */
  prompt: string;
  /** The whole request as it came. */
  json: Record<string, unknown>;
}

/**
 * Bytes, once or until the client leaves, or a gesture: `end` closes cleanly, `reset` sends a RST, `stall` says nothing
 * more until the client leaves.
 */
export type Move = Piece | { endlessly: Buffer } | { pauseMs: number } | "end" | "reset" | "stall";

/** What the provider does with one request. Without `head` it does its moves before any header. */
export interface Performance {
  head: { status: number; headers: Record<string, string> } | null;
  moves: Move[];
  /** What it charges for the work, reported or not. */
  bills: Usage | null;
}

export type Behaviour = (asked: Asked) => Performance;

const JSON_HEADERS = { "content-type": "application/json" };
const SSE_HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };

function pieces(asked: Asked, answer: Answer, usage: Usage): Piece[] {
  const { order, stream, withUsage } = asked;
  const model = answer.model ?? asked.model;
  if (asked.dialect === "openai") {
    return stream ? openaiStream(answer, model, usage, order, withUsage) : openaiJson(answer, model, usage, order);
  }
  return stream ? anthropicStream(answer, model, usage, order) : anthropicJson(answer, model, usage, order);
}

/** Answers well, in the dialect and manner asked for. Text defaults to an echo of the prompt's last line. */
export const answer =
  (given: Answer = {}): Behaviour =>
  (asked) => {
    const echo = `You said: ${asked.prompt.split("\n").at(-1) ?? ""}`;
    const full: Answer = given.text === undefined && !given.toolCalls ? { ...given, text: echo } : given;
    const usage = usageOf(full, asked.prompt);
    const headers = asked.stream ? SSE_HEADERS : JSON_HEADERS;
    return {
      head: { status: 200, headers: { ...headers, "x-request-id": `req_provider${asked.order}` } },
      moves: [...pieces(asked, full, usage), "end"],
      bills: usage,
    };
  };

/** An error status; the body is the dialect's own unless bytes are given. */
export const status =
  (code: number, given: { body?: string; headers?: Record<string, string>; message?: string } = {}): Behaviour =>
  (asked) => {
    const message = given.message ?? `The fake provider answers ${code}.`;
    const own = asked.dialect === "openai" ? openaiError(code, message) : anthropicError(code, message);
    return {
      head: { status: code, headers: { ...JSON_HEADERS, ...given.headers } },
      moves: [{ bytes: given.body === undefined ? own : Buffer.from(given.body) }, "end"],
      bills: null,
    };
  };

/** Exactly these bytes, one write each: recorded streams, garbage frames, HTML where JSON was due. */
export const raw =
  (chunks: (string | Buffer)[], headers: Record<string, string> = SSE_HEADERS, code = 200): Behaviour =>
  () => ({
    head: { status: code, headers },
    moves: [...chunks.map((chunk) => ({ bytes: Buffer.from(chunk) })), "end"],
    bills: null,
  });

/** These bytes again and again, as fast as they are taken, until the client leaves: more than any socket can hold. */
export const endless =
  (chunk: string): Behaviour =>
  () => ({ head: { status: 200, headers: SSE_HEADERS }, moves: [{ endlessly: Buffer.from(chunk) }], bills: null });

/** Takes the request and resets the connection before any header. */
export const reset = (): Behaviour => () => ({ head: null, moves: ["reset"], bills: null });

/** Takes the request and says nothing until the client leaves. */
export const stall = (): Behaviour => () => ({ head: null, moves: ["stall"], bills: null });

/** Plays the first `count` pieces of `inner`, then a gesture: `reset`, `stall`, or `end` (FIN without `[DONE]`). */
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

/** Cuts every piece of `inner` into writes of at most `bytesMax` bytes: frames split anywhere, characters too. */
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
