import type { Prisma } from "@tollgate/db/query";
import { originOf } from "@tollgate/vault/origin";
import { needsGrant } from "../outbound-host.ts";
import type { StoredCredential } from "./schemas.ts";

export const withModels = { targets: { select: { modelId: true } } } satisfies Prisma.CredentialInclude;

/** The only origin to which the stored secret is sent; null: none. */
export const boundOrigin = (row: Pick<Prisma.CredentialGetPayload<object>, "sealedOrigin" | "legacyOrigin">) =>
  row.sealedOrigin ?? row.legacyOrigin;

/** Without its last test. Contains neither the secret nor its box. `granted` are the private hosts of the organisation. */
export const presentCredential = (
  row: Prisma.CredentialGetPayload<{ include: typeof withModels }>,
  granted: readonly string[],
): StoredCredential => ({
  id: row.id,
  name: row.name,
  provider: row.provider,
  baseUrl: row.baseUrl,
  lastFour: row.lastFour,
  needsSecret: boundOrigin(row) !== originOf(row.baseUrl),
  needsGrant: needsGrant(new URL(row.baseUrl), granted),
  modelCount: new Set(row.targets.map(({ modelId }) => modelId)).size,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
