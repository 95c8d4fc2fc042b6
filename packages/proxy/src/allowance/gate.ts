import { TollgateError } from "@tollgate/contracts/errors";
import type { Uuid } from "@tollgate/contracts/ids";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Cut } from "../cut.ts";
import { cutFailure, tollgateError } from "../failure.ts";
import type { LimitGate } from "../ports.ts";
import { mustBeChecked } from "./must-be-checked.ts";

/** Whether this process can decide about blocking limits. */
export interface LimitState {
  mayDecide(): boolean;
  /** Whether this process can decide about these counters of an organisation. Their earlier usage must be known. */
  isOpen(orgId: Uuid, entries: readonly BearingEntry[]): boolean;
  /** Earlier usage is being read and will be known soon. */
  isSeeding(): boolean;
  /** Why this process cannot decide, if only an operator can change that. Null: it can decide, or will soon. */
  refusal(): string | null;
  /** Postgres does not answer, so it is unknown whether this process may decide. */
  isUnanswered(): boolean;
  /** Begins to read earlier usage if it is needed. Resolves when one of these values may have changed. */
  changed(orgId: Uuid, entries: readonly BearingEntry[]): Promise<void>;
}

/** How long a call waits until its limits are known. */
const WAIT_MS = 2_000;

async function untilOpen(state: LimitState, orgId: Uuid, entries: readonly BearingEntry[], cut: Cut): Promise<void> {
  const over = Promise.withResolvers<void>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    over.resolve();
  };
  const timer = setTimeout(end, WAIT_MS);
  const stop = cut.listen(end);
  while (!isOver && !state.isOpen(orgId, entries) && state.refusal() === null)
    await Promise.race([state.changed(orgId, entries), over.promise]);
  clearTimeout(timer);
  stop();
}

export function createGate(state: LimitState): LimitGate {
  let isKnown = false;
  async function wait(orgId: Uuid, entries: readonly BearingEntry[], cut: Cut): Promise<void> {
    await untilOpen(state, orgId, entries, cut);
    if (cut.reason) throw tollgateError(cutFailure(cut.reason));
    if (state.isOpen(orgId, entries)) return;
    const reason = state.refusal();
    const message = reason
      ? "This gateway may not admit calls under a blocking limit, because another gateway counts that limit."
      : "The usage of a limit is not known yet; try again.";
    // When another proxy counts the limit, letting calls through here would overspend it, whatever `onStoreDown` says.
    if ((reason !== null && entries.some(({ mode }) => mode === "block")) || entries.some(mustBeChecked))
      throw new TollgateError("limit_store_unavailable", message, { retryAfterSeconds: 2 }, reason ?? undefined);
  }
  return {
    refusal: state.refusal,
    isStarting() {
      isKnown ||= state.mayDecide() || state.refusal() !== null || state.isUnanswered();
      return !isKnown;
    },
    pass(orgId, entries, cut) {
      if (entries.length === 0 || state.isOpen(orgId, entries)) return undefined;
      const isWaitedFor = entries.some(({ mode }) => mode === "block") || state.isSeeding();
      return isWaitedFor ? wait(orgId, entries, cut) : undefined;
    },
  };
}
