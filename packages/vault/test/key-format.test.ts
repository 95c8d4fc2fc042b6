import { describe, expect, test } from "vitest";
import { mintKey, parseKey, type TokenKind } from "../src/key-format.ts";

const kinds: TokenKind[] = ["live", "test", "adm"];
const many = Array.from({ length: 600 }, (_, index) => mintKey(kinds[index % 3] as TokenKind));

describe("a minted key", () => {
  test("has the format that secret scanners look for, and parses to its parts", () => {
    for (const { kind, publicId, secret, lastFour } of many) {
      expect(secret).toMatch(/^tg_(live|test|adm)_[0-9A-Za-z]{48}$/);
      expect(parseKey(secret)).toEqual({ kind, publicId, secret });
      expect(secret.endsWith(lastFour)).toBe(true);
    }
  });

  test("is unique, and uses all digits equally often", () => {
    expect(new Set(many.map(({ publicId }) => publicId)).size).toBe(many.length);
    const counts = new Map<string, number>();
    for (const digit of many.map(({ secret }) => secret.slice(-38, -6)).join("")) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    const expected = (many.length * 32) / 62;
    expect(counts.size).toBe(62);
    // Seven standard deviations of a uniform distribution.
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(7 * Math.sqrt(expected));
  });
});

describe("parseKey", () => {
  const { secret } = mintKey("live");

  test("refuses any one character changed, dropped, added or swapped", () => {
    for (let at = 0; at < secret.length; at++) {
      const other = secret[at] === "x" ? "y" : "x";
      expect(parseKey(secret.slice(0, at) + other + secret.slice(at + 1))).toBeNull();
      expect(parseKey(secret.slice(0, at) + secret.slice(at + 1))).toBeNull();
      expect(parseKey(`${secret.slice(0, at)}x${secret.slice(at)}`)).toBeNull();
      const swapped = secret.slice(0, at) + (secret[at + 1] ?? "") + secret[at] + secret.slice(at + 2);
      if (swapped !== secret) expect(parseKey(swapped)).toBeNull();
    }
  });

  test("does not accept one kind as another", () => {
    expect(parseKey(secret.replace("tg_live_", "tg_test_"))).toBeNull();
    expect(parseKey(secret.replace("tg_live_", "tg_adm_"))).toBeNull();
  });

  test("refuses text that is not a key", () => {
    for (const text of [
      "",
      "tg_live_",
      "sk-1234",
      `${secret}\n`,
      ` ${secret}`,
      "tg_live_".padEnd(56, "0"),
      "é".repeat(56),
    ]) {
      expect(parseKey(text)).toBeNull();
    }
  });
});
