import { isFields } from "../fields.ts";
import { textsOf } from "../texts/texts-of.ts";
import type { Origin, Path } from "../wire.ts";
import { jsonName } from "./names.ts";

/** Fields whose strings are keywords or ids of the protocol, not text. */
const STRUCTURAL = new Set([
  ...["role", "id", "mimeType", "cachedContent", "model", "responseMimeType", "serviceTier", "taskType"],
]);
const SCHEMA_TYPES = new Set("string number integer boolean object array null type_unspecified".split(" "));
/** Schema fields whose inner field names are chosen by the client. */
const NAMED = new Set<unknown>(["properties", "patternProperties", "$defs", "definitions"]);
const SCHEMA_FIELDS = new Set<unknown>(["tools", "generationConfig"]);
/** The fields of a part that hold the data of a function. */
const DATA: Readonly<Record<string, string>> = {
  functionCall: "args",
  toolCall: "args",
  functionResponse: "response",
  toolResponse: "response",
};

const nameAt = (path: Path, at: number): string | undefined => {
  const name = path[at];
  return typeof name === "string" ? jsonName(name) : undefined;
};

/** Where the request begins in a path: a count of tokens may contain a whole request. */
const start = (path: Path): number => (nameAt(path, 0) === "generateContentRequest" ? 1 : 0);

/** The position of the field of a part in a path; -1 if the path is not inside a part. */
function partField(path: Path): number {
  for (let at = 0; at < 6; at++) if (path[at] === "parts") return typeof path[at + 1] === "number" ? at + 2 : at + 1;
  return -1;
}

/** Whether the path is inside the data of a function, where all names and strings are data. */
function isData(path: Path): boolean {
  const at = partField(path);
  const field = at === -1 ? undefined : nameAt(path, at);
  return field !== undefined && field in DATA && path[at + 1] === DATA[field];
}

const isSchema = (path: Path): boolean => SCHEMA_FIELDS.has(nameAt(path, start(path)));

/** Whether the text is base64: the data of a file, or a signature. */
function isBytes(_text: string, path: Path): boolean {
  if (isData(path) || isSchema(path)) return false;
  const name = path.at(-1);
  if (name === "thoughtSignature" || name === "thought_signature") return true;
  return name === "data" && nameAt(path, path.length - 2) === "inlineData";
}

/** Top-level fields other than the contents. A field that is not listed counts as a message. */
const BY_FIELD: ReadonlyMap<unknown, Origin> = new Map([
  ["systemInstruction", "system"],
  ["generationConfig", "system"],
  ["tools", "tool_definition"],
  ["toolConfig", "tool_definition"],
]);

const BY_PART: ReadonlyMap<unknown, Origin> = new Map([
  ["functionCall", "tool_input"],
  ["toolCall", "tool_input"],
  ["executableCode", "tool_input"],
  ["functionResponse", "tool_output"],
  ["toolResponse", "tool_output"],
  ["codeExecutionResult", "tool_output"],
]);

function originOf(body: Readonly<Record<string, unknown>>, path: Path): Origin {
  const first = start(path);
  const field = BY_FIELD.get(nameAt(path, first));
  if (field) return field;
  const request = first === 0 ? body : body[String(path[0])];
  const { contents } = (isFields(request) ? request : {}) as Readonly<Record<string, unknown>>;
  const content = Array.isArray(contents) ? contents[Number(path[first + 1])] : contents;
  if (isFields(content) && content.role === "system") return "system";
  const at = partField(path);
  return (at === -1 ? undefined : BY_PART.get(nameAt(path, at))) ?? "message";
}

export const generateTexts = textsOf({
  isStructural(path, key, text) {
    if (isData(path)) return false;
    // Below its first level, any string of a schema may be a text of the client, also one under a name of the protocol.
    if (isSchema(path) && path.length > start(path) + 1) return key === "type" && SCHEMA_TYPES.has(text.toLowerCase());
    return STRUCTURAL.has(jsonName(key));
  },
  hasOwnNames: (path) => isData(path) || (isSchema(path) && NAMED.has(path.at(-1))),
  isBytes,
  originOf,
});
