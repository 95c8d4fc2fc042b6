export interface Span {
  start: number;
  end: number;
}

export const QUOTE = 0x22;
export const OPEN_OBJECT = 0x7b;
export const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const OPEN = new Set([OPEN_OBJECT, OPEN_ARRAY]);
const CLOSE = new Set([0x7d, 0x5d]);
/** White space, commas and colons. */
export const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x3a]);

/** The end of the string that starts at `at`, after its closing quote. */
export function stringEnd(bytes: Buffer, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return bytes.length;
}

/** The end of the value that starts at `at`. */
export function valueEnd(bytes: Buffer, at: number): number {
  if (bytes[at] === QUOTE) return stringEnd(bytes, at);
  if (!OPEN.has(bytes[at] ?? 0)) {
    let end = at;
    while (end < bytes.length && !BLANK.has(bytes[end] as number) && !CLOSE.has(bytes[end] as number)) end += 1;
    return end;
  }
  let depth = 0;
  for (let end = at; end < bytes.length; ) {
    const byte = bytes[end] as number;
    if (byte === QUOTE) {
      end = stringEnd(bytes, end);
      continue;
    }
    end += 1;
    if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte) && --depth === 0) return end;
  }
  return bytes.length;
}

/**
 * Where the value at `path` (names of nested objects) is in the JSON object that starts at the first brace from `from`.
 * Null: there is no such value. The bytes must be valid JSON; names with escapes are not found.
 */
export function spanOf(bytes: Buffer, path: readonly string[], from = 0): Span | null {
  const [name, ...rest] = path;
  let at = bytes.indexOf("{", from);
  if (at === -1) return null;
  for (at += 1; at < bytes.length; ) {
    while (BLANK.has(bytes[at] as number)) at += 1;
    if (bytes[at] !== QUOTE) return null;
    const nameEnd = stringEnd(bytes, at);
    const isNamed = bytes.toString("latin1", at + 1, nameEnd - 1) === name;
    at = nameEnd;
    while (BLANK.has(bytes[at] as number)) at += 1;
    if (isNamed && rest.length > 0) return bytes[at] === OPEN_OBJECT ? spanOf(bytes, rest, at) : null;
    const end = valueEnd(bytes, at);
    if (isNamed) return { start: at, end };
    at = end;
  }
  return null;
}
