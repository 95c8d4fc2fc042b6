import { Budget, BudgetSpent } from "@tollgate/policy/guardrails/budget";
import { checkTexts } from "@tollgate/policy/guardrails/check-texts";
import { compilePlan } from "@tollgate/policy/guardrails/plan";
import { describe, expect, it } from "vitest";
import { guardrail } from "./guardrail.ts";

const words = Array.from({ length: 200 }, (_, index) => "ab ".repeat(index + 1).trim());
const plan = compilePlan([
  guardrail({ kind: "secret", action: "redact" }),
  ...Array.from({ length: 50 }, (_, index) => guardrail({ patterns: [`word${index}`, "aaaa", ...words.slice(0, 3)] })),
]);

const unbounded = { stepsMax: Number.POSITIVE_INFINITY, msMax: Number.POSITIVE_INFINITY, lookEvery: 1_024 };

function steps(text: string): number {
  const budget = new Budget({ ...unbounded, clock: () => 0 });
  checkTexts(plan, [text], budget);
  return budget.steps;
}

/** Each is repeated to the needed length. */
const adversarial: [string, string, string?][] = [
  ["beginnings of tokens", "eyJ"],
  ["tokens with one part", "eyJaaaaaaaaaaaa."],
  ["tokens with two parts", "eyJaaaaaaaaaaa.eyJ"],
  ["many beginnings, one end", "sk-proj-"],
  ["connection strings without an end", "redis://"],
  ["connection strings with long names", "redis://a:"],
  ["webhooks", "hooks.slack.com/services/TAAAAAAAA/B"],
  ["AWS names", "aws_secret_access_key"],
  ["begins of keys", "-----BEGIN PRIVATE KEY-----"],
  ["ends of keys", "-----END PRIVATE KEY-----"],
  ["dashes", "-"],
  ["PuTTY keys", "PuTTY-User-Key-File-3: Private-MAC: "],
  ["beginnings of keywords", "aaaaab "],
  ["keywords within keywords", "ab "],
  ["marks in the wrong order", "\u0301\u0327"],
  ["letters that grow", "\ufdfa"],
  ["invisible characters", "\u200b"],
  ["surrogates", "\ud83d\udc22"],
  ["half surrogates", "\ud83d"],
  ["escapes", "\\u0061"],
  ["backslashes", "\\"],
  ["JSON, open", "["],
  ["JSON, a string of escapes", "\\n", '["'],
  ["JSON, numbers", "1,", "["],
  ["JSON, names", '"a":{', "{"],
];

describe("any text takes linear time", () => {
  it.each(adversarial)("%s", (_what, piece, before = "") => {
    const long = (times: number): string => before + piece.repeat(Math.ceil((times * 4_096) / piece.length));
    const [once, eightTimes] = [steps(long(1)), steps(long(8))];
    expect(eightTimes / once).toBeLessThan(8.5);
    expect(once / long(1).length).toBeLessThan(100);
  });
});

describe("one budget limits all rules of a request, in every loop", () => {
  it.each(adversarial)("%s", (_what, piece, before = "") => {
    const budget = new Budget({ ...unbounded, stepsMax: 20_000, clock: () => 0 });
    const { rules } = checkTexts(plan, [before + piece.repeat(50_000)], budget);
    expect(rules.every(({ failure }) => failure === "time")).toBe(true);
    expect(budget.steps).toBeLessThan(20_000 + 4_096 + 51 * 1_024);
  });

  it("is also used up by time", () => {
    let ms = 0;
    const budget = new Budget({ ...unbounded, msMax: 10, clock: () => ms++ });
    expect(() => budget.spend(1)).not.toThrow();
    expect(() => {
      for (let look = 0; look < 20; look++) budget.spend(1_024);
    }).toThrow(BudgetSpent);
  });
});
