import { createHmac, timingSafeEqual } from "node:crypto";

/** A batch of usage events, each as the JSON text of the spool. `[from, to)` are positions in that spool. */
export interface EventBatch {
  spoolId: string;
  from: string;
  to: string;
  events: readonly string[];
}

export interface Macs {
  /** One MAC per event, in order. */
  macs: string[];
  /** MAC of the spool and the range. Without it, an attacker could make a spool forget events. */
  rangeMac: string;
}

/** 128 bits are enough: a MAC is checked online and once. */
const MAC_BYTES = 16;

const mac = (key: Uint8Array, kind: "event" | "range", text: string): Buffer =>
  createHmac("sha256", key).update(kind).update("\n").update(text).digest().subarray(0, MAC_BYTES);

const rangeText = ({ spoolId, from, to, events }: EventBatch): string =>
  [spoolId, from, to, String(events.length)].join("\n");

export const signBatch = (key: Uint8Array, batch: EventBatch): Macs => ({
  macs: batch.events.map((text) => mac(key, "event", text).toString("base64url")),
  rangeMac: mac(key, "range", rangeText(batch)).toString("base64url"),
});

function isRight(keys: readonly Uint8Array[], kind: "event" | "range", text: string, given: string | undefined) {
  const bytes = Buffer.from(given ?? "", "base64url");
  return bytes.length === MAC_BYTES && keys.some((key) => timingSafeEqual(mac(key, kind, text), bytes));
}

export interface CheckedBatch {
  /** Events with a valid MAC. */
  proven: string[];
  /** Events without a valid MAC: they must not be recorded. */
  unproven: string[];
  /** Whether all events and the range have valid MACs: then the spool may forget them. */
  isWhole: boolean;
}

/** Checks a batch with all valid keys: two during a key rotation. */
export function checkBatch(keys: readonly Uint8Array[], batch: EventBatch & Partial<Macs>): CheckedBatch {
  const { events, macs = [], rangeMac } = batch;
  const proven: string[] = [];
  const unproven: string[] = [];
  for (const [at, text] of events.entries()) (isRight(keys, "event", text, macs[at]) ? proven : unproven).push(text);
  const isWhole = unproven.length === 0 && isRight(keys, "range", rangeText(batch), rangeMac);
  return { proven, unproven, isWhole };
}
