import type { Readiness } from "@tollgate/service/private-port";

export interface HealthOptions {
  /** Checks of the parts. Each rejects if its part does not answer in time. */
  parts: Record<string, (timeoutMs: number) => Promise<void>>;
  /** Whether the worker takes jobs. */
  isWorking: () => boolean;
  isDraining: () => boolean;
}

export interface Health {
  readiness(): Readiness;
  /** Checks every part once. */
  tick(): Promise<void>;
  close(): void;
}

const TICK_MS = 5_000;
const PART_MS = 2_000;
/** Two checks were missed: the state of the parts is unknown. */
const OLD_MS = 15_000;

/** Checks the worker's dependencies every five seconds, so that a probe costs nothing and never waits. */
export function watchHealth({ parts, isWorking, isDraining }: HealthOptions): Health {
  const found: Record<string, string> = {};
  let tickedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const looks = Object.entries(parts).map(async ([name, part]) => {
      found[name] = await part(PART_MS).then(
        () => "ok",
        (error: Error) => error.message || "does not answer",
      );
    });
    await Promise.all(looks);
    tickedAtMs = performance.now();
  }
  const tick = (): Promise<void> => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => void tick(), TICK_MS);
  void tick();

  return {
    readiness() {
      const sinceMs = performance.now() - tickedAtMs;
      const areWell = sinceMs < OLD_MS && Object.values(found).every((state) => state === "ok");
      const status = isDraining() ? "draining" : !isWorking() ? "starting" : areWell ? "ready" : "unhealthy";
      const seconds = Number.isFinite(sinceMs) ? Math.round(sinceMs / 1_000) : null;
      return { isReady: status === "ready", body: { status, ...found, last_look_seconds: seconds } };
    },
    tick,
    close: () => clearInterval(timer),
  };
}
