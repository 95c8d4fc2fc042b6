import { describe, expect, test, vi } from "vitest";
import { openBreaker } from "../../src/routing/breaker.ts";
import { openPauses } from "../../src/routing/pauses.ts";

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
