import { textsOf } from "../texts/texts-of.ts";
import { originOf } from "./origin.ts";

/** Fields whose strings are keywords or ids of the protocol, not text. */
const STRUCTURAL = new Set(["role", "type", "id", "tool_call_id", "model", "object", "format", "detail"]);
const URL_FIELDS = new Set<string | number | undefined>(["url", "image_url", "file_data"]);
const DATA_PARENTS = new Set<string | number | undefined>(["input_audio", "source", "inline_data", "inlineData"]);
const DATA_URL = /^data:[^,]{0,100},/;
/** Base64 without a data URL, which some providers take as the data of a file. */
const BASE64_START = /^[A-Za-z0-9+/]{64}/;

/**
 * Fields that contain the client's own schema. Every string there is a text of the client, except for JSON Schema's
 * types.
 */
const SCHEMA_FIELDS = new Set<string | number | undefined>(["tools", "functions", "response_format"]);
const SCHEMA_TYPES = new Set(
  "string number integer boolean object array null function custom json_schema json_object text grammar".split(" "),
);
/** Schema fields whose inner field names are chosen by the client. */
const NAMED = new Set<string | number | undefined>(["properties", "patternProperties", "$defs", "definitions"]);

/** The texts of a chat request. */
export const chatTexts = textsOf({
  isStructural: (path, key, text) =>
    STRUCTURAL.has(key) && (!SCHEMA_FIELDS.has(path[0]) || (key === "type" && SCHEMA_TYPES.has(text))),
  hasOwnNames: (path) => NAMED.has(path.at(-1)) && SCHEMA_FIELDS.has(path[0]),
  isBytes: (text, path) =>
    !SCHEMA_FIELDS.has(path[0]) &&
    (URL_FIELDS.has(path.at(-1))
      ? DATA_URL.test(text) || (path.at(-1) === "file_data" && BASE64_START.test(text))
      : path.at(-1) === "data" && DATA_PARENTS.has(path.at(-2))),
  originOf,
});
