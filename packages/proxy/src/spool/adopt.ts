import { setTimeout as pause } from "node:timers/promises";
import { type Claimed, claimDirectory, spoolDirectories } from "./claim.ts";

interface Shipping {
  status(): { unacknowledgedBytes: number };
  close(): Promise<void>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

export interface AdoptOptions {
  /** Holds one directory per spool. */
  dir: string;
  open: (claimed: Claimed) => Promise<Shipping>;
  onAdopted: () => void;
  onError: (error: Error) => void;
}

const LOOK_EVERY_MS = 5_000;
const POLL_MS = 250;

/** Looks for spools whose process died without a successor, ships each to its end and removes it. */
export function adoptOthers({ dir, open, onAdopted, onError }: AdoptOptions): { close(): Promise<void> } {
  const closing = new AbortController();
  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: closing.signal }).catch(() => {});

  async function adopt(claimed: Claimed): Promise<void> {
    const spool = await open(claimed);
    while (spool.status().unacknowledgedBytes > 0 && !closing.signal.aborted) await rest(POLL_MS);
    if (spool.status().unacknowledgedBytes > 0) return spool.close();
    await spool.discard();
    onAdopted();
  }

  async function look(): Promise<void> {
    for (const each of await spoolDirectories(dir)) {
      const claim = closing.signal.aborted ? null : await claimDirectory(each);
      if (claim) await adopt({ dir: each, claim });
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await look().catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))));
      await rest(LOOK_EVERY_MS);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
