import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { Budget } from "@tollgate/policy/guardrails/budget";
import { checkTexts } from "@tollgate/policy/guardrails/check-texts";
import { compilePlan } from "@tollgate/policy/guardrails/plan";
import { describe, expect, it } from "vitest";
import { hitsOf, refusalOf } from "../../src/guardrails/verdict.ts";
import { guardrail } from "./guardrail.ts";

/** Each search for the next match reads to the end of the text, so any engine needs quadratic time. */
const slow = guardrail({ kind: "regex", patterns: ["(?s)a.*Z|a"], action: "flag", name: "slow" });
const quick = guardrail({ kind: "regex", patterns: ["needle"], name: "quick" });
const words = guardrail({ patterns: ["nessie"], name: "words" });

/** A clock that advances by a millisecond each time it is read. The budget reads it every thousand steps. */
function check(rules: readonly GuardrailPolicy[], text: string, msMax = 100) {
  let ms = 0;
  const budget = new Budget({
    stepsMax: Number.POSITIVE_INFINITY,
    msMax,
    clock: () => ms++,
    lookEvery: 1_000,
  });
  const findings = checkTexts(compilePlan(rules), [text], budget);
  return { hits: hitsOf(rules, findings, ["message"]), refusal: refusalOf(rules, findings), ms };
}
const long = "a".repeat(10_000);

describe("all rules of a request share one time budget", () => {
  it.each([1, 5, 20])("that %i slow rules do not exceed", (count) => {
    const { ms } = check(Array(count).fill(slow), long);
    expect(ms).toBeLessThan(100 + 4 * count);
  });

  it("of which each rule gets a share, so a slow rule does not stop the others", () => {
    const { hits } = check([slow, quick, words], `${long} needle nessie`);
    expect(hits.map(({ name, failure }) => [name, failure])).toEqual([
      ["slow", "time"],
      ["quick", undefined],
      ["words", undefined],
    ]);
  });
});

describe("a rule without enough time", () => {
  it("blocks if it fails closed, and the event says why", () => {
    const { hits, refusal } = check([slow], long);
    expect(refusal).toMatchObject({ code: "guardrail_blocked", message: expect.stringContaining("in time") });
    expect(hits).toMatchObject([{ failure: "time" }]);
  });

  it("lets the request pass if it fails open, and the event says so", () => {
    const { hits, refusal } = check([{ ...slow, onFailure: "open" }], long);
    expect([refusal, hits]).toMatchObject([null, [{ failure: "time" }]]);
  });

  it("does not block in shadow mode", () => {
    expect(check([{ ...slow, mode: "shadow" }], long).refusal).toBeNull();
  });

  it("blocks because of earlier matches, even if it fails open", () => {
    const rule = { ...slow, action: "block", onFailure: "open" } as const;
    expect(check([rule], long).refusal?.message).toBe("The guardrail “slow” blocks this request.");
  });

  it("is any rule, if there is not enough time to read the text", () => {
    const { hits } = check([slow, quick, words], long, 1);
    expect(hits.map(({ failure }) => failure)).toEqual(["time", "time", "time"]);
  });
});
