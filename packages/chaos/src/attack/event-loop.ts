import { fileURLToPath } from "node:url";
import { freePort } from "@tollgate/testkit/cluster";
import { probeSettings } from "../env.ts";

/** What the loop of a proxy that was started with it was held for. */
export interface LoopProbe {
  /** Module to preload into the proxy. */
  preload: string;
  settings: Record<string, string>;
  /** Starts measuring. */
  reset(): Promise<void>;
  held(): Promise<Held>;
}

export interface Held {
  /** The longest delay of the event loop by the clock on the wall: on a busy machine, partly the machine's. */
  delayMs: number;
  /** The most processor time one turn of the loop took. */
  turnMs: number;
  /** The lesser of both: what the proxy itself makes another call wait. */
  ms: number;
}

/** Make it before the proxy, and give its `preload` and `settings` to the proxy. */
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
