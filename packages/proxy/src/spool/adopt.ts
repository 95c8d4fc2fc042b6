import { setTimeout as pause } from "node:timers/promises";
import { type Claimed, claimDirectory, spoolDirectories } from "./claim.ts";

export interface Shipping {
  status(): { unacknowledgedBytes: number };
  close(): Promise<void>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

export interface AdoptOptions<Spool extends Shipping> {
  /** Holds one directory per spool. */
  dir: string;
  open: (claimed: Claimed) => Promise<Spool>;
  /** The ledger has all of it. */
  onAdopted: () => void;
  /** It has had it for long enough: the spool is removed after this. */
  onRemoving: (spool: Spool) => void;
  onError: (error: Error) => void;
  /** Milliseconds it is kept after the ledger has it, for processes that read the cursor a moment ago. */
  keptMs: number;
}

/** Soon enough for an epoch of the limits that gathers what every spool holds. */
const LOOK_EVERY_MS = 1_000;
const POLL_MS = 250;

/** Looks for spools whose process died without a successor, ships each to its end and removes it. */
export function adoptOthers<Spool extends Shipping>(options: AdoptOptions<Spool>): { close(): Promise<void> } {
  const { dir, open, onAdopted, onRemoving, onError, keptMs } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: closing.signal }).catch(() => {});

  async function adopt(claimed: Claimed): Promise<void> {
    const spool = await open(claimed).catch(async (error: unknown) => {
      // Else nobody would try again before this process exits.
      await claimed.claim.release();
      throw error;
    });
    while (spool.status().unacknowledgedBytes > 0 && !closing.signal.aborted) await rest(POLL_MS);
    if (spool.status().unacknowledgedBytes > 0) return spool.close();
    onAdopted();
    await rest(keptMs);
    onRemoving(spool);
    await spool.discard();
  }

  async function look(): Promise<void> {
    for (const each of await spoolDirectories(dir)) {
      const claim = closing.signal.aborted ? null : await claimDirectory(each);
      if (!claim) continue;
      const adopting = adopt({ dir: each, claim }).catch(report);
      underWay.add(adopting);
      void adopting.finally(() => underWay.delete(adopting));
    }
  }

  const report = (error: unknown): void => onError(error instanceof Error ? error : new Error(String(error)));

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await look().catch(report);
      await rest(LOOK_EVERY_MS);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}
