import type { Prisma } from "@tollgate/db/query";
import type { Token } from "./schemas.ts";

type Row = Prisma.AdminTokenGetPayload<object>;

function stateOf(row: Row, atMs: number): Token["state"] {
  if (row.revokedAt) return "revoked";
  return row.expiresAt && row.expiresAt.getTime() <= atMs ? "expired" : "active";
}

/** The state at the instant `atMs`. The secret is not stored, so it is not included. */
export const presentToken = (row: Row, atMs: number, makers: ReadonlyMap<string, string>): Token => ({
  id: row.id,
  name: row.name,
  role: row.role,
  publicId: row.publicId,
  lastFour: row.lastFour,
  state: stateOf(row, atMs),
  createdByName: makers.get(row.createdBy) ?? null,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
