import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { type Fields, invalid, isFields, unsupportedValue } from "../../fields.ts";
import { jsonSchemaOf } from "./decode-schema.ts";

/** A schema that allows any JSON. Some providers have a JSON mode only with a schema. */
const ANY_OBJECT = { type: "object", additionalProperties: true } as const;

/** Translates the wanted form of the answer. */
export function decodeFormat(config: Fields, providerName: string): LanguageModelV4CallOptions["responseFormat"] {
  const { responseMimeType: type = null, responseSchema = null } = config;
  const jsonSchema = config.responseJsonSchema ?? config._responseJsonSchema ?? null;
  if (type === null || type === "" || type === "text/plain") return undefined;
  if (type !== "application/json") throw unsupportedValue("generationConfig.responseMimeType", type, providerName);
  if (jsonSchema !== null) {
    if (!isFields(jsonSchema)) throw invalid("generationConfig.responseJsonSchema", "a JSON schema");
    return { type: "json", schema: jsonSchema };
  }
  if (responseSchema === null) return { type: "json", schema: ANY_OBJECT };
  if (!isFields(responseSchema)) throw invalid("generationConfig.responseSchema", "a schema");
  return { type: "json", schema: jsonSchemaOf(responseSchema) };
}
