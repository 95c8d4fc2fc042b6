import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Checks, guardrail, openChecks } from "./guardrail.ts";

let checks: Checks;
beforeAll(() => {
  checks = openChecks();
});
afterAll(() => checks.close());

const rules = [guardrail({ kind: "secret", action: "redact", name: "secret" })];
const redacted = async (text: string): Promise<string> => {
  const { refusal, body } = await checks.check(rules, { messages: [{ role: "user", content: text }] });
  if (refusal) throw refusal;
  return (body as { messages: { content: string }[] }).messages[0]?.content ?? "";
};

/** Split into pieces so that secret scanners ignore this file. */
const x = (count: number, of = "aB3"): string => of.repeat(count).slice(0, count);
const secrets: [string, string][] = [
  ["our live key", `tg_live_${x(48)}`],
  ["our admin token", `tg_adm_${x(48)}`],
  ["OpenAI project", `sk-proj-${x(80)}_-${x(20)}`],
  ["OpenAI old", `sk-${x(48)}`],
  ["Anthropic", `sk-ant-api03-${x(93)}-AA`],
  ["OpenRouter", `sk-or-v1-${x(64, "0a9f")}`],
  ["Google", `AIza${x(35)}`],
  ["Groq", `gsk_${x(52)}`],
  ["xAI", `xai-${x(80)}`],
  ["Hugging Face", `hf_${x(34, "aBcD")}`],
  ["AWS key id", `AKIA${x(16, "A7Z")}`],
  ["AWS secret", `aws_secret_access_key = "${x(40, "a/B+")}`],
  ["GitHub", `ghp_${x(36)}`],
  ["GitHub fine-grained", `github_pat_${x(82)}`],
  ["GitLab", `glpat-${x(20)}`],
  ["npm", `npm_${x(36)}`],
  ["Slack", `xoxb-${x(12, "1")}-${x(24)}`],
  ["Slack webhook", `hooks.slack.com/services/T${x(9, "A1")}/B${x(9, "A1")}/${x(24)}`],
  ["Stripe", `sk_live_${x(24)}`],
  ["SendGrid", `SG.${x(22)}.${x(43)}`],
  ["JWT", `eyJ${x(30)}.eyJ${x(60)}.${x(43)}`],
  ["connection string", "postgres://app:hunter22@"],
  ["AWS secret in JSON in JSON", String.raw`aws_secret_access_key\\": \\"${x(40, "a/B+")}`],
  ["password beyond ASCII", "postgres://app:hünter22@"],
  ["kubeconfig key", `LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ${x(200)}==`],
  ["a long token", `sk-proj-${x(2_000)}`],
  ["private key", `-----BEGIN RSA PRIVATE KEY-----\n${`${x(64)}\n`.repeat(20)}-----END RSA PRIVATE KEY-----`],
  ["private key on one line", `-----BEGIN PRIVATE KEY-----\\n${x(64)}\\n-----END PRIVATE KEY-----`],
];

describe("secret rule", () => {
  it.each(secrets)("finds the whole of %s", async (_kind, secret) => {
    expect(await redacted(`Use ${secret}, please`)).toBe("Use [redacted:secret], please");
    expect(await redacted(secret)).toBe("[redacted:secret]");
    expect(await redacted(`{"k":"${secret}"}`)).toBe(`{"k":"[redacted:secret]"}`);
  });

  it("finds one after an escaped line break, and one with invisible characters or full-width letters", async () => {
    expect(await redacted(`key\\nsk-${x(48)}`)).toBe("key\\n[redacted:secret]");
    expect(await redacted(`AK\u200bIA${x(16, "A7Z")}!`)).toBe("[redacted:secret]!");
    expect(await redacted(`ＡＫＩＡ${x(16, "A7Z")}`)).toBe("[redacted:secret]");
  });

  it("finds one at any position in a long text", async () => {
    const secret = `ghp_${x(36)}`;
    for (const at of [245_700, 245_760, 262_120, 262_144, 500_000]) {
      const text = await redacted(`${"word ".repeat(at / 5)}${secret} end`);
      expect(text.endsWith("word [redacted:secret] end")).toBe(true);
    }
  });

  it.each([
    ["prose", "The risk-free rate, sk-learn and task-management are fine; so is ghosts_and_ghouls."],
    ["a hash", "commit 9fceb02d0ae598e95dc970b74767f19372d61af8"],
    ["a UUID", "0190a000-0000-7000-8000-000000000001"],
    ["a placeholder", `postgres://user:${"$"}{PASSWORD}@localhost/db and redis://localhost:6379/0`],
    ["an s3 URL", "https://bucket.s3.amazonaws.com/AKIAX/very-long-object-name-with-many-parts"],
    ["a word that only ends like one", `notsk-${x(48)}`],
    ["a PEM certificate", `-----BEGIN CERTIFICATE-----\n${x(64)}\n-----END CERTIFICATE-----`],
    ["base64 of an image", `iVBORw0KGgo${x(400)}`],
  ])("leaves %s alone", async (_kind, text) => {
    expect(await redacted(text)).toBe(text);
  });
});
