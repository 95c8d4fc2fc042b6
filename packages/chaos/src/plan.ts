import { FAULT_NAMES, FAULTS, type FaultName } from "./faults.ts";
import { seeded } from "./random.ts";

/** A fault to come. */
export interface Planned {
  fault: FaultName;
  /** Milliseconds after the load began, at the earliest: the one before must be healed. */
  atMs: number;
  lastsMs: number;
  /** For the chance within it. */
  seed: number;
}

/** Between two faults the installation is whole for this long, so that each is seen to be survived by itself. */
const REST_MS = [1_000, 4_000] as const;
const FIRST_AT_MS = 1_000;

/** Faults of all kinds, each once before any comes again, until `durationMs`; the same seed gives the same plan. */
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
