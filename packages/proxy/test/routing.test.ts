import { describe, expect, test, vi } from "vitest";
import type { Failure } from "../src/providers/adapter.ts";
import { openBreaker } from "../src/routing/breaker.ts";
import { openPauses } from "../src/routing/pauses.ts";
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

describe("the breaker", () => {
  const open = () => {
    const clock = { ms: 0 };
    const changes: [string, number][] = [];
    const onChange = (id: string, ms: number): void => void changes.push([id, ms]);
    const health = openBreaker({ failuresMin: 3, restMs: 100, monotonic: () => clock.ms, onChange });
    const fail = (times: number, key = "key"): void => {
      for (let time = 0; time < times; time++) health.failed("a", key);
    };
    const succeed = (times: number, key = "key"): void => {
      for (let time = 0; time < times; time++) health.succeeded("a", key);
    };
    return { clock, changes, health, fail, succeed };
  };

  test("opens when half of the last calls have failed, and at least the minimum", () => {
    const { health, fail, succeed } = open();
    fail(2);
    expect(health.admits("a")).toBe(true);
    succeed(4);
    fail(1);
    expect(health.admits("a")).toBe(true);
    fail(1);
    expect(health.admits("a")).toBe(false);
    expect(health.admits("b")).toBe(true);
    expect(health.mayBeTried("a")).toBe(true);
  });

  test("opens in the midst of a busy time, in which failures are not consecutive", () => {
    const { health, fail, succeed } = open();
    succeed(1_000);
    for (let round = 0; round < 50 && health.admits("a"); round++) {
      fail(2);
      succeed(1);
    }
    expect(health.admits("a")).toBe(false);
  });

  test("does not count failures that are long past", () => {
    const { clock, health, fail } = open();
    for (let hour = 0; hour < 10; hour++) {
      fail(1);
      clock.ms += 3_600_000;
    }
    expect(health.admits("a")).toBe(true);
  });

  test("does not open because of one key while others are served, and opens when others fail too", () => {
    const { health, fail, succeed } = open();
    fail(1, "bad");
    succeed(1, "good");
    fail(40, "bad");
    expect(health.admits("a")).toBe(true);
    fail(1, "good");
    expect(health.admits("a")).toBe(false);
  });

  test("lets one call in each rest through, until one has a complete answer", () => {
    const { clock, health, fail, succeed } = open();
    fail(3);
    clock.ms = 100;
    expect(health.admits("a")).toBe(true);
    health.tries("a");
    expect(health.admits("a")).toBe(false);
    clock.ms = 200;
    expect(health.admits("a")).toBe(true);
    health.tries("a");
    succeed(1);
    expect(health.admits("a")).toBe(true);
    fail(2);
    expect(health.admits("a")).toBe(true);
  });

  test("rests twice as long after each failed probe, up to a bound", () => {
    const { clock, health, fail, changes } = open();
    fail(3);
    for (let probe = 0; probe < 6; probe++) {
      clock.ms += 600;
      health.tries("a");
      fail(5);
    }
    expect(changes.map(([, ms]) => ms)).toEqual([100, 200, 400, 600, 600, 600, 600]);
    health.tries("a");
    clock.ms += 600;
    health.tries("a");
    health.succeeded("a", "key");
    expect(changes.at(-1)).toEqual(["a", 0]);
    fail(3);
    expect(changes.at(-1)).toEqual(["a", 100]);
  });

  test("is not closed, and its rest not prolonged, by calls that began before it opened", () => {
    const { clock, health, fail, succeed } = open();
    fail(3);
    clock.ms = 50;
    fail(9);
    succeed(1);
    expect(health.admits("a")).toBe(false);
    clock.ms = 100;
    expect(health.admits("a")).toBe(true);
  });

  test("follows another process", () => {
    const { clock, health, fail } = open();
    health.hear("a", 500);
    expect(health.admits("a")).toBe(false);
    clock.ms = 500;
    expect(health.admits("a")).toBe(true);
    fail(3);
    expect(health.admits("a")).toBe(true);
    health.hear("a", 0);
    fail(3);
    expect(health.admits("a")).toBe(false);
  });

  test.each([-3_600_000, 3_600_000])("works if the machine's clock is changed by %i ms", (byMs) => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const health = openBreaker({ failuresMin: 1, restMs: 100 });
    health.failed("a", "key");
    vi.setSystemTime(Date.now() + byMs);
    expect(health.admits("a")).toBe(false);
    vi.advanceTimersByTime(100);
    expect(health.admits("a")).toBe(true);
    vi.useRealTimers();
  });

  test("keeps no target of which it has not heard for a minute, and all others", () => {
    const { clock, health, fail } = open();
    fail(3);
    health.rest("waiting", 1e9);
    for (let target = 0; target < 4_998; target++) health.succeeded(`old-${target}`, "key");
    clock.ms = 60_001;
    health.succeeded("new", "key");
    expect(health.resting().map(({ id }) => id)).toEqual(["a", "waiting"]);
  });

  test("does not let even the last target be tried while its provider asks to wait", () => {
    const { clock, health } = open();
    health.rest("a", 52_000);
    clock.ms = 51_999;
    expect(health.admits("a")).toBe(false);
    expect(health.mayBeTried("a")).toBe(false);
    expect(health.restsForMs(["a"])).toBe(1);
    clock.ms = 52_000;
    expect(health.admits("a")).toBe(true);
    expect(health.mayBeTried("a")).toBe(true);
  });
});

describe("a credential", () => {
  const open = () => {
    const clock = { ms: 0 };
    const noted: unknown[] = [];
    const pauses = openPauses({
      monotonic: () => clock.ms,
      onPause: ({ reason, forMs }) => noted.push([reason, forMs]),
    });
    return { clock, noted, pauses };
  };

  test("is paused for longer each time that it is refused again, until it works", () => {
    const { clock, noted, pauses } = open();
    for (let time = 0; time < 7; time++) {
      pauses.pause("org", "a", "refused", null);
      pauses.pause("org", "a", "refused", null);
      expect(pauses.isPaused("a")).toBe(true);
      expect(pauses.isPaused("b")).toBe(false);
      clock.ms += 1_800_000;
      expect(pauses.isPaused("a")).toBe(false);
    }
    expect(noted).toEqual([1, 2, 4, 8, 16, 30, 30].map((minutes) => ["refused", minutes * 60_000]));
    pauses.pause("org", "a", "refused", null);
    pauses.resume("a");
    expect(pauses.isPaused("a")).toBe(false);
    pauses.pause("org", "a", "refused", null);
    expect(noted.at(-1)).toEqual(["refused", 60_000]);
  });

  test("without money is paused until the time that its provider names", () => {
    const { clock, pauses } = open();
    pauses.pause("org", "a", "spend_cap", 5 * 86_400_000);
    clock.ms = 5 * 86_400_000 - 1;
    expect(pauses.isPaused("a")).toBe(true);
    clock.ms += 1;
    expect(pauses.isPaused("a")).toBe(false);
  });
});
