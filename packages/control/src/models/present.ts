import { knownModel } from "@tollgate/catalog/models";
import { priceFor } from "@tollgate/catalog/price";
import type { Prisma } from "@tollgate/db/query";
import type { z } from "zod";
import { decimal } from "../catalogue/decimal.ts";
import type { Model, Target } from "./schemas.ts";

export const withTargets = {
  targets: {
    include: { credential: { select: { name: true, provider: true } } },
    orderBy: [{ priority: "asc" }, { position: "asc" }],
  },
} satisfies Prisma.ModelInclude;

type Row = Prisma.ModelGetPayload<{ include: typeof withTargets }>;

function presentTarget(row: Row["targets"][number], atMs: number): z.infer<typeof Target> {
  const { name, provider } = row.credential;
  const price = priceFor({ provider, upstreamModel: row.upstreamModel, atMs });
  const [input, output] = [decimal(price?.inputPerMillionUsd ?? null), decimal(price?.outputPerMillionUsd ?? null)];
  return {
    id: row.id,
    credentialId: row.credentialId,
    credentialName: name,
    provider,
    upstreamModel: row.upstreamModel,
    priority: row.priority,
    weight: row.weight,
    price: input !== null && output !== null ? { inputPerMillionUsd: input, outputPerMillionUsd: output } : null,
    contextTokens: knownModel(provider, row.upstreamModel, atMs).contextWindow,
  };
}

/** Prices are those of the instant `atMs`. */
export const presentModel = (row: Row, atMs: number): Model => ({
  id: row.id,
  name: row.name,
  route: row.route,
  cacheTtlSeconds: row.cacheTtlSeconds,
  maxOutputTokens: row.maxOutputTokens,
  targets: row.targets.map((target) => presentTarget(target, atMs)),
  createdAt: row.createdAt.toISOString(),
});
