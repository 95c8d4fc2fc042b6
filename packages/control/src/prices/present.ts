import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Prisma } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { type OwnPrice, ServiceFactors, UnitPrices } from "./schemas.ts";

type Row = Prisma.PriceOverrideGetPayload<object>;

/** Same as in the directory's view. */
const versionOf = (id: string): string => `own:${id}`;

export const presentPrice = (row: Row): OwnPrice => ({
  id: row.id,
  provider: row.provider,
  upstreamModel: row.upstreamModel,
  from: row.since.toISOString(),
  inputPerMillionUsd: row.inputPerMillion,
  outputPerMillionUsd: row.outputPerMillion,
  cacheReadPerMillionUsd: row.cacheReadPerMillion,
  cacheWritePerMillionUsd: row.cacheWritePerMillion,
  unitPricesUsd: UnitPrices.parse(row.units ?? {}),
  serviceFactors: ServiceFactors.parse(row.services ?? {}),
  version: versionOf(row.id),
  createdAt: row.createdAt.toISOString(),
});

/** In the form in which the catalogue looks it up. */
export const datedPrice = ({
  id,
  provider,
  upstreamModel,
  since,
  ...row
}: Omit<Row, "orgId" | "createdAt">): DatedPrice => ({
  provider,
  upstreamModel,
  fromMs: since.getTime(),
  inputPerMillion: row.inputPerMillion,
  outputPerMillion: row.outputPerMillion,
  ...(row.cacheReadPerMillion === null ? {} : { cacheReadPerMillion: row.cacheReadPerMillion }),
  ...(row.cacheWritePerMillion === null ? {} : { cacheWritePerMillion: row.cacheWritePerMillion }),
  ...(row.units === null ? {} : { units: UnitPrices.parse(row.units) }),
  ...(row.services === null ? {} : { services: ServiceFactors.parse(row.services) }),
  version: versionOf(id),
});

/** An organisation's own prices of these upstream models. */
export async function ownPrices(tx: Tx, orgId: string, upstreamModels: readonly string[]): Promise<DatedPrice[]> {
  const rows = await tx.priceOverride.findMany({ where: { orgId, upstreamModel: { in: [...upstreamModels] } } });
  return rows.map(datedPrice);
}
