import { randomBytes } from "node:crypto";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { generateSealKeys } from "@tollgate/vault/seal";
import { expect, test } from "vitest";
import { openVault } from "../src/open-vault.ts";

const pepper = randomBytes(32);
const stored = (secret: string) => ({ hash: hashKey(pepper, secret), notAfterMs: null });

test("a key opens again and again, another never, and a change of what is stored counts at once", async () => {
  const vault = await openVault(pepper, (await generateSealKeys()).privateKey);
  const [right, wrong] = [mintKey("live").secret, mintKey("live").secret];
  const before = stored(right);
  for (let time = 0; time < 3; time++) {
    expect(vault.verify(right, [before])).toBe(true);
    expect(vault.verify(wrong, [before])).toBe(false);
    expect(vault.verify(`${right}0`, [before])).toBe(false);
    expect(vault.verify("", [before])).toBe(false);
  }
  expect(vault.verify(right, [])).toBe(false);
  expect(vault.verify(right, [stored(wrong)])).toBe(false);
  expect(vault.verify(right, [stored(wrong), before])).toBe(true);
  expect(vault.verify(wrong, [stored(wrong), before])).toBe(true);
});
