import { TollgateError } from "@tollgate/contracts/errors";
import type { Uuid } from "@tollgate/contracts/ids";

/** The second one is admitted and parsed while the first one commits. */
const AT_ONCE = 2;
const WAITING_MAX = 500;

interface Turns {
  running: number;
  waiting: (() => void)[];
}

/**
 * Changes of one organisation wait for each other in the database (`oneAtATime`). They wait here instead of with a connection, so that many
 * changes of one organisation leave connections to the others.
 */
export class ChangeTurns {
  readonly #organisations = new Map<Uuid, Turns>();

  /** Runs `work` when it is the organisation's turn. Throws `rate_limit_exceeded` if too many wait. */
  async within<T>(orgId: Uuid, work: () => Promise<T>): Promise<T> {
    await this.#begin(orgId);
    try {
      return await work();
    } finally {
      this.#end(orgId);
    }
  }

  async #begin(orgId: Uuid): Promise<void> {
    const turns = this.#organisations.get(orgId) ?? { running: 0, waiting: [] };
    this.#organisations.set(orgId, turns);
    if (turns.running < AT_ONCE) {
      turns.running += 1;
      return;
    }
    if (turns.waiting.length >= WAITING_MAX) {
      const message = `More than ${WAITING_MAX} changes of this organisation wait already. Send fewer at once, or use the bulk operations.`;
      throw new TollgateError("rate_limit_exceeded", message, { retryAfterSeconds: 1 });
    }
    await new Promise<void>((resolve) => turns.waiting.push(resolve));
  }

  /** The turn passes to the next one that waits. */
  #end(orgId: Uuid): void {
    const turns = this.#organisations.get(orgId);
    const next = turns?.waiting.shift();
    if (next) next();
    else if (turns && --turns.running === 0) this.#organisations.delete(orgId);
  }
}
