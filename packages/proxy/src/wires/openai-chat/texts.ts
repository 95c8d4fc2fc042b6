import type { Origin, Path, TextReplacer, TextVisitor } from "../wire.ts";
import { originOf } from "./origin.ts";

/** Fields whose strings are keywords or ids of the protocol, not text. */
const STRUCTURAL = new Set(["role", "type", "id", "tool_call_id", "model", "object", "format", "detail"]);
const URL_FIELDS = new Set<string | number | undefined>(["url", "image_url", "file_data"]);
const DATA_PARENTS = new Set<string | number | undefined>(["input_audio", "source", "inline_data", "inlineData"]);
const DATA_URL = /^data:[^,]{0,100},/;

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

export const isStructural = (path: Path, key: string, text: string): boolean =>
  STRUCTURAL.has(key) && (!SCHEMA_FIELDS.has(path[0]) || (key === "type" && SCHEMA_TYPES.has(text)));
export const hasOwnNames = (path: Path): boolean => NAMED.has(path.at(-1)) && SCHEMA_FIELDS.has(path[0]);

/**
 * Whether a text is base64 data. Only fields that the protocol defines as data count: a message like `data:…,` is text.
 */
export const isBytes = (text: string, path: Path): boolean =>
  !SCHEMA_FIELDS.has(path[0]) &&
  (URL_FIELDS.has(path.at(-1)) ? DATA_URL.test(text) : path.at(-1) === "data" && DATA_PARENTS.has(path.at(-2)));

/**
 * Visits every text of a request: messages, system prompts, tool definitions, arguments and results. It visits all
 * fields except the known structural ones, so an unknown field cannot bypass a guardrail. The body reader limits the
 * nesting depth. `visitingTexts` does the same in steps, for a large body.
 */
export function visitTexts(body: Readonly<Record<string, unknown>>, visit: TextVisitor): void {
  const path: (string | number)[] = [];
  const origin = (): Origin => originOf(body, path);
  const inside = (key: string | number, value: unknown): void => {
    path.push(key);
    walk(value);
    path.pop();
  };
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      visit(value, path, isBytes(value, path), origin);
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) inside(index, value[index]);
    } else if (typeof value === "object" && value !== null) {
      const isNamed = hasOwnNames(path);
      for (const key in value) {
        const inner = (value as Record<string, unknown>)[key];
        if (isNamed) visit(key, path, false, origin);
        if (typeof inner !== "string" || !isStructural(path, key, inner)) inside(key, inner);
      }
    }
  };
  walk(body);
}

/**
 * Returns a copy in which `replace` has replaced every text, in the order of `visitTexts`. Unchanged parts are shared
 * with the original. If nothing changes, the original object is returned.
 */
export function replaceTexts<Body extends Readonly<Record<string, unknown>>>(body: Body, replace: TextReplacer): Body {
  const path: (string | number)[] = [];
  const origin = (): Origin => originOf(body, path);
  const inside = (key: string | number, value: unknown): unknown => {
    path.push(key);
    const replaced = rebuilt(value);
    path.pop();
    return replaced;
  };
  const rebuilt = (value: unknown): unknown => {
    if (typeof value === "string") return replace(value, isBytes(value, path), origin);
    if (Array.isArray(value)) {
      const items = value.map((item, index) => inside(index, item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== "object" || value === null) return value;
    const isNamed = hasOwnNames(path);
    const fields = Object.entries(value).map(([key, inner]): [string, unknown] => [
      isNamed ? replace(key, false, origin) : key,
      typeof inner === "string" && isStructural(path, key, inner) ? inner : inside(key, inner),
    ]);
    const isChanged = fields.some(
      ([key, inner]) => !Object.hasOwn(value, key) || inner !== (value as Record<string, unknown>)[key],
    );
    // Assignment would lose a field named `__proto__`; `Object.fromEntries` keeps it.
    return isChanged ? Object.fromEntries(fields) : value;
  };
  return rebuilt(body) as Body;
}
