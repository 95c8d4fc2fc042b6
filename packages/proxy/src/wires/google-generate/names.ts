import { type Fields, isFields } from "../fields.ts";
import { wrongType, wrongValue } from "../request-fields.ts";

/** A name that Google also accepts with underscores instead of capital letters. */
const UNDERSCORE = /(?<=.)_([a-z0-9])/g;

export const jsonName = (name: string): string =>
  name.includes("_") ? name.replace(UNDERSCORE, (_, letter: string) => letter.toUpperCase()) : name;

/**
 * The fields under Google's JSON names. Google accepts each name in a second spelling: `max_output_tokens` for
 * `maxOutputTokens`. Throws 400 if a field is there in both: it would not be known which of them counts.
 */
export function named(fields: Fields, param = ""): Fields {
  for (const name in fields) if (jsonName(name) !== name) return renamed(fields, param);
  return fields;
}

function renamed(fields: Fields, param: string): Fields {
  const result: Record<string, unknown> = {};
  for (const name in fields) {
    const proper = jsonName(name);
    if (proper !== name && proper in fields) {
      const field = param === "" ? name : `${param}.${name}`;
      throw wrongValue(field, `absent: the field ${proper} is there too`);
    }
    result[proper] = fields[name];
  }
  return result;
}

/** The spelling in which the request has a field; the proper one if it has none. */
export function spelling(fields: Fields, proper: string): string {
  if (proper in fields) return proper;
  for (const name in fields) if (jsonName(name) === proper) return name;
  return proper;
}

/** The object in a field; empty if it is missing. Throws 400 if it is something else. */
export function objectIn(fields: Fields, name: string, param = name): Fields {
  const value = fields[name] ?? null;
  if (value === null) return {};
  if (!isFields(value)) throw wrongType(param, "an object");
  return named(value, param);
}

/** The items of a list. Google accepts one item without a list around it. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
