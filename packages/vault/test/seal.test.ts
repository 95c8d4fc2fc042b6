import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { originOf } from "../src/origin.ts";
import { generateSealKeys, type Open, opener, type SealKeys, seal } from "../src/seal.ts";

const owner = { orgId: randomUUID(), rowId: randomUUID() };
const secret = "sk-ant-föö-🔑";

let keys: SealKeys;
let open: Open;
let sealed: string;

beforeAll(async () => {
  keys = await generateSealKeys();
  open = await opener(keys.privateKey);
  sealed = await seal(keys.publicKey, owner, secret);
});

describe("a sealed credential", () => {
  test("opens for its owner with the private key, and looks different each time", async () => {
    expect(open(owner, sealed).reveal()).toBe(secret);
    expect(await seal(keys.publicKey, owner, secret)).not.toBe(sealed);
    expect(Buffer.from(sealed, "base64").includes("sk-ant")).toBe(false);
  });

  test("does not open under another tenant or in another row", () => {
    expect(() => open({ ...owner, orgId: randomUUID() }, sealed)).toThrow(/another owner/);
    expect(() => open({ ...owner, rowId: randomUUID() }, sealed)).toThrow(/another owner/);
  });

  test("does not open with another key, nor when a bit was changed", async () => {
    const stranger = await opener((await generateSealKeys()).privateKey);
    expect(() => stranger(owner, sealed)).toThrow(/does not open/);
    const box = Buffer.from(sealed, "base64");
    for (let at = 0; at < box.length; at += 7) {
      const changed = Buffer.from(box);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(owner, changed.toString("base64"))).toThrow(/does not open/);
    }
    expect(() => open(owner, "")).toThrow(/does not open/);
  });

  test("with an origin opens only for that origin, and one without an origin never opens", async () => {
    const origin = "https://api.example.com";
    const bound = await seal(keys.publicKey, { ...owner, origin }, secret);
    expect(open({ ...owner, origin }, bound).reveal()).toBe(secret);
    for (const elsewhere of ["https://api.example.com.evil.example", "http://api.example.com", `${origin}:8443`, ""]) {
      expect(() => open({ ...owner, origin: elsewhere }, bound)).toThrow(/another origin/);
    }
    expect(() => open(owner, bound)).toThrow(/another origin/);
    expect(() => open({ ...owner, origin }, sealed)).toThrow(/names no origin/);
    expect(() => open({ orgId: randomUUID(), rowId: owner.rowId, origin }, bound)).toThrow(/another owner/);
  });

  test("prints as [secret] once opened", () => {
    const opened = open(owner, sealed);
    const printed = [
      `${opened}`,
      JSON.stringify({ opened }),
      inspect({ deep: [opened] }),
      inspect(opened, { showHidden: true }),
    ];
    for (const text of printed) {
      expect(text).toContain("[secret]");
      expect(text).not.toContain("sk-ant");
    }
  });
});

test("an origin has one canonical form, and only http(s) URLs have one", () => {
  const same = ["https://API.example.com/v1", "https://api.example.com:443", "https://api.example.com/v2/x?y#z"];
  expect(same.map(originOf)).toEqual(same.map(() => "https://api.example.com"));
  expect(originOf("https://api.example.com@evil.example/v1")).toBe("https://evil.example");
  expect(originOf("https://bücher.example")).toBe("https://xn--bcher-kva.example");
  for (const bad of ["", "api.example.com", "data:text/plain,x", "file:///etc/passwd"]) {
    expect(() => originOf(bad)).toThrow();
  }
});
