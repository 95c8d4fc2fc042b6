import { knownModel } from "@tollgate/catalog/models";
import { priceWithin } from "@tollgate/catalog/own-price";
import type { DatedPrice } from "@tollgate/contracts/grant";
import { ModelTimeouts, TargetTimeouts } from "@tollgate/contracts/timeouts";
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

/** Data for the price of a target, and what was learnt about it. */
export interface Pricing {
  differences: readonly Prisma.LearntDifferenceGetPayload<object>[];
  prices: readonly DatedPrice[];
  atMs: number;
}

function presentTarget(row: Row["targets"][number], { prices, differences, atMs }: Pricing): z.infer<typeof Target> {
  const { name, provider } = row.credential;
  const { upstreamModel, baseModel } = row;
  const price = priceWithin(prices, { provider, upstreamModel, baseModel, atMs });
  const [input, output] = [decimal(price?.inputPerMillionUsd ?? null), decimal(price?.outputPerMillionUsd ?? null)];
  const own = prices.some(({ version }) => version === price?.version);
  return {
    id: row.id,
    credentialId: row.credentialId,
    credentialName: name,
    provider,
    upstreamModel,
    baseModel,
    priority: row.priority,
    weight: row.weight,
    timeouts: TargetTimeouts.parse(row.timeouts ?? {}),
    price: input !== null && output !== null ? { inputPerMillionUsd: input, outputPerMillionUsd: output, own } : null,
    contextTokens: knownModel(provider, baseModel ?? upstreamModel, atMs).contextWindow,
    differences: differences
      .filter((each) => each.credentialId === row.credentialId && each.upstreamModel === upstreamModel)
      .map(({ field, sentAs, learntAt }) => ({ field, sentAs, learntAt: learntAt.toISOString() })),
  };
}

/** Data for the prices and differences of these models' targets. */
export const pricingOf = async (tx: Tx, { orgId, services }: Context, rows: readonly Row[]): Promise<Pricing> => {
  const targets = rows.flatMap((row) => row.targets);
  const upstreamModels = [...new Set(targets.map(({ upstreamModel }) => upstreamModel))];
  const baseModels = targets.flatMap(({ baseModel }) => baseModel ?? []);
  const credentialIds = [...new Set(targets.map(({ credentialId }) => credentialId))];
  const differences = await tx.learntDifference.findMany({
    where: { orgId, credentialId: { in: credentialIds }, upstreamModel: { in: upstreamModels } },
    orderBy: { field: "asc" },
  });
  const prices = await ownPrices(tx, orgId, [...new Set([...upstreamModels, ...baseModels])]);
  return { prices, differences, atMs: services.now() };
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
  timeouts: ModelTimeouts.parse(row.timeouts ?? {}),
  fallsBackOnRefusal: row.fallsBackOnRefusal,
  targets: row.targets.map((target) => presentTarget(target, pricing)),
  createdAt: row.createdAt.toISOString(),
});
