import { providerById, schemesOf } from "@tollgate/catalog/providers";
import type { Prisma } from "@tollgate/db/query";
import { originOf } from "@tollgate/vault/origin";
import { z } from "zod";
import { needsGrant } from "../outbound-host.ts";
import type { FieldValues } from "./box-content.ts";
import type { StoredCredential } from "./schemas.ts";

export const withModels = { targets: { select: { modelId: true } } } satisfies Prisma.CredentialInclude;

/** The only origin to which the stored secret is sent; null: none. */
export const boundOrigin = (row: Pick<Prisma.CredentialGetPayload<object>, "sealedOrigin" | "legacyOrigin">) =>
  row.sealedOrigin ?? row.legacyOrigin;

const Settings = z.record(z.string(), z.string()).catch({});

/** The settings of a stored credential. */
export const settingsIn = ({ settings }: Pick<Prisma.CredentialGetPayload<object>, "settings">): FieldValues =>
  Settings.parse(settings);

/** A credential of a version without schemes has the provider's first one. */
export const schemeIn = ({
  scheme,
  provider: id,
}: Pick<Prisma.CredentialGetPayload<object>, "scheme" | "provider">): string => {
  const provider = providerById(id);
  return scheme ?? (provider && schemesOf(provider)[0]?.auth) ?? "";
};

const urlsOf = ({ baseUrl, ...row }: Pick<Prisma.CredentialGetPayload<object>, "baseUrl" | "settings">): string[] => [
  baseUrl,
  settingsIn(row).tokenUrl ?? baseUrl,
];

/** Without its last test. Contains neither the secret nor its box. `granted` are the private hosts of the organisation. */
export const presentCredential = (
  row: Prisma.CredentialGetPayload<{ include: typeof withModels }>,
  granted: readonly string[],
): StoredCredential => ({
  id: row.id,
  name: row.name,
  provider: row.provider,
  baseUrl: row.baseUrl,
  scheme: schemeIn(row),
  settings: settingsIn(row) as Record<string, string>,
  lastFour: row.lastFour,
  needsSecret: boundOrigin(row) !== originOf(row.baseUrl),
  needsGrant: urlsOf(row).some((url) => needsGrant(new URL(url), granted)),
  modelCount: new Set(row.targets.map(({ modelId }) => modelId)).size,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
