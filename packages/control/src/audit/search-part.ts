import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { readCursor, writeCursor } from "../lists/cursor.ts";
import type { ListAudit } from "./schemas.ts";

/** No index serves a search. It reads at most this many entries, which takes Postgres some 50 ms. */
const PART = 50_000n;

/** The entries that one call searches. */
export interface SearchPart {
  within: Sql;
  /** Null: the part reaches the end of the list. */
  rest: { cursor: string; at: string } | null;
}

const narrowed = ({ search, action, actorId, from, to }: ListAudit): boolean =>
  Boolean(search || action || actorId || from || to);

/** Null without a search or a filter that reads entries which it does not show. `subject` alone has an index. */
export async function searchPart(tx: Tx, ctx: Context, list: string, input: ListAudit): Promise<SearchPart | null> {
  if (!narrowed(input)) return null;
  // Only a scan of the index in the order of the list reads no more than the part, and ends when the page is full.
  await tx.$executeRaw`set local enable_seqscan = off`;
  await tx.$executeRaw`set local enable_bitmapscan = off`;
  const { sort, cursor } = input;
  const { orgId } = ctx;
  const last = await tx.auditEntry.findFirst({ where: { orgId }, orderBy: { sequence: "desc" } });
  const newest = last?.sequence ?? 0n;
  const descending = sort !== "sequence";
  const start = cursor ? BigInt(readCursor(ctx, list, sort, cursor)[1]) : descending ? newest + 1n : 0n;
  const [low, high] = descending ? [start - PART, start - 1n] : [start + 1n, start + PART];
  const within = sql`e.sequence between ${low} and ${high}`;
  if (descending ? low <= 1n : high >= newest) return { within, rest: null };
  const edge = descending ? low : high;
  const where = { orgId, sequence: descending ? { gte: edge } : { lte: edge } };
  const row = await tx.auditEntry.findFirst({ where, orderBy: { sequence: descending ? "asc" : "desc" } });
  const at = row?.at ?? new Date(0);
  return { within, rest: { cursor: writeCursor(ctx, list, sort, ["", edge.toString()]), at: at.toISOString() } };
}
