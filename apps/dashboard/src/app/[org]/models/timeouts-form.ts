import type { ModelTimeouts, TimeoutName } from "@tollgate/contracts/timeouts";

/** Seconds as text; empty: none. */
export type TimeoutsForm = Record<TimeoutName, string>;

export const TARGET_TIMEOUTS = ["connectMs", "firstByteMs", "firstTokenMs", "idleMs"] as const;
export const MODEL_TIMEOUTS = [...TARGET_TIMEOUTS, "totalMs"] as const;

const seconds = (ms: number | undefined): string => (ms === undefined ? "" : String(ms / 1000));

export const timeoutsForm = (timeouts: ModelTimeouts = {}): TimeoutsForm => ({
  connectMs: seconds(timeouts.connectMs),
  firstByteMs: seconds(timeouts.firstByteMs),
  firstTokenMs: seconds(timeouts.firstTokenMs),
  idleMs: seconds(timeouts.idleMs),
  totalMs: seconds(timeouts.totalMs),
});

/** Text that is not a number is sent as one that the server refuses. */
export const timeoutsInput = (form: TimeoutsForm): ModelTimeouts =>
  Object.fromEntries(
    MODEL_TIMEOUTS.filter((name) => form[name].trim() !== "").map((name) => [
      name,
      Math.round(Number(form[name].replace(",", ".")) * 1000),
    ]),
  );
