import type { Uuid } from "@tollgate/contracts/ids";
import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import type { HoldEntry, LimitStore, Soon } from "@tollgate/limits/store";
import { Gauge, Histogram, type Registry } from "prom-client";
import { openTally } from "./tally.ts";

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const dollarsHeld = (entries: readonly HoldEntry[]): bigint =>
  entries.reduce((most, { unit, amount }) => (unit === "usd" && amount > most ? amount : most), 0n);

/**
 * Wraps a store to measure its latency, its errors and the holds of this process. Only asynchronous answers are timed,
 * because a store in memory answers at once.
 */
export function measureLimits(store: LimitStore, registers: Registry[]): LimitStore {
  const held = new ShortLivedMap<Uuid, bigint>();
  let heldNano = 0n;
  const seconds = new Histogram({
    name: "tollgate_limit_store_seconds",
    help: "Time until the shared limit store answered.",
    labelNames: ["operation"],
    buckets: SECONDS,
    registers,
  });
  const failed = openTally({
    name: "tollgate_limit_store_errors_total",
    help: "Operations that the limit store did not answer.",
    labelNames: ["operation"],
    registers,
  });
  new Gauge({
    name: "tollgate_held_dollars",
    help: "Dollars that this process holds on limits for running calls.",
    registers,
    collect() {
      this.set(Number(heldNano) / 1e9);
    },
  });
  new Gauge({
    name: "tollgate_holds",
    help: "Running calls with a hold on a limit.",
    registers,
    collect() {
      this.set(held.size);
    },
  });

  function measured<T>(operation: string, ask: () => Soon<T>, then: (answer: T) => void = () => {}): Soon<T> {
    let answer: Soon<T>;
    try {
      answer = ask();
    } catch (error) {
      failed(operation);
      throw error;
    }
    if (answer instanceof Promise) return timed(operation, answer, then);
    then(answer);
    return answer;
  }

  async function timed<T>(operation: string, asked: Promise<T>, then: (answer: T) => void): Promise<T> {
    const startedAt = performance.now();
    try {
      const answer = await asked;
      then(answer);
      return answer;
    } catch (error) {
      failed(operation);
      throw error;
    } finally {
      seconds.observe({ operation }, (performance.now() - startedAt) / 1000);
    }
  }

  function forget(requestId: Uuid): void {
    heldNano -= held.get(requestId) ?? 0n;
    held.delete(requestId);
  }

  function note(requestId: Uuid, entries: readonly HoldEntry[]): void {
    const nano = dollarsHeld(entries);
    heldNano += nano - (held.get(requestId) ?? 0n);
    held.set(requestId, nano);
  }

  return {
    ...store,
    hold: (requestId, orgId, entries, isWanted) =>
      measured(
        "hold",
        () => store.hold(requestId, orgId, entries, isWanted),
        ({ ok }) => ok && note(requestId, entries),
      ),
    extend: (requestId, orgId, entries) =>
      measured(
        "extend",
        () => store.extend(requestId, orgId, entries),
        ({ ok }) => ok && note(requestId, entries),
      ),
    settle(requestId, orgId, actual) {
      forget(requestId);
      return measured("settle", () => store.settle(requestId, orgId, actual));
    },
    void(requestId, orgId) {
      forget(requestId);
      return measured("void", () => store.void(requestId, orgId));
    },
    read: (orgId, counters) => measured("read", () => store.read(orgId, counters)),
  };
}
