import type { Uuid } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Pool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { CheckedBatch } from "@tollgate/vault/event-mac";
import { readEvent } from "./ingest-event.ts";
import { splitExpired } from "./split-expired.ts";

/** An event that the ledger cannot store, for the quarantine. */
export interface Rejected {
  text: string;
  reason: string;
}

export interface Unproven extends Rejected {
  /** Null: the text is not a valid event. */
  id: Uuid | null;
}

/** A batch of a spool as ingest needs it. */
export interface ReadBatch {
  spoolId: string;
  /** The positions in the spool that it covers. Null: the spool keeps it. */
  range: { from: bigint; to: bigint } | null;
  events: readonly UsageEvent[];
  /** Texts of the events that can be read: none of them stays in quarantine. */
  readable: readonly string[];
  unreadable: readonly Rejected[];
  unproven: readonly Unproven[];
}

export const UNPROVEN = "its MAC is missing or wrong";
const EXPIRED = "requests of its day are deleted: its retention is over";

/** Reads the events of a batch, and separates those that the ledger cannot store. */
export async function readBatch(
  pool: Pool,
  { spoolId, from, to }: JobPayload<"usage.ingest">,
  { proven, unproven, isWhole }: CheckedBatch,
): Promise<ReadBatch> {
  const nowMs = Date.now();
  const recent: UsageEvent[] = [];
  const readable: string[] = [];
  const unreadable: Rejected[] = [];
  const forged = unproven.map((text): Unproven => {
    const read = readEvent(text, nowMs);
    // A text column cannot store NUL or half a surrogate pair.
    const kept = text.replaceAll("\0", "").toWellFormed();
    return { id: "event" in read ? read.event.id : null, text: kept, reason: UNPROVEN };
  });
  for (const text of proven) {
    const read = readEvent(text, nowMs);
    if ("event" in read) {
      recent.push(read.event);
      readable.push(text);
    } else unreadable.push({ text, reason: read.rejected });
  }
  const { current: events, expired } = await splitExpired(pool, recent, nowMs);
  unreadable.push(...expired.map((event) => ({ text: JSON.stringify(event), reason: EXPIRED })));
  const range = isWhole ? { from: BigInt(from), to: BigInt(to) } : null;
  return { spoolId, range, events, readable, unreadable, unproven: forged };
}
