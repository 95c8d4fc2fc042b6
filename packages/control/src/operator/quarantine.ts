import { TollgateError } from "@tollgate/contracts/errors";
import { type Tx, withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { parse } from "../parse.ts";
import { type Decided, DecideQuarantine, ListQuarantine, type QuarantineList } from "./quarantine-schemas.ts";

interface Row {
  id: string;
  spool_id: string;
  at: Date;
  at_us: bigint;
  reason: string;
  bytes: number;
  decision: "release" | "discard" | null;
  failure: string | null;
  events: bigint;
}

/** Usage that could not be recorded, the newest first. It shows no tenant's data: not the records themselves. */
export async function listQuarantine(services: Services, input: ListQuarantine): Promise<QuarantineList> {
  const { limit, cursor } = parse(ListQuarantine, input);
  const [before = null, id = null] = cursor?.split("_") ?? [];
  const read = (tx: Tx) => tx.$queryRaw<Row[]>`
    select * from list_quarantine(${before}::bigint, ${id}::uuid, ${limit}::integer)`;
  const rows = await withScope(services.db, {}, read);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map(({ spool_id, at, at_us: _, events: __, ...row }) => ({
      ...row,
      spoolId: spool_id,
      at: at.toISOString(),
    })),
    events: Number(rows[0]?.events ?? 0),
    nextCursor: last ? `${last.at_us}_${last.id}` : null,
  };
}

/**
 * Marks usage in quarantine to be released, which adds it to the ledger, or discarded. The worker does it within a minute and
 * writes the audit entry. `by` says who asked, for that entry. Throws `conflict` if nothing could be marked.
 */
export async function decideQuarantine(
  services: Services,
  decision: "release" | "discard",
  input: DecideQuarantine,
  by: string,
): Promise<Decided> {
  const { ids } = parse(DecideQuarantine, input);
  const [row] = await withScope(
    services.db,
    {},
    (tx) => tx.$queryRaw<{ marked: number }[]>`
      select decide_quarantine(${ids === "all" ? null : ids}::uuid[], ${decision}, ${by}) as marked`,
  );
  const marked = row?.marked ?? 0;
  if (marked === 0)
    throw new TollgateError(
      "conflict",
      decision === "release"
        ? "No such record can be released. One without a valid MAC is recorded when its proxy sends it with the event key."
        : "There is no such record.",
    );
  return { marked };
}
