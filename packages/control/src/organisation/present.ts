import type { Prisma } from "@tollgate/db/query";
import { allowOf, denyOf } from "../allow-list.ts";
import type { Organisation } from "./schemas.ts";

export const presentOrganisation = (row: Prisma.OrganisationGetPayload<object>): Organisation => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  timeZone: row.timeZone,
  budgetErrorStatus: row.budgetErrorStatus === 429 ? 429 : 402,
  directModels: row.directModels,
  keepsResponses: row.keepsResponses,
  allow: allowOf(row),
  deny: denyOf(row),
  createdAt: row.createdAt.toISOString(),
});
