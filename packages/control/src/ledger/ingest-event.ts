import { uuidTimeMs } from "@tollgate/contracts/ids";
import { eventOfText, UsageEvent } from "@tollgate/contracts/usage-event";

export type ReadEvent = { event: UsageEvent } | { rejected: string };

const DAY_MS = 86_400_000;
/** An older event would create partitions for days long past. An event further in the future comes from a wrong clock. */
const OLDEST_MS = 400 * DAY_MS;
const YOUNGEST_MS = 2 * DAY_MS;
/** Larger amounts could overflow a sum. No call costs a million million dollars. */
const NANO_DIGITS_MAX = 22;

/** Maximum number of characters of each text. Where the proxy has a bound too, it is the same. */
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
  session: 128,
  endUser: 128,
  costCentre: 128,
  clientRequestId: 128,
  metadata: 4096,
  /** For a tag: name, "=", value. */
  subject: 257,
};
const OTHER_LENGTH = 128;
/** A shorter text fits into an index row. */
const PLAIN_LENGTH_MAX = 2_600;

/** Postgres text cannot contain NUL or half a surrogate pair. */
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
    return eventOfText(text);
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

/** True for nearly every event: too short for an overlong text, and without escapes that Postgres cannot store. */
const fitsAsIs = (text: string): boolean => text.length < PLAIN_LENGTH_MAX && !text.includes("\\u");

/** Parses one event of a spool and fits it to the ledger's columns, or returns why the ledger cannot store it. */
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
