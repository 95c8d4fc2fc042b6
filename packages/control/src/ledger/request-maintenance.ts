import { uuidV7 } from "@tollgate/contracts/ids";
import { usdString } from "@tollgate/contracts/money";
import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { invalid } from "../fields.ts";
import { Difference } from "../rollups/difference.ts";
import { SLOT_MS, utcDayStart } from "../rollups/slots.ts";
import type { Work } from "../verb.ts";
import { KINDS, type Maintenance } from "./schemas.ts";

const DAYS_MAX = 400;

const Kind = z.enum(KINDS);
const Differences = z.array(Difference);

export const presentMaintenance = (row: Prisma.LedgerMaintenanceGetPayload<object>): Maintenance => ({
  id: row.id,
  kind: Kind.parse(row.kind),
  from: row.since.toISOString(),
  to: row.until.toISOString(),
  askedAt: row.askedAt.toISOString(),
  askedBy: row.askedBy,
  doneAt: row.doneAt?.toISOString() ?? null,
  differences: Differences.parse(row.differences),
  model: row.model,
  provider: row.provider,
  note: row.note,
  adjusted: row.adjusted,
  adjustedUsd: usdString(BigInt(row.adjustedNano.toFixed())),
});

interface Asked {
  kind: (typeof KINDS)[number];
  /** Default: the start of yesterday, UTC. */
  from?: string | undefined;
  /** Default: now. */
  to?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  note?: string | undefined;
}

/** Stores a request for the worker, which alone writes the ledger. At most 400 days, none in the future. */
export async function requestMaintenance(
  { tx, ctx, audit }: Pick<Work<unknown>, "tx" | "ctx" | "audit">,
  { kind, from, to, model, provider, note }: Asked,
): Promise<Maintenance> {
  const nowMs = ctx.services.now();
  const untilMs = Math.min(to === undefined ? nowMs : Date.parse(to), nowMs);
  const sinceMs = from === undefined ? utcDayStart(nowMs) - SLOT_MS.day : Date.parse(from);
  if (sinceMs >= untilMs) throw invalid({ from: "must be before the end, and in the past" });
  if (untilMs - sinceMs > DAYS_MAX * SLOT_MS.day) throw invalid({ from: `at most ${DAYS_MAX} days` });
  const row = await tx.ledgerMaintenance.create({
    data: {
      id: uuidV7(nowMs),
      orgId: ctx.orgId,
      kind,
      since: new Date(sinceMs),
      until: new Date(untilMs),
      askedAt: new Date(nowMs),
      askedBy: ctx.actor.name,
      model: model ?? null,
      provider: provider ?? null,
      note: note || null,
    },
  });
  const asked = presentMaintenance(row);
  await audit({ subject: `ledger ${asked.from} to ${asked.to}`, after: asked });
  return asked;
}
