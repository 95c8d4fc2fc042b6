import type { Steps } from "./steps.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const STEP_BYTES = 64 * 1024;

/**
 * The bytes of each item of a JSON array, in steps. The array was scanned before: its structure is valid. It ends when there
 * are more than `most`.
 */
export function* itemsOf(array: Buffer, most: number): Steps<Buffer[]> {
  const items: Buffer[] = [];
  const end = array.length - 1;
  let start = -1;
  let last = 0;
  let depth = 0;
  let isString = false;
  for (let at = 1; at < end && items.length <= most; at++) {
    const byte = array[at] as number;
    if (isString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isString = false;
    } else if (depth === 0 && byte === COMMA) {
      if (start !== -1) items.push(array.subarray(start, last + 1));
      start = -1;
    } else if (!SPACE.has(byte)) {
      if (start === -1) start = at;
      if (byte === QUOTE) isString = true;
      else if (OPEN.has(byte)) depth += 1;
      else if (CLOSE.has(byte)) depth -= 1;
    }
    if (!SPACE.has(byte)) last = at;
    if (at % STEP_BYTES === 0) yield;
  }
  if (start !== -1) items.push(array.subarray(start, last + 1));
  return items;
}
