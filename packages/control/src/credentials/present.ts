import type { Prisma } from "@tollgate/db/query";
import type { Credential } from "./schemas.ts";

export const withModels = { targets: { select: { modelId: true } } } satisfies Prisma.CredentialInclude;

/** Neither the secret nor its sealed form leaves. */
export const presentCredential = (row: Prisma.CredentialGetPayload<{ include: typeof withModels }>): Credential => ({
  id: row.id,
  name: row.name,
  provider: row.provider,
  baseUrl: row.baseUrl,
  lastFour: row.lastFour,
  modelCount: new Set(row.targets.map(({ modelId }) => modelId)).size,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
