import type { Serving } from "@tollgate/catalog/providers";
import type { Steps } from "../body/steps.ts";
import { type Fields, isString } from "./fields.ts";

/** A request for embeddings, in no provider's format. */
export interface EmbedAsk {
  texts: readonly string[];
  dimensions: number | null;
  /** How the client wants the vectors: as numbers, or as base64 of 32-bit floats. */
  encoding: "float" | "base64";
  /** What the vectors are for, in Cohere's words (`search_query`); null: not said. */
  inputType: string | null;
  /** Request fields that have no meaning for other providers. The client gets them in the header `x-tollgate-ignored`. */
  ignored: readonly string[];
}

/** Numbers, or base64 of 32-bit floats. */
export type Vector = readonly number[] | string;

/** A client's format of embeddings. */
export interface EmbedCodec {
  /** Its field for `EmbedAsk.inputType`. */
  readonly inputTypeField: string;
  /** The name of the field that has the texts. */
  readonly textsField: string;
  /** Throws 400 for what only the client's own format can express. */
  decode(body: Fields, providerName: string): EmbedAsk;
  /** The response in steps. `inputTokens` is null if the provider has not reported any. */
  encoding(vectors: readonly Vector[], ask: EmbedAsk, model: string, inputTokens: number | null): Steps<Buffer>;
}

/** A provider's format of embeddings. */
export interface EmbedBridge {
  /** The provider has no field for `EmbedAsk.inputType`, so the client is told that it was left out. */
  readonly lacksInputType?: true;
  /** The request as JSON. */
  request(ask: EmbedAsk, upstreamModel: string, serving: Serving): object;
  /** The most texts in one request. Default: no limit is known. */
  textsMax?(upstreamModel: string): number;
  /** The vectors in the order of the texts. Null: not a response of this wire. */
  vectors(answer: Fields): readonly Vector[] | null;
}

export const isVectors = (value: unknown): value is Vector[] =>
  Array.isArray(value) && value.every((vector) => Array.isArray(vector) || isString(vector));

/** A vector as numbers. */
export function numbersOf(vector: Vector): readonly number[] {
  if (typeof vector !== "string") return vector;
  const bytes = Buffer.from(vector, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(4 * index));
}
