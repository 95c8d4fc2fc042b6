import type { OperationId } from "@tollgate/catalog/operations";
import type { Serving } from "@tollgate/catalog/providers";
import type { UsageBound } from "@tollgate/catalog/rates";
import type { TextOrigin } from "@tollgate/contracts/usage-event";
import type { Place } from "../body/places.ts";
import type { RawJson } from "../body/raw-json.ts";
import type { Steps } from "../body/steps.ts";
import type { AnswerReport, UsageReport } from "./answer-report.ts";
import type { Bridge, Codec } from "./codec.ts";
import type { ErrorWording } from "./error-wording.ts";
import type { Fields } from "./fields.ts";
import type { TextListener } from "./text-delta.ts";
import type { UsageReader } from "./usage/read-usage.ts";

/** What the gateway knows about one API format of one operation. No I/O, no clock. A provider that serves it is reached. */
export interface Wire {
  /** `<family>-<format>`, the name that provider rows use in `serves`. */
  readonly id: string;
  readonly operation: OperationId;
  readonly usage: UsageReader;
  /** How calls of another wire of the operation are sent on this one; null: only its own bytes pass. */
  readonly bridge: Bridge | null;
}

/** A wire that a surface can have: clients speak it, and its bytes pass to providers that serve it. */
export interface SurfaceWire extends Wire {
  /** Where JSON schemas stand in a request: only their authors' fields may have any name. */
  readonly places: Place;
  /** Reads what the stages need. Throws 400 and names the field. */
  read(body: Fields, target: RequestTarget): Asked;
  readonly texts: Texts;
  readonly bound: Bounds;
  /** The provider's request: the caller's bytes with our model name, output bound and usage option. */
  send(change: Change): Outgoing;
  readonly answer: Answers;
  readonly errors: {
    readonly wording: ErrorWording;
    /** The last frame of a stream that broke; `body` is the error as JSON. */
    frame(body: string): string;
  };
  /** To and from the AI SDK; null: calls go only to providers that serve this wire. */
  readonly codec: Codec | null;
}

export interface RequestTarget {
  /** Without the query, undecoded. */
  readonly path: string;
  /** Without the question mark, undecoded; may be empty. */
  readonly query: string;
}

/** What the stages need of a request; everything else is carried unchanged. */
export interface Asked {
  /** The public name. */
  model: string;
  stream: boolean;
  /** The client wants a stream's usage chunk itself. */
  wantsUsage: boolean;
  /** The caller's own bound on one answer; null: none sent. */
  maxOutputTokens: number | null;
  /** How many answers are asked for at once. */
  choices: number;
  /** The person or account for whom the caller's application makes the call; null: the request names none. */
  endUser: string | null;
}

export type Path = readonly (string | number)[];

export type Origin = TextOrigin;

/** `path` and `origin` change after the call: copy the one and call the other within it. `isData`: base64, not words. */
export type TextVisitor = (text: string, path: Path, isData: boolean, origin: () => Origin) => void;
export type TextReplacer = (text: string, isData: boolean, origin: () => Origin) => string;

/** Every text of a request that a person, a tool or a model may have written. Large bodies are walked in steps. */
export interface Texts {
  visit(body: object, visit: TextVisitor): void;
  visiting(body: object, visit: TextVisitor): Steps<void>;
  /** A copy with each text replaced, in the order of `visit`; the same object when nothing changes. */
  replace(body: object, replace: TextReplacer): object;
  replacing(body: object, replace: TextReplacer): Steps<object>;
}

/** Upper bounds and estimates of what a call uses. */
export interface Bounds {
  /** Looks through a large body in steps, so that later questions about the same object take no time. */
  measuring(body: object): Steps<void>;
  /** Upper bound of the prompt's tokens, from a body of `bodyBytes`. */
  promptTokensMax(body: object, bodyBytes: number): number;
  /** Whether the prompt may be larger than `promptTokensMax`: then only the model's context window bounds it. */
  hasDocument(body: object): boolean;
  /** The likely number of the prompt's tokens, for events marked `estimated`. */
  promptTokensEstimate(body: object): number;
  /** The most the call may use of each unit, given the bounds of its prompt and of its output. */
  usage(body: object, promptTokens: number, outputTokens: number): UsageBound;
  /** The field that asks for a service whose price is unknown; null: there is none. */
  unpricedField(body: object): string | null;
}

/** One attempt's request, before the wire writes it. */
export interface Change {
  asked: Asked;
  body: object;
  /** The same as bytes. */
  raw: RawJson;
  /** The provider's name for the model. */
  upstreamModel: string;
  /** A bound on the output that we set; null: the body keeps its own. */
  maxOutputTokens: number | null;
  serving: Serving;
}

export interface Outgoing {
  /** Below the credential's base URL. */
  path: string;
  /** Name, value, name, value: lower case. */
  headers: string[];
  /** Whole, or in pieces that are sent one after the other. */
  body: Buffer | readonly Buffer[];
}

/** What an answer's reader knows of its call. */
export interface AnswerContext {
  asked: Asked;
  maxOutputTokens: number | null;
  promptTokensMax: number;
  /** Decimal dollars to be shown to the client; null: the price is unknown. */
  costUsd(usage: UsageReport): string | null;
  /** Gets every text of the answer before the client does. Null: nobody reads them, which is faster. */
  onText: TextListener | null;
}

export interface Answers {
  stream(context: AnswerContext): StreamAnswer;
  whole(answer: Fields | null, context: AnswerContext): WholeAnswer;
  /** `whole` in steps, for a large answer. */
  readingWhole(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer>;
  /** A stream's bytes as later callers get them from the cache: it costs them nothing. */
  forRepeats(body: Buffer): Buffer;
}

export const AS_IT_IS = "as it is";

/** What the client gets of an event: all of it, other bytes, nothing (null), or the error that it holds. */
export type EventResult = typeof AS_IT_IS | Buffer | AnswerError | null;

/** Reads the events of one stream. */
export interface StreamAnswer {
  /** The provider has begun to work. */
  readonly hasBegun: boolean;
  /** The provider said how the answer ends. */
  readonly finished: boolean;
  /** `latin1` is the block with one character for each byte; the event is the bytes from `start` to `end`. */
  event(block: Buffer, latin1: string, start: number, end: number): EventResult;
  report(): AnswerReport;
}

/** An error in place of an answer, under a status that says success. */
export interface AnswerError {
  status: number;
  /** The error as JSON. */
  body: string;
}

export interface WholeAnswer {
  /** False: it is no answer of this wire. */
  isAnswer: boolean;
  /** It is an error: a refusal under a status that says success. */
  isError: boolean;
  report: AnswerReport;
}
