import type { Origin, Path, TextReplacer, TextVisitor } from "../wire.ts";
import { originOf } from "./origin.ts";

/** Fields whose strings are the protocol's words or identifiers, never somebody's text. */
const STRUCTURAL = new Set(["role", "type", "id", "tool_call_id", "model", "object", "format", "detail"]);
const URL_FIELDS = new Set<string | number | undefined>(["url", "image_url", "file_data"]);
const DATA_PARENTS = new Set<string | number | undefined>(["input_audio", "source", "inline_data", "inlineData"]);
const DATA_URL = /^data:[^,]{0,100},/;

/** Fields whose content is the caller's own schema: there every string is theirs, but for the types JSON Schema has. */
const SCHEMA_FIELDS = new Set<string | number | undefined>(["tools", "functions", "response_format"]);
const SCHEMA_TYPES = new Set(
  "string number integer boolean object array null function custom json_schema json_object text grammar".split(" "),
);
/** In a schema, the fields whose inner names are the caller's. */
const NAMED = new Set<string | number | undefined>(["properties", "patternProperties", "$defs", "definitions"]);

export const isStructural = (path: Path, key: string, text: string): boolean =>
  STRUCTURAL.has(key) && (!SCHEMA_FIELDS.has(path[0]) || (key === "type" && SCHEMA_TYPES.has(text)));
export const hasOwnNames = (path: Path): boolean => NAMED.has(path.at(-1)) && SCHEMA_FIELDS.has(path[0]);

/** Only where the protocol has bytes: a message that calls itself a data URL is still a message. */
export const isBytes = (text: string, path: Path): boolean =>
  !SCHEMA_FIELDS.has(path[0]) &&
  (URL_FIELDS.has(path.at(-1)) ? DATA_URL.test(text) : path.at(-1) === "data" && DATA_PARENTS.has(path.at(-2)));

/**
 * Every string of a request that a person, a tool or a model may have written: messages, system prompts, tool
 * definitions, arguments and results, whatever the surface. Walked deep and by exception, so a field this code has
 * never heard of is not a way around a guardrail. The surface has bounded the depth. Of a large body it is done in steps
 * (`visitingTexts`).
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
 * A copy with every text replaced by what `replace` makes of it, in the order of `visitTexts`. What does not change is
 * shared, and the very same object comes back when nothing does.
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
    // Not by assignment, which a field named `__proto__` would not survive.
    return isChanged ? Object.fromEntries(fields) : value;
  };
  return rebuilt(body) as Body;
}
