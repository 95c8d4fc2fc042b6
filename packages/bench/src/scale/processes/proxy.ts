import { setTimeout as pause } from "node:timers/promises";
import { createKey } from "@tollgate/control/keys/create";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { updateKey } from "@tollgate/control/keys/update";
import { waitFor } from "@tollgate/testkit/wait-for";
import { allThreadsCpuUs, familyCpuUs, rssMib } from "../../cost.ts";
import { ms, printFigure } from "../figure.ts";
import { MODEL } from "../owner.ts";
import type { Running } from "../running.ts";

const KEYS = 10;
const CHANGES = 100;
/** Between two changes, so that the cost of each is that of a change by itself. */
const EVERY_MS = 50;

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** Status of a call with the key. */
async function call({ proxyOrigin }: Running, secret: string): Promise<number> {
  const response = await fetch(`${proxyOrigin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "hello" }], max_tokens: 16 }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Milliseconds until a call with the key gets this status. Throws with the last one that it got. */
async function msUntil(running: Running, secret: string, wanted: number): Promise<number> {
  const startedMs = performance.now();
  const attempt = async (): Promise<boolean> => {
    const status = await call(running, secret);
    if (status !== wanted) throw new Error(`status ${status} instead of ${wanted}`);
    return true;
  };
  await waitFor(attempt, { everyMs: 5, timeoutMs: 30_000 }).catch((error: Error) => {
    throw error.cause ?? error;
  });
  return performance.now() - startedMs;
}

/** CPU time of Postgres and of the proxy, if it runs, in milliseconds per turn. `step` is done at a slow pace. */
async function cpuMsOf(
  serverPid: number,
  proxyPid: number | null,
  step: (turn: number) => Promise<unknown>,
): Promise<number> {
  const cpuUs = (): number => familyCpuUs(serverPid) + (proxyPid === null ? 0 : allThreadsCpuUs(proxyPid));
  const before = cpuUs();
  for (let turn = 0; turn < CHANGES; turn += 1) {
    await step(turn);
    await pause(EVERY_MS);
  }
  return (cpuUs() - before) / 1000 / CHANGES;
}

const printTimes = (name: string, tookMs: readonly number[], boundMs: number): void => {
  const all = sorted(tookMs);
  const worst = all.at(-1) ?? 0;
  printFigure({
    name: `${name}, the slowest of ${all.length}`,
    median: ms(all[all.length >> 1] ?? 0),
    p95: ms(worst),
    bound: ms(boundMs),
    isMet: worst <= boundMs,
  });
};

/** Starts the proxy without policy on disk, and measures how it gets to know changed keys. */
export async function measureProxy(running: Running): Promise<void> {
  const { owner, proxy, store } = running;
  const made: Awaited<ReturnType<typeof createKey>>[] = [];
  while (made.length < CHANGES) made.push(await createKey(owner, { name: `bench ${made.length}` }));
  const secretOf = (turn: number): string => made[turn]?.secret ?? "";
  const change = (turn: number) => updateKey(owner, { id: made[turn]?.key.id ?? "", name: `changed ${turn}` });
  const verbMs = await cpuMsOf(store.serverPid, null, change);

  const startedMs = performance.now();
  await proxy.start();
  const readyMs = performance.now() - startedMs;
  await msUntil(running, secretOf(0), 200);
  const firstMs = performance.now() - startedMs;
  const mib = rssMib(proxy.pid());
  printFigure({
    name: "proxy ready, cold; first call answered",
    median: `${ms(readyMs)}; ${ms(firstMs)}`,
    mib,
    bound: "20 s, 400 MiB",
    isMet: readyMs <= 20_000 && mib <= 400,
  });

  const [createdMs, revokedMs]: [number[], number[]] = [[], []];
  for (let n = 0; n < KEYS; n += 1) {
    const { key, secret } = await createKey(owner, { name: `bench ${n}` });
    createdMs.push(await msUntil(running, secret, 200));
    await revokeKey(owner, { id: key.id });
    revokedMs.push(await msUntil(running, secret, 403));
  }
  printTimes("key created → works", createdMs, 1_000);
  printTimes("key revoked → refused", revokedMs, 2_000);

  for (const { secret } of made) await msUntil(running, secret, 200);
  const cpuOf = (step: (turn: number) => Promise<unknown>) => cpuMsOf(store.serverPid, proxy.pid(), step);
  const callMs = await cpuOf((turn) => call(running, secretOf(turn)));
  const bothMs = await cpuOf((turn) => change(turn).then(() => call(running, secretOf(turn))));
  const eachMs = bothMs - callMs - verbMs;
  printFigure({
    name: `CPU of one key's change, Postgres + proxy, besides ${ms(verbMs)} of the verb's own statements`,
    median: ms(eachMs),
    mib: rssMib(proxy.pid()),
    bound: "5 ms",
    isMet: eachMs <= 5,
  });
}
