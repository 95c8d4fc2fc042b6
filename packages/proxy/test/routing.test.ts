import { describe, expect, test, vi } from "vitest";
import type { Failure } from "../src/providers/adapter.ts";
import { openBreaker } from "../src/routing/breaker.ts";
import { nextStep } from "../src/routing/retry.ts";

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
  retryFloorMs: 250,
  retryAfterMaxMs: 5_000,
  random: () => 0,
  ...given,
});

describe("after a failed attempt", () => {
  test("the delay doubles from its minimum, plus up to half of it at random", () => {
    expect(nextStep(failure(), state())).toEqual({ kind: "again", afterMs: 250 });
    expect(nextStep(failure(), state({ pauses: 1 }))).toEqual({ kind: "again", afterMs: 500 });
    expect(nextStep(failure(), state({ random: () => 1 }))).toEqual({ kind: "again", afterMs: 375 });
  });

  test("a target is tried at most twice", () => {
    expect(nextStep(failure(), state({ attemptsHere: 2 }))).toEqual({ kind: "next" });
  });

  test("a delay that the provider asks for is kept if it is short, never shortened, and not waited for if it is long", () => {
    const busy = (retryAfterMs: number) => failure({ upstreamStatus: 429, retryAfterMs });
    expect(nextStep(busy(2_000), state())).toEqual({ kind: "again", afterMs: 2_000 });
    expect(nextStep(busy(10), state())).toEqual({ kind: "again", afterMs: 250 });
    expect(nextStep(busy(52_000), state())).toEqual({ kind: "next" });
    expect(nextStep(busy(2_000), state({ hasOther: true }))).toEqual({ kind: "next" });
  });

  test("an error of the request is not tried at another target; an error of the credential is", () => {
    expect(nextStep(failure({ isRetryable: false, code: "upstream_rejected" }), state())).toEqual({ kind: "give_up" });
    expect(nextStep(failure({ code: "upstream_auth_error" }), state())).toEqual({ kind: "next" });
  });
});

describe("the breaker", () => {
  const open = () => {
    const clock = { ms: 0 };
    return { clock, health: openBreaker({ failuresMax: 3, restMs: 100, monotonic: () => clock.ms }) };
  };

  test("opens after consecutive failures, not after a total of failures", () => {
    const { health } = open();
    for (let time = 0; time < 100; time++) health.succeeded("a");
    for (let time = 0; time < 2; time++) health.failed("a");
    expect(health.admits("a")).toBe(true);
    health.failed("a");
    expect(health.admits("a")).toBe(false);
    expect(health.admits("b")).toBe(true);
    expect(health.restsForMs(["a"])).toBe(100);
  });

  test("lets one attempt through after the pause, and all after its success", () => {
    const { clock, health } = open();
    for (let time = 0; time < 3; time++) health.failed("a");
    clock.ms = 100;
    expect(health.admits("a")).toBe(true);
    health.tries("a");
    expect(health.admits("a")).toBe(false);
    health.succeeded("a");
    expect(health.admits("a")).toBe(true);
  });

  test("does not open if half of the calls fail in any order, as long as some succeed", () => {
    const { health } = open();
    for (let round = 0; round < 50; round++) {
      health.failed("a");
      health.failed("a");
      health.succeeded("a");
      health.succeeded("a");
      expect(health.admits("a")).toBe(true);
    }
    for (let time = 0; time < 20; time++) health.failed("a");
    expect(health.admits("a")).toBe(false);
  });

  test("opens if every answer begins and none ends, and closes again when a probe's answer begins", () => {
    const { clock, health } = open();
    for (let time = 0; time < 3; time++) {
      health.tries("a");
      health.answers("a");
      health.failed("a");
    }
    expect(health.admits("a")).toBe(false);
    clock.ms = 100;
    health.tries("a");
    health.answers("a");
    expect(health.admits("a")).toBe(true);
  });

  test.each([-3_600_000, 3_600_000])("works if the machine's clock is changed by %i ms", (byMs) => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const health = openBreaker({ failuresMax: 1, restMs: 100 });
    health.failed("a");
    vi.setSystemTime(Date.now() + byMs);
    expect(health.admits("a")).toBe(false);
    expect(health.restsForMs(["a"])).toBe(100);
    vi.advanceTimersByTime(100);
    expect(health.admits("a")).toBe(true);
    vi.useRealTimers();
  });

  test("stays open as long as a provider asks", () => {
    const { clock, health } = open();
    health.rest("a", 52_000);
    clock.ms = 51_999;
    expect(health.admits("a")).toBe(false);
    clock.ms = 52_000;
    expect(health.admits("a")).toBe(true);
  });
});
