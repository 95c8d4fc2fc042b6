import { type Limit, type LimitSubjects, RUN_KEPT_DAYS } from "@tollgate/contracts/limit";
import type { Zones } from "@tollgate/contracts/zones";
import { capAt, isOver } from "@tollgate/policy/limit-cap";
import { subjectsCounted } from "@tollgate/policy/limit-subjects";
import { counterKey } from "./counter-key.ts";
import type { CounterState, HoldEntry } from "./store.ts";
import { windowOf } from "./window.ts";

/**
 * The facts about a request that decide on which limits it counts. `amounts` are upper bounds before the call, usage
 * after it.
 */
export interface Ask {
  subjects: LimitSubjects;
  atMs: number;
  /** The organisation's time zones. */
  zones: Zones;
  amounts: { usd: bigint; tokens: bigint };
}

/** One counter on which a request counts: the amount, the cap, and the facts that a refusal or a page shows. */
export interface BearingEntry extends HoldEntry {
  limit: Limit;
  /** The subject: an id, `name=value` for a tag, or another text that the call carries; empty for the organisation. */
  subject: string;
  startMs: number;
}

/**
 * The last counter of each limit. Most calls count on the same one, and a text that was a key of a map before is found
 * without being hashed and compared again.
 */
const lastCounters = new WeakMap<Limit, { startMs: number | null; subject: string; key: string }>();

function counterOf(limit: Limit, startMs: number | null, subject: string): string {
  const last = lastCounters.get(limit);
  if (last && last.startMs === startMs && last.subject === subject) return last.key;
  const key = counterKey(limit.id, startMs, subject);
  lastCounters.set(limit, { startMs, subject, key });
  return key;
}

/** One day longer than the ledger keeps the counter. So a late call is refused rather than counted on a new counter. */
const RUN_KEPT_MS = (RUN_KEPT_DAYS + 1) * 86_400_000;

function amountOf(limit: Limit, ask: Ask): bigint {
  return limit.unit === "usd" || limit.unit === "tokens" ? ask.amounts[limit.unit] : 1n;
}

/**
 * The counters on which a request counts, in the order of `limits`. A limit whose window has not begun is left out. The
 * proxy makes holds on them, and the ledger adds usage to them.
 */
export function holdEntries(limits: readonly Limit[], ask: Ask): BearingEntry[] {
  const entries: BearingEntry[] = [];
  for (const limit of limits) {
    const concurrent = limit.unit === "concurrent";
    for (const subject of subjectsCounted(limit, ask.subjects)) {
      const { startMs, endMs } = windowOf(ask.atMs, limit.window, ask.zones, limit.anchorMs);
      if (ask.atMs < startMs) continue;
      entries.push({
        limitId: limit.id,
        counter: counterOf(limit, concurrent ? null : startMs, subject),
        unit: limit.unit,
        mode: limit.mode,
        amount: amountOf(limit, ask),
        cap: capAt(limit, ask.atMs),
        limit,
        subject,
        startMs,
        resetsAtMs: concurrent ? null : endMs,
        keptUntilMs: limit.scope === "run" ? ask.atMs + RUN_KEPT_MS : null,
      });
    }
  }
  return entries;
}

/**
 * The limits of mode warn or shadow that would have refused this request. `states` has the counters after the request's
 * hold, in the order of `entries`.
 */
export const exceeded = (entries: readonly BearingEntry[], states: readonly CounterState[]): BearingEntry[] =>
  entries.filter(({ mode, amount, cap }, index) => {
    const state = states[index];
    return mode !== "block" && state !== undefined && isOver(state.committed + state.held - amount, amount, cap);
  });
