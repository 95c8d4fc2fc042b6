import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/** `live` and `test` are virtual keys; `adm` is a token of the admin API. */
export type TokenKind = "live" | "test" | "adm";

export interface ParsedKey {
  kind: TokenKind;
  /** 10 base62 characters, for looking up the key. Not secret. */
  publicId: string;
  /** The whole text. It is hashed, so the hash covers kind and public id too. */
  secret: string;
}

export interface MintedKey extends ParsedKey {
  /** The last characters, by which people recognise the key. */
  lastFour: string;
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY = /^tg_(live|test|adm)_([0-9A-Za-z]{10})[0-9A-Za-z]{32}([0-9A-Za-z]{6})$/;
const CHECKSUM_LENGTH = 6;

/** Uniform: bytes above the largest multiple of 62 are discarded. */
function randomDigits(length: number): string {
  let digits = "";
  while (digits.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && digits.length < length) digits += DIGITS[byte % 62];
    }
  }
  return digits;
}

/** CRC-32 of the text before it, in base62 with padding: 62^6 > 2^32. */
function checksum(text: string): string {
  let digits = "";
  for (let rest = crc32(text); digits.length < CHECKSUM_LENGTH; rest = Math.floor(rest / 62)) {
    digits = DIGITS[rest % 62] + digits;
  }
  return digits;
}

const DIGIT_VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));

/** The CRC-32 as a number, from the text that `checksum` writes. */
function checksumValue(digits: string): number {
  let value = 0;
  for (let at = 0; at < digits.length; at++) value = value * 62 + (DIGIT_VALUES.get(digits.charCodeAt(at)) ?? 0);
  return value;
}

/** `tg_<kind>_` + public id + 190 random bits + checksum. */
export function mintKey(kind: TokenKind): MintedKey {
  const publicId = randomDigits(10);
  const body = `tg_${kind}_${publicId}${randomDigits(32)}`;
  const secret = body + checksum(body);
  return { kind, publicId, secret, lastFour: secret.slice(-4) };
}

/** Checks only format and checksum, in microseconds and without I/O. Null if the text cannot be a key. */
export function parseKey(text: string): ParsedKey | null {
  const match = KEY.exec(text);
  if (!match || crc32(text.slice(0, -CHECKSUM_LENGTH)) !== checksumValue(match[3] as string)) return null;
  return { kind: match[1] as TokenKind, publicId: match[2] as string, secret: text };
}
