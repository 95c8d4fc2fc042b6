import { expect, test } from "vitest";
import { type Running, supervise } from "../src/supervisor.ts";
import { eventually } from "./eventually.ts";

/** A process that ends on demand. */
function fakeProcess() {
  const started: (Running & { end: () => void })[] = [];
  const waiting: (() => void)[] = [];
  const start = async (): Promise<Running> => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    started.push({ pid: started.length, ended, end, stop: async () => end() });
    waiting.shift()?.();
    return started.at(-1) as Running;
  };
  const nextStart = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { started, start, nextStart };
}

test("a process that ends is restarted, with a message", async () => {
  const { started, start, nextStart } = fakeProcess();
  const lines: string[] = [];
  const kept = await supervise("thing", start, { say: (line) => lines.push(line) });
  const second = nextStart();
  started[0]?.end();
  await second;
  expect(started).toHaveLength(2);
  expect(lines[0]).toBe("thing ended; starting it again");
  await kept.stop();
});

test("a stopped process is not restarted", async () => {
  const { started, start } = fakeProcess();
  const lines: string[] = [];
  const kept = await supervise("thing", start, { say: (line) => lines.push(line) });
  await kept.stop();
  expect(started).toHaveLength(1);
  expect(lines).toEqual([]);
});

test("a failed first start is an error", async () => {
  const start = () => Promise.reject(new Error("a bad setting"));
  await expect(supervise("thing", start, { say: () => undefined })).rejects.toThrow("a bad setting");
});

test("a failed restart is tried again", async () => {
  const { started, start, nextStart } = fakeProcess();
  let refusals = 1;
  const kept = await supervise(
    "thing",
    async () => {
      if (started.length === 1 && refusals-- > 0) throw new Error("not yet");
      return start();
    },
    { say: () => undefined },
  );
  const second = nextStart();
  started[0]?.end();
  await second;
  expect(started).toHaveLength(2);
  await kept.stop();
});

test("a process that repeatedly ends early counts as failing until it has run for long", async () => {
  const { started, start, nextStart } = fakeProcess();
  let nowMs = 0;
  const kept = await supervise("thing", start, { say: () => undefined, now: () => nowMs });
  for (let ends = 1; ends <= 3; ends++) {
    const next = nextStart();
    nowMs += 5_000;
    started.at(-1)?.end();
    await next;
  }
  await eventually(() => (kept.state().isUp ? kept.state() : Promise.reject(new Error("not yet"))));
  expect(kept.state()).toEqual({ isUp: true, restarts: 3, isFailing: true });
  nowMs += 61_000;
  expect(kept.state()).toMatchObject({ isFailing: false });
  await kept.stop();
});
