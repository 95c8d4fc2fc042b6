import { createHmac, timingSafeEqual } from "node:crypto";

/** A batch of usage events, each the JSON text a spool holds; `[from, to)` are positions of that spool. */
export interface EventBatch {
  spoolId: string;
  from: string;
  to: string;
  events: readonly string[];
}

export interface Macs {
  /** One for each event, in order. */
  macs: string[];
  /** Of the spool and the range: who could forge it could have a spool's events forgotten. */
  rangeMac: string;
}

/** 128 bits: they are checked online and once. */
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
  /** Made by who has one of the keys. */
  proven: string[];
  /** Not: never to be booked. */
  unproven: string[];
  /** All of it is proven, the range too: the spool may forget it. */
  isWhole: boolean;
}

/** Checks a batch against the keys that are valid: two while a key is replaced. */
export function checkBatch(keys: readonly Uint8Array[], batch: EventBatch & Partial<Macs>): CheckedBatch {
  const { events, macs = [], rangeMac } = batch;
  const proven: string[] = [];
  const unproven: string[] = [];
  for (const [at, text] of events.entries()) (isRight(keys, "event", text, macs[at]) ? proven : unproven).push(text);
  const isWhole = unproven.length === 0 && isRight(keys, "range", rangeText(batch), rangeMac);
  return { proven, unproven, isWhole };
}
