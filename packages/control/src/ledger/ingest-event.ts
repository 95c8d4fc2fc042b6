import { uuidTimeMs } from "@tollgate/contracts/ids";
import { UsageEvent } from "@tollgate/contracts/usage-event";

export type ReadEvent = { event: UsageEvent } | { rejected: string };

const DAY_MS = 86_400_000;
/** Older than this an event would make partitions nobody asked for; younger, its proxy's clock is wrong. */
const OLDEST_MS = 400 * DAY_MS;
const YOUNGEST_MS = 2 * DAY_MS;
/** More would overflow a sum of them: a million times a million dollars is no price. */
const NANO_DIGITS_MAX = 22;

/** Characters kept of each text. Those the proxy bounds by itself too are the same there. */
const LENGTHS: Record<string, number> = {
  model: 128,
  surface: 64,
  error: 64,
  errorMessage: 500,
  message: 500,
  provider: 128,
  upstreamModel: 256,
  credentialId: 64,
  targetId: 64,
  priceVersion: 64,
  customer: 128,
  clientRequestId: 128,
  metadata: 4096,
  /** Of a tag: its name, =, its value. */
  subject: 257,
};
const OTHER_LENGTH = 128;
/** Short of what would not fit into a row of an index. */
const PLAIN_LENGTH_MAX = 2_600;

/** Postgres' text has neither NUL nor half a surrogate pair. */
const fitText = (text: string, length: number): string => text.replaceAll("\0", "").slice(0, length).toWellFormed();

function fit(value: unknown, key: string): unknown {
  if (typeof value === "string") return fitText(value, LENGTHS[key] ?? OTHER_LENGTH);
  if (Array.isArray(value)) return value.map((item) => fit(item, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [fitText(name, OTHER_LENGTH), fit(item, name)]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objection({ id, costNano, countedNano, heldNano }: UsageEvent, nowMs: number): string | null {
  const age = nowMs - uuidTimeMs(id);
  if (age > OLDEST_MS || age < -YOUNGEST_MS) return `its time is ${new Date(uuidTimeMs(id)).toISOString()}`;
  for (const nano of [costNano, countedNano ?? null, heldNano])
    if (nano !== null && nano.length > NANO_DIGITS_MAX) return `an amount of ${nano} nano-dollars`;
  return null;
}

/** Nearly every event: too short for an overlong text, and without the escapes of JSON that Postgres cannot store. */
const fitsAsIs = (text: string): boolean => text.length < PLAIN_LENGTH_MAX && !text.includes("\\u");

/** Reads one event as a spool holds it, made to fit the ledger's columns; or says why it cannot be kept there. */
export function readEvent(text: string, nowMs: number): ReadEvent {
  const raw = parse(text);
  const first = fitsAsIs(text) ? UsageEvent.safeParse(raw) : null;
  const parsed = first?.success ? first : UsageEvent.safeParse(fit(raw, ""));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { rejected: `${issue?.path.join(".") || "event"}: ${issue?.message ?? "not an event"}`.slice(0, 500) };
  }
  const rejected = objection(parsed.data, nowMs);
  return rejected === null ? { event: parsed.data } : { rejected };
}
