import { expect, test } from "vitest";
import { decryptForCaller, encryptForCaller } from "../src/caller-box.ts";
import { mintKey } from "../src/key-format.ts";

const token = mintKey("adm").secret;

test("only the same token and purpose can decrypt the text", () => {
  const box = encryptForCaller(token, "answer", '{"secret":"tg_live_…"}');
  expect(decryptForCaller(token, "answer", box)).toBe('{"secret":"tg_live_…"}');
  expect(box.includes("tg_live_")).toBe(false);
  expect(() => decryptForCaller(mintKey("adm").secret, "answer", box)).toThrow();
  expect(() => decryptForCaller(token, "another", box)).toThrow();
  for (let at = 0; at < box.length; at++) {
    const changed = Buffer.from(box);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => decryptForCaller(token, "answer", changed)).toThrow();
  }
});
