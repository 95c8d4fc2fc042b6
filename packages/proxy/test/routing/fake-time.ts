// @ts-expect-error undici has no types for this file.
import timers from "undici/lib/util/timers.js";
import { afterAll, beforeAll, vi } from "vitest";

/** The tests of the file move the time of timers themselves. undici keeps one timer, which must not outlive the file. */
export function useFakeTime(): void {
  beforeAll(() => {
    timers.reset();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  });
  afterAll(() => {
    timers.reset();
    vi.useRealTimers();
  });
}
