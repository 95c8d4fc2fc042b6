import { TollgateError } from "@tollgate/contracts/errors";

export interface JsonBounds {
  /** Nesting levels of objects and arrays. */
  depth: number;
  /** Objects, arrays, strings, numbers and literals together. */
  values: number;
  /** Members of one object. */
  names: number;
  /** Bytes of one name. */
  nameBytes: number;
  /** Bytes of one number or literal. */
  scalarBytes: number;
  /** Bytes of consecutive white space. */
  spaceBytes: number;
  /** Any name is allowed, and the last of two equal names counts. */
  isAnswer?: true;
}

/**
 * Bounds of a request body. A conversation of a million tokens has about 70,000 values when each turn is a short tool
 * call, so real traffic stays below. A larger body would take too much of the event loop and memory from other calls.
 */
export const JSON_BOUNDS: JsonBounds = {
  depth: 64,
  values: 100_000,
  names: 5_000,
  nameBytes: 4_096,
  scalarBytes: 4_096,
  spaceBytes: 65_536,
};

/**
 * Bounds of a non-streamed answer. An answer of 16,000 tokens, each with the log-probabilities of 20 others, has three
 * million values.
 */
export const ANSWER_BOUNDS: JsonBounds = { ...JSON_BOUNDS, values: 4_000_000, names: 20_000, isAnswer: true };

export const tooLarge = (what: string): TollgateError =>
  new TollgateError("request_too_large", `The request body has more than ${what}.`);

export const tooDeep = (): TollgateError =>
  new TollgateError("json_too_deep", `The body has more than ${JSON_BOUNDS.depth} levels of nesting.`);

export const notJson = (at: number): TollgateError =>
  new TollgateError("invalid_json", `The request body is not valid JSON, at or after byte ${at}.`);

/** The error for a body that begins with `byte`: it is another JSON value, or no JSON. */
export const notAnObject = (byte: number, at: number): TollgateError =>
  '["-0123456789tfn'.includes(String.fromCharCode(byte))
    ? new TollgateError("invalid_type", "The request body must be a JSON object.")
    : notJson(at);
