import { Gauge, type Registry } from "prom-client";
import type { Resting } from "../routing/breaker.ts";

/** Maximum number of breakers with their own series. The rest are only counted. */
const NAMED_MAX = 50;

/** Metrics of targets that calls avoid now. */
export function observeBreakers(registers: Registry[], resting: () => Resting[]): void {
  new Gauge({
    name: "tollgate_breakers_open",
    help: "Targets that are not tried now.",
    registers,
    collect() {
      this.set(resting().filter(({ restsForMs }) => restsForMs > 0).length);
    },
  });
  new Gauge({
    name: "tollgate_breaker_state",
    help: `2: open, not tried; 1: half-open, the next call tries it. Others are closed. ${NAMED_MAX} at most.`,
    labelNames: ["id"],
    registers,
    collect() {
      this.reset();
      for (const { id, restsForMs } of resting().slice(0, NAMED_MAX)) this.set({ id }, restsForMs > 0 ? 2 : 1);
    },
  });
}
