import { isFields } from "../fields.ts";
import { textsOf } from "../texts/texts-of.ts";
import type { Path } from "../wire.ts";
import { within } from "../within.ts";
import { messagesOrigin } from "./origin.ts";

/** Fields whose strings are keywords or ids of the protocol, not text. */
const STRUCTURAL = new Set(["role", "type", "id", "tool_use_id", "file_id", "model", "media_type", "ttl"]);
/** Opaque strings that only the provider can read. */
const OPAQUE = new Set<string | number | undefined>([
  ...["signature", "encrypted_content", "encrypted_index", "encrypted_stdout"],
]);
const SCHEMA_FIELDS = new Set<string | number | undefined>(["tools", "output_config", "output_format"]);
const SCHEMA_TYPES = new Set("string number integer boolean object array null json_schema custom".split(" "));
/** Schema fields whose inner field names are chosen by the client. */
const NAMED = new Set<string | number | undefined>(["properties", "patternProperties", "$defs", "definitions"]);

/** Whether the path is inside the input of a tool call, where all names and strings are data. */
const isInput = (path: Path): boolean => path[0] === "messages" && path[4] === "input";

const isSchema = (path: Path): boolean => SCHEMA_FIELDS.has(path[0]);

/** Whether the text is base64: the data of an image or a document, or of thoughts that are hidden. */
function isBytes(_text: string, path: Path, body: Readonly<Record<string, unknown>>): boolean {
  const name = path.at(-1);
  if (isSchema(path) || isInput(path)) return false;
  if (OPAQUE.has(name)) return true;
  if (name !== "data") return false;
  const holder = within(body, path.slice(0, -1));
  return isFields(holder) && (holder.type === "base64" || holder.type === "redacted_thinking");
}

export const messagesTexts = textsOf({
  isStructural: (path, key, text) =>
    STRUCTURAL.has(key) && !isInput(path) && (!isSchema(path) || (key === "type" && SCHEMA_TYPES.has(text))),
  hasOwnNames: (path) => isInput(path) || (isSchema(path) && NAMED.has(path.at(-1))),
  isBytes,
  originOf: messagesOrigin,
});
