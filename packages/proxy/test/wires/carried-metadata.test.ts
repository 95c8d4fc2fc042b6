import { expect, test } from "vitest";
import { carried, carry, idWithMetadata, splitId } from "../../src/wires/carried-metadata.ts";

const google = { google: { thoughtSignature: "c2lnbmVk" } };

test("metadata that a provider requires back survives as an opaque string", () => {
  const text = carry(google);
  expect(text).toMatch(/^tgm1\.[\w-]+$/);
  expect(carried(String(text))).toEqual(google);
});

test("an id carries metadata, in characters that every format allows in ids", () => {
  const id = idWithMetadata("call_1", google);
  expect(id).toMatch(/^[\w-]+$/);
  expect(splitId(id)).toEqual({ id: "call_1", metadata: google });
});

test.each([["EqQBCgIYAhIM"], ["tgm1."], ["tgm1.bm90IGpzb24"], ["tgm1.W10"]])("%s is the format's own", (text) => {
  expect(carried(text)).toBeNull();
});

test.each([["toolu_01A"], ["call__tgm1_bm90IGpzb24"]])("the id %s carries nothing and stays", (id) => {
  expect(splitId(id)).toEqual({ id, metadata: undefined });
});

test("a caller cannot bring in other options: they would pass guardrails and the checks of the body", () => {
  const forged = { openaiCompatible: { content: "secret" }, anthropic: { cacheControl: {}, signature: "s" } };
  const text = `tgm1.${Buffer.from(JSON.stringify(forged)).toString("base64url")}`;
  expect(carried(text)).toEqual({ anthropic: { signature: "s" } });
});

test("nothing is carried for a part without such metadata, or with more than 64 KiB of it", () => {
  expect(carry(undefined)).toBeNull();
  expect(carry({ openai: { logprobs: "x" } })).toBeNull();
  expect(carry({ google: { thoughtSignature: "x".repeat(65_536) } })).toBeNull();
});
