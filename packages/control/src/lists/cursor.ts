import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context.ts";
import { invalid } from "../fields.ts";

/** The last row of a page: its value in the order, as Postgres writes it, and its id. */
const Position = z.tuple([z.string(), z.string()]);
export type Position = z.infer<typeof Position>;

const SEAL_BYTES = 12;

/** A cursor is valid for one organisation, one list and one order. The values in it are those that this installation wrote. */
const sealOf = ({ services, orgId }: Context, list: string, sort: string, payload: string): Buffer =>
  createHmac("sha256", services.pepper)
    .update(["list cursor", orgId, list, sort, payload].join("\n"))
    .digest()
    .subarray(0, SEAL_BYTES);

export function writeCursor(ctx: Context, list: string, sort: string, position: Position): string {
  const payload = JSON.stringify(position);
  return Buffer.concat([sealOf(ctx, list, sort, payload), Buffer.from(payload)]).toString("base64url");
}

/** Throws `validation_failed` on `cursor` for a text that is not a cursor of this organisation, list and order. */
export function readCursor(ctx: Context, list: string, sort: string, cursor: string): Position {
  const bytes = Buffer.from(cursor, "base64url");
  const payload = bytes.subarray(SEAL_BYTES).toString();
  const seal = Buffer.alloc(SEAL_BYTES);
  bytes.copy(seal, 0, 0, SEAL_BYTES);
  if (timingSafeEqual(seal, sealOf(ctx, list, sort, payload))) return Position.parse(JSON.parse(payload));
  throw invalid({ cursor: "is not a cursor of this list in this order" });
}
