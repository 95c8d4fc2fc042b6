import path from "node:path";
import { freePort } from "@tollgate/testkit/cluster";
import { type NodeProcess, startProbed } from "@tollgate/testkit/node-process";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProcessesState } from "../../src/processes/messages.ts";

let parent: NodeProcess;
let origin: string;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const args = [path.join(import.meta.dirname, "run.ts")];
  parent = await startProbed({ args, env: { PROXY_PORT: String(port) } }, origin);
});
afterAll(() => parent?.stop());

type Answer = { pid: number; state: ProcessesState | null };
const ask = async (): Promise<Answer> => {
  const answer = await fetch(origin, { signal: AbortSignal.timeout(500) });
  return (await answer.json()) as Answer;
};

/** The pid and state of each process, once all three answer and report three in service. */
async function allThree(except: readonly number[] = []): Promise<Map<number, ProcessesState>> {
  const seen = new Map<number, ProcessesState>();
  await waitFor(async () => {
    const { pid, state } = await ask();
    if (state?.serving === 3 && !except.includes(pid)) seen.set(pid, state);
    return seen.size === 3;
  });
  return seen;
}

test("a stopped process and a killed process are replaced; the others keep running", async () => {
  const before = [...(await allThree()).keys()];
  const [stopped, killed, other] = before as [number, number, number];
  process.kill(stopped, "SIGSTOP");
  const after = await allThree([stopped]);
  expect([...after.keys()]).toEqual(expect.arrayContaining([killed, other]));
  expect([...after.values()].at(-1)).toEqual({ wanted: 3, serving: 3, restarts: 1, failing: 0 });
  expect(() => process.kill(stopped, 0)).toThrow();

  process.kill(killed, "SIGKILL");
  const last = await allThree([killed]);
  expect(last.has(other)).toBe(true);
  expect([...last.values()].at(-1)).toMatchObject({ serving: 3, restarts: 2 });
});
