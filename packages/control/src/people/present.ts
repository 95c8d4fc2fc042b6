import type { Prisma } from "@tollgate/db/query";
import type { Member } from "./schemas.ts";

export const withPerson = {
  user: { select: { name: true, email: true } },
  teams: { select: { team: { select: { id: true, name: true } } }, orderBy: { team: { name: "asc" } } },
} satisfies Prisma.MembershipInclude;

export const presentMember = (row: Prisma.MembershipGetPayload<{ include: typeof withPerson }>): Member => ({
  id: row.id,
  userId: row.userId,
  name: row.user.name,
  email: row.user.email,
  role: row.role,
  teams: row.teams.map(({ team }) => team),
  costCentre: row.costCentre,
  createdAt: row.createdAt.toISOString(),
});
