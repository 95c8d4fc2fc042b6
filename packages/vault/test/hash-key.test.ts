import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashKey, verifyKey } from "../src/hash-key.ts";
import { mintKey } from "../src/key-format.ts";

const pepper = randomBytes(32);
const { secret } = mintKey("live");
const hash = hashKey(pepper, secret);

describe("verifyKey", () => {
  test("accepts a stored secret, also of a rotated key", () => {
    const other = hashKey(pepper, mintKey("live").secret);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(verifyKey(pepper, secret, [hash])).toBe(true);
    expect(verifyKey(pepper, secret, [other, hash])).toBe(true);
    expect(verifyKey(pepper, secret, [hash, other])).toBe(true);
    expect(verifyKey(pepper, secret, [other])).toBe(false);
  });

  test("refuses an unknown key, another pepper, and a stored value that is not a hash", () => {
    expect(verifyKey(pepper, secret, [])).toBe(false);
    expect(verifyKey(randomBytes(32), secret, [hash])).toBe(false);
    for (const stored of ["", "00".repeat(32), hash.slice(2), `${hash}00`, "zz"]) {
      expect(verifyKey(pepper, secret, [stored])).toBe(false);
    }
  });
});
