import { FAULT_NAMES, FAULTS, type FaultName } from "./faults.ts";
import { seeded } from "./random.ts";

/** A planned fault. */
export interface Planned {
  fault: FaultName;
  /** Earliest start in milliseconds after the load began. The previous fault must be repaired first. */
  atMs: number;
  lastsMs: number;
  /** Seed of the random numbers that the fault itself uses. */
  seed: number;
}

/** Time without faults between two faults, so that the effect of each is visible. */
const REST_MS = [1_000, 4_000] as const;
const FIRST_AT_MS = 1_000;

/** Plans faults until `durationMs`. Every kind comes once before any is repeated. The same seed gives the same plan. */
export function planFaults(seed: number, durationMs: number): Planned[] {
  const random = seeded(seed);
  const plan: Planned[] = [];
  let waiting: FaultName[] = [];
  for (let atMs = FIRST_AT_MS; ; ) {
    if (waiting.length === 0) waiting = [...FAULT_NAMES];
    const [fault] = waiting.splice(random.between(0, waiting.length), 1);
    if (!fault) break;
    const lastsMs = random.between(...FAULTS[fault].lastsMs);
    if (atMs + lastsMs > durationMs) break;
    plan.push({ fault, atMs, lastsMs, seed: random.between(0, 2 ** 31) });
    atMs += lastsMs + random.between(...REST_MS);
  }
  return plan;
}
