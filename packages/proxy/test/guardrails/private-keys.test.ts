import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Checks, guardrail, openChecks } from "./guardrail.ts";

let checks: Checks;
beforeAll(() => {
  checks = openChecks();
});
afterAll(() => checks.close());

const rules = [guardrail({ kind: "secret", action: "redact", name: "secret" })];
const check = (content: unknown, more: Record<string, unknown> = {}) =>
  checks.check(rules, { messages: [{ role: "user", content }], ...more });

/** Lines that look like a key, split into pieces so that secret scanners ignore this file. */
const LINES = ["MIIEowIBAAKCAQEA1c7fake0", "Zm9vYmFyYmF6cXV4Zm9vYmFy", "cXV4Zm9vYmFyYmF6/+9v=="];
const pem = (label: string, lines = LINES): string[] => [
  `-----BEGIN ${label}-----`,
  ...lines,
  `-----END ${label}-----`,
];
const putty = [
  "PuTTY-User-Key-File-3: ssh-ed25519",
  "Encryption: none",
  "Comment: me@example",
  "Public-Lines: 1",
  LINES[0],
  "Private-Lines: 1",
  LINES[1],
  `Private-MAC: ${"0a9f".repeat(16)}`,
];
const legacy = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0A1B2C3D4E5F", "", ...LINES];
const pgp = ["Version: GnuPG v2", "Comment: https://gnupg.org", "", ...LINES, "=aB3d"];

const forms: [string, string][] = [
  ["as it comes", pem("PRIVATE KEY").join("\n")],
  ["of RSA", pem("RSA PRIVATE KEY").join("\n")],
  ["of OpenSSH", pem("OPENSSH PRIVATE KEY").join("\n")],
  ["encrypted", pem("ENCRYPTED PRIVATE KEY").join("\r\n")],
  ["with Proc-Type and DEK-Info", pem("RSA PRIVATE KEY", legacy).join("\n")],
  ["of PGP, with headers", pem("PGP PRIVATE KEY BLOCK", pgp).join("\n")],
  [
    "of SSH2",
    ["---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", ...LINES, "---- END SSH2 ENCRYPTED PRIVATE KEY ----"].join("\n"),
  ],
  ["of PuTTY", putty.join("\n")],
  ["of an old PuTTY", [...putty.slice(0, -1), `Private-Hash: ${"0a9f".repeat(10)}`].join("\r\n")],
  ["indented", pem("EC PRIVATE KEY").join("\n    ")],
  ["quoted in a mail", pem("EC PRIVATE KEY").join("\n> > ")],
  ["as a comment", pem("PRIVATE KEY").join("\n// ")],
  ["in pieces of a program", pem("PRIVATE KEY").join('\\n" +\n  "')],
  ["on one line with \\n", pem("PRIVATE KEY").join("\\n")],
  ["on one line with \\\\n", pem("PRIVATE KEY").join("\\\\n")],
  ["on one line with spaces", pem("PRIVATE KEY").join(" ")],
];

describe("no part of a private key is sent, in any format", () => {
  it.each(forms)("%s", async (_form, key) => {
    const { refusal, body, hits } = await check(`The key:\n${key}\nThat was it.`);
    expect(refusal).toBeNull();
    expect(body).toMatchObject({ messages: [{ content: "The key:\n[redacted:secret]\nThat was it." }] });
    expect(hits).toMatchObject([{ count: 1 }]);
  });

  it("in a pasted JSON file, which is still JSON afterwards", async () => {
    const file = { type: "service_account", private_key: `${pem("PRIVATE KEY").join("\n")}\n`, n: 1 };
    const { body } = await check(JSON.stringify(file, null, 2));
    const sent = (body as { messages: { content: string }[] }).messages[0]?.content ?? "";
    expect(JSON.parse(sent)).toEqual({ ...file, private_key: "[redacted:secret]\n" });
  });

  it("line by line in a JSON list", async () => {
    const { body } = await check(JSON.stringify({ key: pem("PRIVATE KEY"), n: 1 }));
    const sent = JSON.parse((body as { messages: { content: string }[] }).messages[0]?.content ?? "");
    expect(sent).toEqual({ key: Array(5).fill("[redacted:secret]"), n: 1 });
  });

  it("two keys; the text between them is kept", async () => {
    const key = pem("PRIVATE KEY").join("\n");
    const { body, hits } = await check(`${key} and ${key}`);
    expect(body).toMatchObject({ messages: [{ content: "[redacted:secret] and [redacted:secret]" }] });
    expect(hits).toMatchObject([{ count: 2 }]);
  });

  it("certificates and public keys are not changed", async () => {
    const text = [...pem("CERTIFICATE"), ...pem("PUBLIC KEY"), ...pem("PGP PUBLIC KEY BLOCK")].join("\n");
    expect((await check(text)).hits).toEqual([]);
  });
});

describe("a private key without an end blocks the request", () => {
  it.each(forms.map(([form, key]) => [form, key.slice(0, key.length - 45)]))("%s", async (_form, key) => {
    const { refusal, hits } = await check(`Cut off: ${key}`);
    expect(refusal).toMatchObject({ code: "guardrail_blocked", message: expect.stringContaining("without its end") });
    expect(hits).toMatchObject([{ count: 1 }]);
  });

  it("one whose end is in another text", async () => {
    const [begin, ...rest] = pem("PRIVATE KEY");
    const parts = [begin, rest.join("\n")].map((text) => ({ type: "text", text }));
    expect((await check(parts)).refusal).not.toBeNull();
  });

  it("one before a complete key", async () => {
    const [begin] = pem("PRIVATE KEY");
    expect((await check(`${begin} ${pem("PRIVATE KEY").join("\n")}`)).refusal).not.toBeNull();
  });

  it("but not if the rule is in shadow mode or only flags", async () => {
    for (const given of [{ mode: "shadow" }, { action: "flag" }] as const) {
      const noting = [guardrail({ kind: "secret", action: "redact", ...given })];
      const { refusal, hits } = await checks.check(noting, { messages: [{ content: pem("PRIVATE KEY")[0] }] });
      expect([refusal, hits.length]).toEqual([null, 1]);
    }
  });
});
