import type { Prisma } from "@tollgate/db/query";
import { allowOf, denyOf } from "../allow-list.ts";
import type { Key } from "./schemas.ts";

export const withOwners = {
  team: { select: { name: true } },
  member: { select: { user: { select: { name: true } } } },
} satisfies Prisma.VirtualKeyInclude;

type Row = Prisma.VirtualKeyGetPayload<{ include: typeof withOwners }>;

const stateOf = (row: Row, atMs: number): Key["state"] =>
  row.state === "active" && row.expiresAt && row.expiresAt.getTime() <= atMs ? "expired" : row.state;

/** The state at the instant `atMs`. The secret is not stored, so it is not included. */
export const presentKey = (row: Row, atMs: number): Key => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  publicId: row.publicId,
  lastFour: row.lastFour,
  state: stateOf(row, atMs),
  teamId: row.teamId,
  teamName: row.team?.name ?? null,
  memberId: row.memberId,
  memberName: row.member?.user.name ?? null,
  allow: allowOf(row),
  deny: denyOf(row),
  costCentre: row.costCentre,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
