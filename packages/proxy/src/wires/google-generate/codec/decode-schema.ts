import type { JSONSchema7 } from "@ai-sdk/provider";
import { type Fields, isFields, isString } from "../../fields.ts";
import { listOf, named } from "../names.ts";

/** Bounds that Google's JSON writes as texts, because they are 64-bit numbers. */
const COUNTS = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];
/** Keywords that JSON Schema does not have, or that are replaced. */
const DROPPED = new Set(["type", "nullable", "propertyOrdering", "example", ...COUNTS]);

/** Google's schemas are a part of OpenAPI's: types in capital letters, `nullable`, and counts as texts. */
export function jsonSchemaOf(given: Fields): JSONSchema7 {
  const from = named(given);
  const schema: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(from)) if (!DROPPED.has(name)) schema[name] = inner(name, value);
  if (isString(from.type) && from.type !== "TYPE_UNSPECIFIED") {
    const type = from.type.toLowerCase();
    schema.type = from.nullable === true ? [type, "null"] : type;
  } else if (from.type !== undefined && !isString(from.type)) schema.type = from.type;
  for (const name of COUNTS) if (from[name] !== undefined) schema[name] = Number(from[name]);
  if (from.example !== undefined) schema.examples = [from.example];
  if (schema.format === "enum") delete schema.format;
  return schema as JSONSchema7;
}

const asSchema = (value: unknown): unknown => (isFields(value) ? jsonSchemaOf(value) : value);

function inner(name: string, value: unknown): unknown {
  switch (name) {
    case "properties":
    case "defs":
    case "$defs":
      return isFields(value)
        ? Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, asSchema(schema)]))
        : value;
    case "items":
    case "additionalProperties":
      return asSchema(value);
    case "anyOf":
    case "oneOf":
    case "allOf":
    case "prefixItems":
      return listOf(value).map(asSchema);
    default:
      return value;
  }
}
