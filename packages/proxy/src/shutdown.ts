import { setTimeout as pause } from "node:timers/promises";
import type { Gateway } from "./index.ts";
import type { Log } from "./ports.ts";
import type { RunningServer } from "./server.ts";

export interface ShutdownOptions {
  gateway: Gateway;
  server: RunningServer;
  log: Log;
  /** How long connections are still accepted once readiness is 503, so that balancers can notice. */
  noticeMs: number;
  /** How long running calls may go on once the listener is closed. */
  drainMs: number;
  /** Turns readiness to 503. */
  begin: () => void;
  /** Ships and closes everything; ends the process. */
  finish: () => Promise<void>;
}

/** How long a call that was cut is given to be recorded and told. */
const CUT_MS = 2_000;

/**
 * What a signal does. The first: readiness is 503; after `noticeMs` the listener closes; after `drainMs` more, calls that
 * still run are cut, which is recorded as our doing. The second cuts them at once. The third ends the process as it is.
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
    log.warn({ active: gateway.active() }, "cutting the calls that still run");
    gateway.shutDown();
    await Promise.race([done, within(CUT_MS)]);
  }
  server.cutConnections();
  await done;
  await finish();
}
