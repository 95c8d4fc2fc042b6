import { expect, test } from "vitest";
import { type Running, supervise } from "../src/supervisor.ts";

/** A process that dies when told to. */
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

test("what dies is started again, and says so", async () => {
  const { lives, start, nextLife } = mortal();
  const said: string[] = [];
  const kept = await supervise("thing", start, (line) => said.push(line));
  const second = nextLife();
  lives[0]?.die();
  await second;
  expect(lives).toHaveLength(2);
  expect(said[0]).toBe("thing ended; starting it again");
  await kept.stop();
});

test("what is stopped stays stopped", async () => {
  const { lives, start } = mortal();
  const said: string[] = [];
  const kept = await supervise("thing", start, (line) => said.push(line));
  await kept.stop();
  expect(lives).toHaveLength(1);
  expect(said).toEqual([]);
});

test("a first start that fails is for a person to see", async () => {
  const start = () => Promise.reject(new Error("a bad setting"));
  await expect(supervise("thing", start, () => undefined)).rejects.toThrow("a bad setting");
});

test("a later start that fails is tried again", async () => {
  const { lives, start, nextLife } = mortal();
  let refusals = 1;
  const kept = await supervise(
    "thing",
    async () => {
      if (lives.length === 1 && refusals-- > 0) throw new Error("not yet");
      return start();
    },
    () => undefined,
  );
  const second = nextLife();
  lives[0]?.die();
  await second;
  expect(lives).toHaveLength(2);
  await kept.stop();
});
