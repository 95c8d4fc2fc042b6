import { TollgateError } from "@tollgate/contracts/errors";

/** Where a top-level value stands in the text: `[start, end)`. */
export interface FieldSpan {
  start: number;
  end: number;
}

export interface ScanRules {
  depthMax: number;
  /** Names no object may carry at any depth, but as a property a JSON schema describes. */
  forbidden: ReadonlySet<string>;
}

/** An open object or array. `names` null marks an array. */
interface Level {
  names: string[] | Set<string> | null;
  isSchema: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Below this a list is cheaper than a set. */
const FEW_NAMES = 16;

/**
 * Walks a JSON object already known to be valid and returns its top-level fields. One pass, no recursion. Throws 400
 * `json_too_deep`, `duplicate_key` (another parser might take the other value) or `forbidden_parameter`.
 */
export function scanJson(text: string, { depthMax, forbidden }: ScanRules): Map<string, FieldSpan> {
  const fields = new Map<string, FieldSpan>();
  const levels: Level[] = [];
  let level: Level | undefined;
  let expectsName = false;
  let name = "";
  let field = "";
  let start = -1;

  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = stringEnd(text, at);
        if (expectsName && level) {
          name = nameAt(text, at, end);
          if (forbidden.has(name) && !level.isSchema) {
            throw new TollgateError("forbidden_parameter", `The body may not carry ${name}.`, { param: name });
          }
          addName(level, name);
          expectsName = false;
        }
        at = end;
        break;
      }
      case OPEN_OBJECT:
        level = { names: [], isSchema: name === "properties" };
        levels.push(level);
        if (levels.length > depthMax) throw tooDeep(depthMax);
        expectsName = true;
        name = "";
        break;
      case OPEN_ARRAY:
        level = { names: null, isSchema: false };
        levels.push(level);
        if (levels.length > depthMax) throw tooDeep(depthMax);
        expectsName = false;
        name = "";
        break;
      case COMMA:
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (levels.length === 1 && start !== -1) {
          fields.set(field, { start, end: trimmedEnd(text, at) });
          start = -1;
        }
        if (text.charCodeAt(at) === COMMA) expectsName = level?.names != null;
        else {
          levels.pop();
          level = levels.at(-1);
        }
        break;
      case COLON:
        if (levels.length === 1) {
          start = trimmedStart(text, at + 1);
          field = name;
        }
        break;
    }
  }
  return fields;
}

const tooDeep = (depthMax: number) => new TollgateError("json_too_deep", `The body nests beyond ${depthMax} levels.`);

/** Index of the closing quote of the string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

function nameAt(text: string, from: number, to: number): string {
  const name = text.slice(from + 1, to);
  return name.includes("\\") ? JSON.parse(`"${name}"`) : name;
}

function addName(level: Level, name: string): void {
  const { names } = level;
  if (names === null) return;
  if (names instanceof Set ? names.has(name) : names.includes(name)) {
    const param = name.slice(0, 64);
    throw new TollgateError("duplicate_key", `The body names ${param} twice in one object.`, { param });
  }
  if (names instanceof Set) names.add(name);
  else if (names.push(name) === FEW_NAMES) level.names = new Set(names);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function trimmedStart(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}
