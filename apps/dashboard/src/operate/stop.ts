import { setTimeout as pause } from "node:timers/promises";
import { beginDraining } from "./readiness.ts";
import type { Requests } from "./requests.ts";

export interface StopOptions {
  requests: Requests;
  noticeMs: number;
  drainMs: number;
}

/**
 * Handles signals. After the first one, readiness is 503. After `noticeMs`, no request is accepted. After another `drainMs`,
 * requests that still run are cut. A second signal cuts them at once.
 */
export function stopBySignal({ requests, noticeMs, drainMs }: StopOptions): void {
  const hurry = new AbortController();
  const within = (ms: number) => pause(ms, undefined, { signal: hurry.signal }).catch(() => {});
  let isStopping = false;

  async function stop(): Promise<void> {
    if (isStopping) return hurry.abort();
    isStopping = true;
    beginDraining();
    requests.endKeepAlive();
    console.info(`stopping: ${requests.active()} requests under way`);
    await within(noticeMs);
    await Promise.race([requests.close(), within(drainMs)]);
    if (requests.active() > 0) console.warn(`cutting ${requests.active()} requests that still run`);
    requests.cut();
    console.info("stopped");
    process.exit(0);
  }
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop());
}
