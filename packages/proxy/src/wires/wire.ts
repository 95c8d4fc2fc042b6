import type { OperationId } from "@tollgate/catalog/operations";
import type { Serving } from "@tollgate/catalog/providers";
import type { UsageBound } from "@tollgate/catalog/rates";
import type { TextOrigin } from "@tollgate/contracts/usage-event";
import type { JsonBounds } from "../body/json-bounds.ts";
import type { Place } from "../body/places.ts";
import type { RawBody } from "../body/raw-body.ts";
import type { Steps } from "../body/steps.ts";
import type { AnswerError } from "./answer-error.ts";
import type { AnswerReport, UsageReport } from "./answer-report.ts";
import type { Bridge, Codec } from "./codec.ts";
import type { EmbedBridge, EmbedCodec } from "./embed-codec.ts";
import type { ErrorWording } from "./error-wording.ts";
import type { Fields } from "./fields.ts";
import type { IdPlace, IdPlaces } from "./id-places.ts";
import type { KeptFormat, Restores } from "./kept.ts";
import type { StreamFraming } from "./stream-framing.ts";
import type { TextListener } from "./text-delta.ts";
import type { UsageReader } from "./usage/read-usage.ts";

/** One API format of one operation, as providers serve it. Wires are pure: no I/O, no clock. */
export interface Wire {
  /** `<family>-<format>`, the name that provider rows use in `serves`. */
  readonly id: string;
  readonly operation: OperationId;
  readonly usage: UsageReader;
  /** Translates calls of other wires of the operation to this wire. Null: only calls of this same wire can use it. */
  readonly bridge: Bridge | null;
  /** Translates embeddings to this wire. */
  readonly embedBridge?: EmbedBridge;
  /** Writes calls of other wires in the format of this one, by the id of the client's wire. */
  readonly rewrites?: Readonly<Record<string, Rewrite>>;
}

/** A wire that clients can use too. Their bytes pass unchanged to providers that serve the same wire. */
export interface SurfaceWire extends Wire {
  /** Where a request may contain JSON schemas. Only the fields in a schema may have any name. */
  readonly places: Place;
  /** The request is a form (`multipart/form-data`), or may be one. Default: it is JSON. */
  readonly forms?: "only" | "too";
  /** Bounds of a request's JSON. Default `JSON_BOUNDS`. */
  readonly jsonBounds?: JsonBounds;
  /** Where a request may have ids of files and containers that a provider stores. Absent: nowhere. */
  readonly storedIds?: IdPlaces;
  /** Reads what the stages need. Throws 400 and names the field. */
  read(body: Fields, target: RequestTarget): Asked;
  readonly texts: Texts;
  readonly bound: Bounds;
  /** Builds the provider's request: the client's bytes with our model name, output limit and usage option. */
  send(change: Change): Outgoing;
  readonly answer: Answers;
  readonly errors: {
    readonly wording: ErrorWording;
    /** The last frame of a stream that failed. `body` is the error as JSON. */
    frame(body: string): string;
  };
  /** How a stream is written for this request, if not as events. Null or absent: as events. */
  framing?(asked: Asked): StreamFraming | null;
  /** Translates to and from the AI SDK. Null: calls go only to providers that serve this wire. */
  readonly codec: Codec | null;
  /** Translates embeddings to other wires. */
  readonly embedCodec?: EmbedCodec;
  /** Answers of translated calls can be kept, for later calls that refer to them. Absent: they are not. */
  readonly kept?: KeptFormat;
  /**
   * Answers a request without a provider. `fields` are those of the answer that are estimates. Absent: there is no such
   * answer.
   */
  estimate?(body: object): { answer: object; fields: readonly string[] };
}

export interface RequestTarget {
  /** Without the query, percent-encoded. */
  readonly path: string;
  /** Without the question mark, percent-encoded; may be empty. */
  readonly query: string;
  /** Names in lower case. A wire passes on only those that it lists. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The parts of a request that the stages need. Everything else is passed on unchanged. */
export interface Asked {
  /** The model name that the client sent. */
  model: string;
  stream: boolean;
  /** The client asked for the usage chunk of a stream. */
  wantsUsage: boolean;
  /**
   * The client's output limit for one choice, in tokens; null: none sent. If the operation is not bounded: the most that one
   * choice can have, 0 if it has no output tokens.
   */
  maxOutputTokens: number | null;
  /** Number of choices that the client asked for (OpenAI's `n`). */
  choices: number;
  /** The person or account for whom the client makes the call; null: the request does not name one. */
  endUser: string | null;
  /** What besides the body decides the answer, such as headers that are passed on. Part of the cache's key. Absent: nothing. */
  variant?: string;
  /** The provider stores the response under its id. Such a response is not repeated from the cache. Absent: false. */
  isStored?: boolean;
  /** The service tier, speed or region that the request names. Absent: none. */
  service?: AskedService | undefined;
  /** The id of an earlier response that this one continues, as the client sent it. Absent: none. */
  continues?: string;
  /** What the request refers to of responses that the gateway keeps. Absent: nothing. */
  restores?: Restores;
  /** The provider may search the web. Absent: it may not. */
  searchesWeb?: true;
}

/** How a request asks to be served: ids in `catalog/services`. Null: the standard way, or not named. */
export interface AskedService {
  tier: string | null;
  tierField: string;
  /** The provider may choose the tier. */
  isTierOpen: boolean;
  speed: string | null;
  region: string | null;
  isRegionOpen: boolean;
}

export type Path = readonly (string | number)[];

export type Origin = TextOrigin;

/**
 * `path` is reused after the call: copy it to keep it. Call `origin` only during the call. `isData`: the text is
 * base64.
 */
export type TextVisitor = (text: string, path: Path, isData: boolean, origin: () => Origin) => void;
export type TextReplacer = (text: string, isData: boolean, origin: () => Origin) => string;

/** Visits and replaces the texts of a request. Methods that end in `-ing` work in steps, for large bodies. */
export interface Texts {
  visit(body: object, visit: TextVisitor): void;
  visiting(body: object, visit: TextVisitor): Steps<void>;
  /** Returns a copy with each text replaced, in the order of `visit`. Returns the same object if nothing changes. */
  replace(body: object, replace: TextReplacer): object;
  replacing(body: object, replace: TextReplacer): Steps<object>;
}

/** Upper bounds and estimates of what a call uses. */
export interface Bounds {
  /** Measures a large body in steps and stores the results. Later calls with the same object take no time. */
  measuring(body: object): Steps<void>;
  /**
   * Upper bound of the prompt's tokens. `bodyBytes` is the size of the body. `upstreamModel`: at this model, which may be
   * Infinity for a document that cannot be measured; absent: at any.
   */
  promptTokensMax(body: object, bodyBytes: number, upstreamModel?: string): number;
  /** Whether the prompt may have more tokens than `promptTokensMax`. Then only the model's context window bounds it. */
  hasDocument(body: object): boolean;
  /** Estimate of the prompt's tokens, for events marked `estimated`. */
  promptTokensEstimate(body: object): number;
  /** The most the call may use of each unit, from the upper bounds of its prompt and output. */
  usage(body: object, promptTokens: number, outputTokens: number): UsageBound;
  /** The name of a field that asks for a service whose price is unknown; null: there is none. */
  unpricedField(body: object): string | null;
}

/** The input of `send`: the client's request and what one attempt changes. */
export interface Change {
  target: RequestTarget;
  asked: Asked;
  body: object;
  /** The body as bytes. */
  raw: RawBody;
  /** The provider's name for the model. */
  upstreamModel: string;
  /** Output limit that the gateway sets, in tokens; null: the body keeps its own. */
  maxOutputTokens: number | null;
  serving: Serving;
  /** The provider's id of the response that `Asked.continues` names; null: none. */
  continuedId: string | null;
}

export interface Outgoing {
  /** Relative to the credential's base URL. */
  path: string;
  /** Alternating names and values; names in lower case. */
  headers: string[];
  /** One buffer, or several that are sent one after the other. */
  body: Buffer | readonly Buffer[];
}

/** In tokens; null: unknown. */
export interface ModelLimits {
  contextTokens: number | null;
  /** Of one choice. */
  outputTokens: number | null;
  /** How often the model may read its context in this call. More than one if the provider runs tools. Default 1. */
  rounds?: number;
}

/** Ids that the client may use. */
export interface IdSeals {
  /** The id that the client gets for a response that the provider stores. */
  sealId(providerId: string): string;
  /** The id that the client gets for a file or container that an answer names. */
  sealStored(providerId: string, place: IdPlace): string;
}

/** What a reader of responses knows about the call. */
export interface AnswerContext extends IdSeals {
  asked: Asked;
  /** The request. */
  body: object;
  maxOutputTokens: number | null;
  promptTokensMax: number;
  /** What the model can use at most. Absent: unknown. */
  modelLimits?: ModelLimits;
  /** Cost to show to the client, in dollars (decimal string); null: the price is unknown. */
  costUsd(usage: UsageReport): string | null;
  /** Receives every text of the response before the client does. Null: texts are not needed, which is faster. */
  onText: TextListener | null;
}

export interface Answers {
  stream(context: AnswerContext): StreamAnswer;
  whole(answer: Fields | null, context: AnswerContext): WholeAnswer;
  /** `whole` in steps, for a large response. */
  readingWhole(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer>;
  /** Replaces the provider's ids in a whole response by those that the client gets. Absent: there are none. */
  withOwnIds?(body: Buffer, seals: IdSeals): Buffer;
  /**
   * Reads a response from its bytes, in steps. Used instead of `whole` and `readingWhole`, for responses that are too large
   * to parse or that are not JSON.
   */
  readingBytes?(body: Buffer, context: AnswerContext): Steps<WholeAnswer>;
  /** What is known about a stream that is not made of events, such as audio. Its bytes pass as they arrive. */
  bytes?(context: AnswerContext, finished: boolean): AnswerReport;
  /** Changes a stored stream for clients that get it from the cache: the cost is 0 for them. */
  forRepeats(body: Buffer): Buffer;
}

/** A call that is written again in the format of a provider. */
export interface RewriteCall extends Change {
  /** Used in error messages. */
  providerName: string;
}

/** A request in the provider's format, and how the answer becomes one of the client's format. */
export interface Rewritten {
  outgoing: Outgoing;
  /** What is read differently from an answer of the client's own format. */
  answer?: Partial<Pick<Answers, "bytes" | "readingBytes">>;
  /** The content type that the client gets. Default: the provider's. */
  contentType?: string;
  /** The provider answers in one piece, even if the client has asked for a stream. */
  isWhole?: true;
  /** Fields of the client that have no meaning for the provider. The client gets them in the header `x-tollgate-ignored`. */
  ignored: readonly string[];
}

/**
 * Writes calls of one client's format in the format of a provider. For operations with one client's format, which needs no
 * form in between. Throws 400 and names the field that the provider does not support.
 */
export type Rewrite = (call: RewriteCall) => Rewritten;

export const AS_IT_IS = "as it is";

/** What happens to an event: sent unchanged, replaced by other bytes, removed (null), or treated as an error. */
export type EventResult = typeof AS_IT_IS | Buffer | AnswerError | null;

/** Reads the events of one stream. */
export interface StreamAnswer {
  /** The provider has started to generate. */
  readonly hasBegun: boolean;
  /** A text, a thought or a call has begun, maybe with no text yet. Absent: it begins with its first text. */
  readonly hasOutput?: boolean;
  /** The provider has reported why the response ended. */
  readonly finished: boolean;
  /** An error whose usage follows in a later event. It is the result if the stream ends before. Undefined: never. */
  readonly pendingError?: AnswerError | null;
  /** Reads one event: the bytes of `block` from `start` to `end`. `latin1` is the block decoded as Latin-1. */
  event(block: Buffer, latin1: string, start: number, end: number): EventResult;
  report(): AnswerReport;
}

export interface WholeAnswer {
  /** False: the body is not a response of this wire. */
  isAnswer: boolean;
  /** Set if the body is an error although the status is 200. */
  error: AnswerError | null;
  report: AnswerReport;
  /** The body that the client gets. Default: the provider's. */
  body?: Buffer;
}
