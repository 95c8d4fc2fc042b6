import { uuidV7 } from "@tollgate/contracts/ids";
import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { invalid } from "../fields.ts";
import type { Work } from "../verb.ts";
import { type Bookkeeping, Difference, KINDS } from "./books-schemas.ts";
import { SLOT_MS, utcDayStart } from "./slots.ts";

const DAYS_MAX = 400;

const Kind = z.enum(KINDS);
const Differences = z.array(Difference);

export const presentBookkeeping = (row: Prisma.BookkeepingGetPayload<object>): Bookkeeping => ({
  id: row.id,
  kind: Kind.parse(row.kind),
  from: row.since.toISOString(),
  to: row.until.toISOString(),
  askedAt: row.askedAt.toISOString(),
  doneAt: row.doneAt?.toISOString() ?? null,
  differences: Differences.parse(row.differences),
});

/** Leaves word for the worker: only ingest writes the ledger. At most 400 days, and none that is still to come. */
export async function askBooks(
  { tx, ctx, audit }: Pick<Work<unknown>, "tx" | "ctx" | "audit">,
  kind: (typeof KINDS)[number],
  from: string | undefined,
  to?: string,
): Promise<Bookkeeping> {
  const nowMs = ctx.services.now();
  const untilMs = Math.min(to === undefined ? nowMs : Date.parse(to), nowMs);
  const sinceMs = from === undefined ? utcDayStart(nowMs) - SLOT_MS.day : Date.parse(from);
  if (sinceMs >= untilMs) throw invalid({ from: "must be before the end, and in the past" });
  if (untilMs - sinceMs > DAYS_MAX * SLOT_MS.day) throw invalid({ from: `at most ${DAYS_MAX} days` });
  const [since, until, askedAt] = [new Date(sinceMs), new Date(untilMs), new Date(nowMs)];
  const data = { id: uuidV7(nowMs), orgId: ctx.orgId, kind, since, until, askedAt };
  const asked = presentBookkeeping(await tx.bookkeeping.create({ data }));
  await audit({ subject: `books ${asked.from} to ${asked.to}`, after: asked });
  return asked;
}
