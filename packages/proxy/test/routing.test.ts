import { describe, expect, test, vi } from "vitest";
import type { Failure } from "../src/providers/adapter.ts";
import { nextStep } from "../src/routing/retry.ts";
import { openRetryBudget } from "../src/routing/retry-budget.ts";

const failure = (given: Partial<Failure> = {}): Failure => ({
  code: "upstream_error",
  upstreamStatus: 500,
  status: 502,
  message: "",
  isRetryable: true,
  mayBeBilled: true,
  retryAfterMs: null,
  ...given,
});
const state = (given: object = {}) => ({
  attemptsHere: 1,
  pauses: 0,
  hasOther: false,
  retryPauseMs: 250,
  retryAfterMaxMs: 5_000,
  random: () => 0.5,
  takesRetry: () => true,
  ...given,
});

describe("after a failed attempt", () => {
  test("the pause is random up to a bound, which doubles", () => {
    expect(nextStep(failure(), state())).toEqual({ kind: "again", afterMs: 125 });
    expect(nextStep(failure(), state({ pauses: 1 }))).toEqual({ kind: "again", afterMs: 250 });
    expect(nextStep(failure(), state({ random: () => 0 }))).toEqual({ kind: "again", afterMs: 0 });
    expect(nextStep(failure(), state({ random: () => 0.999 }))).toEqual({ kind: "again", afterMs: 249.75 });
  });

  test("without a retry in the budget the next target is tried, and a retry that is not made takes none", () => {
    expect(nextStep(failure(), state({ takesRetry: () => false }))).toEqual({ kind: "next" });
    const takesRetry = vi.fn(() => true);
    nextStep(failure(), state({ attemptsHere: 2, takesRetry }));
    nextStep(failure({ code: "rate_limit_exceeded" }), state({ takesRetry }));
    nextStep(failure({ isRetryable: false }), state({ takesRetry }));
    expect(takesRetry).not.toHaveBeenCalled();
  });

  test("a provider that may still be at work is not asked twice; one that was not reached is", () => {
    const timeout = { code: "upstream_timeout", upstreamStatus: 0 } as const;
    expect(nextStep(failure(timeout), state())).toEqual({ kind: "next" });
    expect(nextStep(failure({ ...timeout, mayBeBilled: false }), state())).toMatchObject({ kind: "again" });
  });

  test("a target is tried at most twice", () => {
    expect(nextStep(failure(), state({ attemptsHere: 2 }))).toEqual({ kind: "next" });
  });

  test("a delay that the provider asks for is kept if it is short, never shortened, and not waited for if it is long", () => {
    const busy = (retryAfterMs: number) => failure({ code: "rate_limit_exceeded", upstreamStatus: 429, retryAfterMs });
    expect(nextStep(busy(2_000), state())).toEqual({ kind: "again", afterMs: 2_125 });
    expect(nextStep(failure({ code: "rate_limit_exceeded" }), state())).toEqual({ kind: "next" });
    expect(nextStep(busy(52_000), state())).toEqual({ kind: "next" });
    expect(nextStep(busy(2_000), state({ hasOther: true }))).toEqual({ kind: "next" });
  });

  test("an error of the request is not tried at another target; an error of the credential is", () => {
    expect(nextStep(failure({ isRetryable: false, code: "upstream_rejected" }), state())).toEqual({ kind: "give_up" });
    expect(nextStep(failure({ code: "upstream_auth_error" }), state())).toEqual({ kind: "next" });
  });
});

describe("the budget of retries", () => {
  const open = () => {
    const clock = { ms: 0 };
    return { clock, budget: openRetryBudget({ monotonic: () => clock.ms }) };
  };

  test("has three, and one more for each five calls", () => {
    const { budget } = open();
    let taken = 0;
    for (let call = 0; call < 100; call++) {
      budget.offered("a");
      if (budget.takes("a")) taken += 1;
    }
    expect(taken).toBe(23);
    expect(budget.takes("b")).toBe(true);
  });

  test("in any ten seconds, retries are at most a fifth of the calls and three", () => {
    const { clock, budget } = open();
    const calls: number[] = [];
    const retries: number[] = [];
    for (let call = 0; call < 3_000; call++) {
      clock.ms += 17;
      budget.offered("a");
      calls.push(clock.ms);
      if (budget.takes("a")) retries.push(clock.ms);
    }
    for (const end of calls) {
      const within = (each: number) => each > end - 10_000 && each <= end;
      expect(retries.filter(within).length).toBeLessThanOrEqual(0.2 * calls.filter(within).length + 3);
    }
    expect(retries.length).toBeGreaterThan(400);
  });

  test("counts anew after ten seconds", () => {
    const { clock, budget } = open();
    for (let time = 0; time < 3; time++) expect(budget.takes("a")).toBe(true);
    expect(budget.takes("a")).toBe(false);
    clock.ms = 9_999;
    expect(budget.takes("a")).toBe(false);
    clock.ms = 11_000;
    expect(budget.takes("a")).toBe(true);
  });
});
