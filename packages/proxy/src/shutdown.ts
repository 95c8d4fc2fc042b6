import { setTimeout as pause } from "node:timers/promises";
import type { Gateway } from "./index.ts";
import type { Log } from "./ports.ts";
import type { RunningServer } from "./server.ts";

export interface ShutdownOptions {
  gateway: Gateway;
  server: RunningServer;
  log: Log;
  /** How long connections are still accepted after readiness turns 503, so that load balancers notice. */
  noticeMs: number;
  /** How long running calls may continue after the listener is closed. */
  drainMs: number;
  /** Turns readiness to 503. */
  begin: () => void;
  /** Ships usage, closes everything and exits. */
  finish: () => Promise<void>;
}

/** Time for a cut call to be recorded and answered. */
const CUT_MS = 2_000;

/**
 * Returns the handler of stop signals. First signal: readiness turns 503, after `noticeMs` the listener closes, and
 * after another `drainMs` running calls are cut and recorded as cut by the gateway. Second signal: calls are cut at
 * once. Third signal: the process exits at once.
 */
export function shutdownBySignal(options: ShutdownOptions): () => void {
  const hurry = new AbortController();
  let signals = 0;
  return () => {
    signals += 1;
    if (signals === 1) void drain(options, hurry.signal);
    else if (signals === 2) hurry.abort();
    else process.exit(1);
  };
}

async function drain(options: ShutdownOptions, hurry: AbortSignal): Promise<void> {
  const { gateway, server, log, noticeMs, drainMs, begin, finish } = options;
  const within = (ms: number, signal?: AbortSignal) => pause(ms, undefined, { signal, ref: false }).catch(() => {});
  begin();
  server.endKeepAlive();
  log.info({ active: gateway.active(), noticeMs, drainMs }, "draining");
  await within(noticeMs, hurry);
  const closed = server.close();
  const done = Promise.all([closed, gateway.idle()]);
  await Promise.race([done, within(drainMs, hurry)]);
  if (gateway.active() > 0) {
    log.warn({ active: gateway.active() }, "the drain time is over: running calls are cut");
    gateway.shutDown();
    await Promise.race([done, within(CUT_MS)]);
  }
  server.cutConnections();
  await done;
  await finish();
}
