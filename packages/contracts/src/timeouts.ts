import { z } from "zod";

/**
 * Times that a model or target has of its own, in milliseconds. An absent one is that of the model, or of the gateway's
 * settings. The bounds hold for headers of a request too.
 */
const BOUNDS = {
  /** Until there is a connection to the provider. */
  connectMs: [100, 60_000],
  /** From the request until the response's first byte: of a response that is not streamed, until all of it is made. */
  firstByteMs: [100, 3_600_000],
  /** From the request until the model says something, in a stream. */
  firstTokenMs: [100, 3_600_000],
  /** The longest silence within a response. */
  idleMs: [100, 3_600_000],
  /** From the arrival of a call to the last byte of its answer, all attempts together. */
  totalMs: [1_000, 3_600_000],
} as const;

export type TimeoutName = keyof typeof BOUNDS;
export const TIMEOUT_BOUNDS: Readonly<Record<TimeoutName, readonly [min: number, max: number]>> = BOUNDS;

function time(name: TimeoutName) {
  const [min, max] = BOUNDS[name];
  // In both units, because the pages have seconds.
  const error = `a whole number of milliseconds from ${min} to ${max} (${min / 1000} to ${max / 1000} seconds)`;
  return z.int({ error }).min(min, { error }).max(max, { error }).optional();
}

const ofTarget = {
  connectMs: time("connectMs"),
  firstByteMs: time("firstByteMs"),
  firstTokenMs: time("firstTokenMs"),
  idleMs: time("idleMs"),
};

export const TargetTimeouts = z.strictObject(ofTarget);
export type TargetTimeouts = z.infer<typeof TargetTimeouts>;

export const ModelTimeouts = z.strictObject({ ...ofTarget, totalMs: time("totalMs") });
export type ModelTimeouts = z.infer<typeof ModelTimeouts>;
