import { setTimeout as pause } from "node:timers/promises";
import { type Claimed, claimDirectory, spoolDirectories } from "./claim.ts";

export interface Shipping {
  status(): { unacknowledgedBytes: number };
  close(): Promise<void>;
  /** Closes the spool and removes its directory. */
  discard(): Promise<void>;
}

export interface AdoptOptions<Spool extends Shipping> {
  /** Parent folder with one directory per spool. */
  dir: string;
  open: (claimed: Claimed) => Promise<Spool>;
  /** Called when the ledger has every record of the spool. */
  onAdopted: () => void;
  /** Called `keptMs` later, just before the spool is removed. */
  onRemoving: (spool: Spool) => void;
  onError: (error: Error) => void;
  /** Milliseconds that a spool is kept after the ledger has it, for processes that read the cursor a moment earlier. */
  keptMs: number;
}

/** Shorter than the time for which a new epoch of the limits waits for the usage of every spool. */
const LOOK_EVERY_MS = 1_000;
const POLL_MS = 250;

/** Finds spools whose process has exited, ships each to its end and removes it. */
export function adoptOthers<Spool extends Shipping>(options: AdoptOptions<Spool>): { close(): Promise<void> } {
  const { dir, open, onAdopted, onRemoving, onError, keptMs } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: closing.signal }).catch(() => {});

  async function adopt(claimed: Claimed): Promise<void> {
    const spool = await open(claimed).catch(async (error: unknown) => {
      // A claim that is kept would block every retry until this process exits.
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
