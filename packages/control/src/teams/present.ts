import type { Prisma } from "@tollgate/db/query";
import { allowOf, denyOf } from "../allow-list.ts";
import type { Team } from "./schemas.ts";

/** The relations that are read with a team. */
export const withCounts = {
  _count: { select: { members: true, keys: { where: { state: { not: "revoked" } } } } },
} satisfies Prisma.TeamInclude;

export const presentTeam = (row: Prisma.TeamGetPayload<{ include: typeof withCounts }>): Team => ({
  id: row.id,
  name: row.name,
  allow: allowOf(row),
  deny: denyOf(row),
  costCentre: row.costCentre,
  keyCount: row._count.keys,
  memberCount: row._count.members,
  createdAt: row.createdAt.toISOString(),
});
