import { randomBytes } from "node:crypto";

export type Uuid = string;

export const NIL_UUID: Uuid = "00000000-0000-0000-0000-000000000000";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: unknown): text is Uuid => typeof text === "string" && UUID.test(text);

const RANDOM_BYTES = 8192;
const DIGITS_EACH = 20;
/** Random hexadecimal digits, generated in large blocks. */
let digits = "";
let used = 0;
/** The last time, and its text with the version: many ids are created in one millisecond. */
let [timeMs, timeText] = [-1, ""];

/** Creates a UUIDv7 (RFC 9562). Its first 48 bits are `atMs`, so its day determines the partition of a usage event. */
export function uuidV7(atMs: number): Uuid {
  if (used + DIGITS_EACH > digits.length) {
    digits = randomBytes(RANDOM_BYTES).toString("hex");
    used = 0;
  }
  const at = used;
  used += DIGITS_EACH;
  const ms = Math.floor(atMs);
  if (ms !== timeMs) {
    const time = ms.toString(16).padStart(12, "0");
    [timeMs, timeText] = [ms, `${time.slice(0, 8)}-${time.slice(8)}-7`];
  }
  // The last two bits of the digit's value: the code of "a" is 0x61 and its value 10.
  const code = digits.charCodeAt(at);
  const variant = "89ab"[(code > 0x39 ? code + 1 : code) & 3];
  return `${timeText}${digits.slice(at + 1, at + 4)}-${variant}${digits.slice(at + 4, at + 7)}-${digits.slice(at + 7, at + 19)}`;
}

/** The time of a UUIDv7, in milliseconds since the epoch. */
export const uuidTimeMs = (id: Uuid): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The smallest UUIDv7 of an instant, as the bound of a time range. */
export function uuidFloor(atMs: number): Uuid {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
