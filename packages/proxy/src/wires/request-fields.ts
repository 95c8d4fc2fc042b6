import { TollgateError } from "@tollgate/contracts/errors";
import { type Fields, isFields } from "./fields.ts";

/* Readers of the request fields that several wires have. They throw 400 and name the field. */

const MODEL_CHARS_MAX = 128;
export const TOOLS_MAX = 1_024;
const LABEL_CHARS_MAX = 128;
export const TOKENS_MAX = 100_000_000;

export const wrongType = (param: string, wanted: string) =>
  new TollgateError("invalid_type", `${param} must be ${wanted}.`, { param });
export const wrongValue = (param: string, wanted: string) =>
  new TollgateError("invalid_value", `${param} must be ${wanted}.`, { param });
export const missing = (param: string) =>
  new TollgateError("missing_required_parameter", `${param} is required.`, { param });

/** A name that limits count under, so both the proxy and the ledger must store it unchanged. */
export function readLabel(body: Fields, name: string): string | null {
  const value = body[name] ?? "";
  if (typeof value !== "string") throw wrongType(name, "a string");
  if (value.length > LABEL_CHARS_MAX || /\p{Cc}/u.test(value)) {
    throw wrongValue(name, `at most ${LABEL_CHARS_MAX} characters, none of them a control character`);
  }
  return value === "" ? null : value.toWellFormed();
}

export function readModel({ model }: Fields): string {
  if (model === undefined) throw missing("model");
  if (typeof model !== "string") throw wrongType("model", "a string");
  if (model === "" || model.length > MODEL_CHARS_MAX || /\p{Cc}/u.test(model)) {
    throw wrongValue("model", `1 to ${MODEL_CHARS_MAX} characters`);
  }
  return model;
}

/** Some providers use the first model in this list that is available. The gateway checks and prices only `model`. */
export function refuseModels({ models }: Fields): void {
  if (models === undefined) return;
  const message = "The body must not contain models; send one model.";
  throw new TollgateError("forbidden_parameter", message, { param: "models" });
}

export function checkTools(tools: unknown, param = "tools"): void {
  if (tools === undefined || tools === null) return;
  if (!Array.isArray(tools)) throw wrongType(param, "an array");
  if (tools.length > TOOLS_MAX) throw wrongValue(param, `at most ${TOOLS_MAX} tools`);
  const invalidIndex = tools.findIndex((tool) => !isFields(tool));
  if (invalidIndex !== -1) throw wrongType(`${param}[${invalidIndex}]`, "an object");
}

export function readFlag(from: Fields, name: string, param = name): boolean {
  const value = from[name] ?? false;
  if (typeof value !== "boolean") throw wrongType(param, "a boolean");
  return value;
}

export function readNumber(from: Fields, name: string, min: number, max: number, param = name): number | null {
  const value = from[name] ?? null;
  if (value === null) return null;
  if (typeof value !== "number") throw wrongType(param, "a number");
  if (!(value >= min && value <= max)) throw wrongValue(param, `between ${min} and ${max}`);
  return value;
}

export function readInteger(from: Fields, name: string, min: number, max: number, param = name): number | null {
  const value = readNumber(from, name, min, max, param);
  if (value !== null && !Number.isInteger(value)) throw wrongValue(param, "a whole number");
  return value;
}
