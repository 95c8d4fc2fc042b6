import { fileURLToPath } from "node:url";
import { freePort } from "@tollgate/testkit/cluster";
import { probeSettings } from "../env.ts";

/** Measures how long the event loop of a proxy is held. The proxy must be started with `preload` and `settings`. */
export interface LoopProbe {
  /** Module to preload into the proxy. */
  preload: string;
  settings: Record<string, string>;
  /** Starts measuring. */
  reset(): Promise<void>;
  held(): Promise<Held>;
}

export interface Held {
  /** The longest delay of the event loop in wall-clock time. On a busy machine, part of it comes from the machine. */
  delayMs: number;
  /** The most processor time that one turn of the loop used. */
  turnMs: number;
  /** The smaller of both: the time for which the proxy itself delays another call. */
  ms: number;
}

/** Create it before the proxy, and pass its `preload` and `settings` to the proxy. */
export async function loopProbe(): Promise<LoopProbe> {
  const port = await freePort();
  const held = async (): Promise<Held> => {
    const response = await fetch(`http://127.0.0.1:${port}`);
    const { delayMs, turnMs } = (await response.json()) as Omit<Held, "ms">;
    return { delayMs, turnMs, ms: Math.min(delayMs, turnMs) };
  };
  return {
    preload: fileURLToPath(new URL("./loop-probe.ts", import.meta.url)),
    settings: probeSettings(port),
    reset: async () => void (await held()),
    held,
  };
}
