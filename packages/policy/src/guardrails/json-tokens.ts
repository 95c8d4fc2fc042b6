import type { Budget } from "./budget.ts";

/** A string, number, `true`, `false` or `null` in a JSON text. A string includes its quotes. */
export interface JsonToken {
  start: number;
  /** Exclusive. */
  end: number;
  isString: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;
const SCALAR_CHARS_MAX = 400;
const CHUNK = 1024;

/** What is allowed next. */
type Wanted = "value" | "value or ]" | "name" | "name or }" | ":" | "end";

/**
 * The tokens of a text that is a JSON object or array; null for any other text. One pass without recursion; only the list
 * is allocated. Throws `BudgetSpent`.
 */
export function jsonTokens(text: string, budget: Budget): JsonToken[] | null {
  const tokens: JsonToken[] = [];
  const open: ("{" | "[")[] = [];
  let wanted: Wanted = "value";
  let seen = 0;

  for (let at = 0; at < text.length; at++) {
    if (at - seen >= CHUNK) {
      budget.spend(at - seen);
      seen = at;
    }
    const char = text.charAt(at);
    if (char === " " || char === "\n" || char === "\r" || char === "\t") continue;
    const isValue = wanted === "value" || wanted === "value or ]";
    if (char === "{" || char === "[") {
      if (!isValue) return null;
      open.push(char);
      wanted = char === "{" ? "name or }" : "value or ]";
    } else if (char === "}" || char === "]") {
      const isEmpty = wanted === (char === "}" ? "name or }" : "value or ]");
      if (open.pop() !== (char === "}" ? "{" : "[") || (wanted !== "end" && !isEmpty)) return null;
      wanted = "end";
    } else if (char === ",") {
      const inside = open.at(-1);
      if (wanted !== "end" || !inside) return null;
      wanted = inside === "{" ? "name" : "value";
    } else if (char === ":") {
      if (wanted !== ":") return null;
      wanted = "value";
    } else if (open.length === 0) {
      return null;
    } else if (char === '"') {
      const end = stringEnd(text, at);
      const isName: boolean = wanted === "name" || wanted === "name or }";
      if (end === null || !(isName || isValue)) return null;
      tokens.push({ start: at, end, isString: true });
      wanted = isName ? ":" : "end";
      at = end - 1;
    } else {
      const end = scalarEnd(text, at);
      if (!isValue || !SCALAR.test(text.slice(at, end))) return null;
      tokens.push({ start: at, end, isString: false });
      wanted = "end";
      at = end - 1;
    }
  }
  budget.spend(text.length - seen);
  return wanted === "end" && open.length === 0 ? tokens : null;
}

/** The index after the closing quote. Null: there is no closing quote, or the string is not valid JSON. */
function stringEnd(text: string, from: number): number | null {
  for (let at = from + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit < 0x20) return null;
    if (unit !== BACKSLASH) continue;
    const length = escapeLength(text, at);
    if (length === null) return null;
    at += length - 1;
  }
  return null;
}

/** Length of the escape at `at`; null if it is not an escape. */
export function escapeLength(text: string, at: number): number | null {
  const kind = text.charAt(at + 1);
  if (kind === "u") return hexAt(text, at + 2) === null ? null : 6;
  return kind !== "" && '"\\/bfnrt'.includes(kind) ? 2 : null;
}

/** The UTF-16 unit of four hexadecimal digits; null if there are not four. */
export function hexAt(text: string, from: number): number | null {
  let unit = 0;
  for (let at = from; at < from + 4; at++) {
    const digit = Number.parseInt(text.charAt(at), 16);
    if (Number.isNaN(digit)) return null;
    unit = unit * 16 + digit;
  }
  return unit;
}

function scalarEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from <= SCALAR_CHARS_MAX && !' \n\r\t,:]}[{"'.includes(text.charAt(at))) at++;
  return at;
}
