import { knownModel } from "@tollgate/catalog/models";
import { priceWithin } from "@tollgate/catalog/own-price";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Prisma } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import { decimal } from "../catalogue/decimal.ts";
import type { Context } from "../context.ts";
import { ownPrices } from "../prices/present.ts";
import type { Model, Target } from "./schemas.ts";

export const withTargets = {
  targets: {
    include: { credential: { select: { name: true, provider: true } } },
    orderBy: [{ priority: "asc" }, { position: "asc" }],
  },
} satisfies Prisma.ModelInclude;

type Row = Prisma.ModelGetPayload<{ include: typeof withTargets }>;

/** Data for the price of a target. */
export interface Pricing {
  prices: readonly DatedPrice[];
  atMs: number;
}

function presentTarget(row: Row["targets"][number], { prices, atMs }: Pricing): z.infer<typeof Target> {
  const { name, provider } = row.credential;
  const price = priceWithin(prices, { provider, upstreamModel: row.upstreamModel, atMs });
  const [input, output] = [decimal(price?.inputPerMillionUsd ?? null), decimal(price?.outputPerMillionUsd ?? null)];
  const own = prices.some(({ version }) => version === price?.version);
  return {
    id: row.id,
    credentialId: row.credentialId,
    credentialName: name,
    provider,
    upstreamModel: row.upstreamModel,
    priority: row.priority,
    weight: row.weight,
    price: input !== null && output !== null ? { inputPerMillionUsd: input, outputPerMillionUsd: output, own } : null,
    contextTokens: knownModel(provider, row.upstreamModel, atMs).contextWindow,
  };
}

/** Data for the prices of these models' targets. */
export const pricingOf = async (tx: Tx, { orgId, services }: Context, rows: readonly Row[]): Promise<Pricing> => {
  const upstreamModels = rows.flatMap(({ targets }) => targets.map(({ upstreamModel }) => upstreamModel));
  return { prices: await ownPrices(tx, orgId, [...new Set(upstreamModels)]), atMs: services.now() };
};

/** A model with the prices of now. */
export const presentOne = async (tx: Tx, ctx: Context, row: Row): Promise<Model> =>
  presentModel(row, await pricingOf(tx, ctx, [row]));

/** Prices are those at the instant `atMs`. */
export const presentModel = (row: Row, pricing: Pricing): Model => ({
  id: row.id,
  name: row.name,
  route: row.route,
  cacheTtlSeconds: row.cacheTtlSeconds,
  maxOutputTokens: row.maxOutputTokens,
  targets: row.targets.map((target) => presentTarget(target, pricing)),
  createdAt: row.createdAt.toISOString(),
});
