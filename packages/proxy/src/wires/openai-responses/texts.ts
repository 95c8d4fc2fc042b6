import { textsOf } from "../texts/texts-of.ts";
import type { Path } from "../wire.ts";
import { originOf } from "./origin.ts";

/** Fields whose strings are keywords or ids of the protocol, not text. */
const STRUCTURAL = new Set([
  ...["role", "type", "id", "call_id", "item_id", "file_id", "approval_request_id", "container_id", "status", "model"],
  ...["object", "format", "detail", "phase", "previous_response_id", "service_tier", "truncation", "execution"],
]);
const URL_FIELDS = new Set<string | number | undefined>(["image_url", "file_data"]);
const DATA_URL = /^data:[^,]{0,100},/;
/** The start of a generated image, which its item has in `result`. Other items have text there. */
const BASE64_START = /^[A-Za-z0-9+/]{256}/;

const SCHEMA_TYPES = new Set(
  "string number integer boolean object array null function custom namespace json_schema json_object text grammar".split(
    " ",
  ),
);
/** Schema fields whose inner field names are chosen by the client. */
const NAMED = new Set<string | number | undefined>(["properties", "patternProperties", "$defs", "definitions"]);

/** Whether a path is in the client's own schema. Every string there is a text, except for JSON Schema's types. */
const isSchema = (path: Path): boolean =>
  path[0] === "tools" || path[0] === "text" || (path[0] === "input" && path[2] === "tools");

/** The texts of a Responses request. */
export const responsesTexts = textsOf({
  isStructural: (path, key, text) =>
    STRUCTURAL.has(key) && (!isSchema(path) || (key === "type" && SCHEMA_TYPES.has(text))),
  hasOwnNames: (path) => NAMED.has(path.at(-1)) && isSchema(path),
  isBytes: (text, path) => {
    if (isSchema(path)) return false;
    const field = path.at(-1);
    if (URL_FIELDS.has(field)) return DATA_URL.test(text) || field === "file_data";
    if (field === "result") return path.length === 3 && BASE64_START.test(text);
    return field === "encrypted_content" || (field === "data" && path.at(-2) === "input_audio");
  },
  originOf,
});
