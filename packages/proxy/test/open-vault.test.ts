import { randomBytes, randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { generateSealKeys, seal } from "@tollgate/vault/seal";
import { describe, expect, test } from "vitest";
import { openVault } from "../src/open-vault.ts";

const pepper = randomBytes(32);
const stored = (secret: string) => ({ hash: hashKey(pepper, secret), notAfterMs: null });

test("a box opens repeatedly with its key and never with another, and a changed box is used at once", async () => {
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

describe("a credential", () => {
  const orgId = randomUUID();
  const row = { id: randomUUID(), name: "Main", provider: "openai", baseUrl: "https://api.example.com/v1" };
  const owner = { orgId, rowId: row.id };
  const evil = "https://evil.example/v1";

  test("opens if its base URL has the origin for which it was entered, with any path", async () => {
    const { publicKey, privateKey } = await generateSealKeys();
    const vault = await openVault(pepper, privateKey);
    const sealed = await seal(publicKey, { ...owner, origin: "https://api.example.com" }, "sk-one");
    expect(vault.open(orgId, { ...row, sealed }).reveal()).toBe("sk-one");
    expect(vault.open(orgId, { ...row, baseUrl: "https://api.example.com/v2", sealed }).reveal()).toBe("sk-one");
    const moved = { ...row, baseUrl: evil, sealed };
    for (const _ of [1, 2]) expect(() => vault.open(orgId, moved)).toThrow(/another origin/);
    expect(() => vault.open(orgId, { ...moved, legacyOrigin: "https://evil.example" })).toThrow(/another origin/);
  });

  test("and ids that were made with the previous key open after a change of the key", async () => {
    const [old, key, other] = await Promise.all([generateSealKeys(), generateSealKeys(), generateSealKeys()]);
    const credential = {
      ...row,
      sealed: await seal(old.publicKey, { ...owner, origin: "https://api.example.com" }, "sk-one"),
    };
    const before = await openVault(pepper, old.privateKey);
    const file = { kind: "file", orgId, keyId: randomUUID(), credentialId: row.id, providerId: "file-1" } as const;
    const vault = await openVault(pepper, key.privateKey, old.privateKey);
    expect(vault.open(orgId, credential).reveal()).toBe("sk-one");
    expect(vault.ids.open(before.ids.seal(file), file)).toEqual(file);
    const stranger = await openVault(pepper, key.privateKey, other.privateKey);
    expect(() => stranger.open(orgId, credential)).toThrow(/this key/);
    expect(stranger.ids.open(before.ids.seal(file), file)).toBeNull();
  });

  test("of several fields opens for its origin only, prints nothing, and keeps its settings whatever the row says", async () => {
    const { publicKey, privateKey } = await generateSealKeys();
    const vault = await openVault(pepper, privateKey);
    const content = { scheme: "entra", fields: { tenantId: "acme", clientSecret: "s3cret-canary" } };
    const sealed = await seal(publicKey, { ...owner, origin: "https://api.example.com" }, content);
    const opened = vault.open(orgId, { ...row, sealed });
    expect(opened.scheme).toBe("entra");
    expect(opened.fields()).toEqual({ secret: "", tenantId: "acme", clientSecret: "s3cret-canary" });
    expect(`${opened} ${JSON.stringify({ opened })} ${inspect(opened)}`).not.toContain("canary");
    expect(() => vault.open(orgId, { ...row, baseUrl: evil, sealed })).toThrow(/another origin/);
    expect(() => vault.open(orgId, { ...row, id: randomUUID(), sealed })).toThrow(/another owner/);
    await expect(seal(publicKey, owner, content)).rejects.toThrow(/names no origin/);
  });

  test("whose box has no origin opens for the origin at the upgrade, and is sealed again with that one", async () => {
    const { publicKey, privateKey } = await generateSealKeys();
    const vault = await openVault(pepper, privateKey);
    const sealed = await seal(publicKey, owner, "sk-old");
    const legacy = { ...row, sealed, legacyOrigin: "https://api.example.com" };
    expect(vault.open(orgId, legacy).reveal()).toBe("sk-old");
    expect(() => vault.open(orgId, { ...row, sealed })).toThrow(/names no origin/);
    expect(() => vault.open(orgId, { ...legacy, baseUrl: evil })).toThrow(/another origin/);

    const again = await vault.reseal(orgId, { ...legacy, baseUrl: evil });
    expect(vault.open(orgId, { ...row, sealed: again }).reveal()).toBe("sk-old");
    expect(() => vault.open(orgId, { ...row, baseUrl: evil, sealed: again })).toThrow(/another origin/);
    expect(() => vault.reseal(randomUUID(), legacy)).toThrow(/another owner/);
  });
});
