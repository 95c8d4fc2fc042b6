import { expect, test } from "vitest";
import { type Running, supervise } from "../src/supervisor.ts";
import { eventually } from "./eventually.ts";

/** A process that ends on demand. */
function mortal() {
  const lives: (Running & { die: () => void })[] = [];
  const waiting: (() => void)[] = [];
  const start = async (): Promise<Running> => {
    const { promise: ended, resolve: die } = Promise.withResolvers<void>();
    lives.push({ pid: lives.length, ended, die, stop: async () => die() });
    waiting.shift()?.();
    return lives.at(-1) as Running;
  };
  const nextLife = () => new Promise<void>((born) => waiting.push(born));
  return { lives, start, nextLife };
}

test("a process that ends is restarted, with a message", async () => {
  const { lives, start, nextLife } = mortal();
  const said: string[] = [];
  const kept = await supervise("thing", start, { say: (line) => said.push(line) });
  const second = nextLife();
  lives[0]?.die();
  await second;
  expect(lives).toHaveLength(2);
  expect(said[0]).toBe("thing ended; starting it again");
  await kept.stop();
});

test("a stopped process is not restarted", async () => {
  const { lives, start } = mortal();
  const said: string[] = [];
  const kept = await supervise("thing", start, { say: (line) => said.push(line) });
  await kept.stop();
  expect(lives).toHaveLength(1);
  expect(said).toEqual([]);
});

test("a failed first start is an error", async () => {
  const start = () => Promise.reject(new Error("a bad setting"));
  await expect(supervise("thing", start, { say: () => undefined })).rejects.toThrow("a bad setting");
});

test("a failed restart is tried again", async () => {
  const { lives, start, nextLife } = mortal();
  let refusals = 1;
  const kept = await supervise(
    "thing",
    async () => {
      if (lives.length === 1 && refusals-- > 0) throw new Error("not yet");
      return start();
    },
    { say: () => undefined },
  );
  const second = nextLife();
  lives[0]?.die();
  await second;
  expect(lives).toHaveLength(2);
  await kept.stop();
});

test("a process that repeatedly ends early counts as failing until it has run for long", async () => {
  const { lives, start, nextLife } = mortal();
  let nowMs = 0;
  const kept = await supervise("thing", start, { say: () => undefined, now: () => nowMs });
  for (let ends = 1; ends <= 3; ends++) {
    const next = nextLife();
    nowMs += 5_000;
    lives.at(-1)?.die();
    await next;
  }
  await eventually(() => (kept.state().isUp ? kept.state() : Promise.reject(new Error("not yet"))));
  expect(kept.state()).toEqual({ isUp: true, restarts: 3, isFailing: true });
  nowMs += 61_000;
  expect(kept.state()).toMatchObject({ isFailing: false });
  await kept.stop();
});
