import { SERVICES } from "@tollgate/catalog/services";
import { UNITS } from "@tollgate/catalog/units";
import { parseUsd } from "@tollgate/contracts/money";
import { z } from "zod";
import { Instant, page, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";
import { UpstreamModel } from "../models/schemas.ts";

const PerMillion = z
  .string()
  .trim()
  .regex(/^\d{1,7}(\.\d{1,9})?$/, "dollars per million tokens, such as 2.50")
  .refine((text) => parseUsd(text) !== null, "dollars per million tokens, such as 2.50");

/** By the id of a unit, see `catalog/units`. */
export const UnitPrices = z.record(z.string(), z.string());

/** By the id of a service, see `catalog/services`. */
export const ServiceFactors = z.record(z.string(), z.string());

const FACTOR_MAX = 100;

const Factor = z
  .string()
  .trim()
  .regex(/^\d{1,3}(\.\d{1,6})?$/, "a factor of the price, such as 1.75")
  .refine((text) => Number(text) <= FACTOR_MAX, `at most ${FACTOR_MAX}`);

const ServiceFactorsInput = z.strictObject(Object.fromEntries(SERVICES.map(({ id }) => [id, Factor.optional()])));

/** One field for each unit that has no separate field in a price. */
const UnitPricesInput = z.strictObject(
  Object.fromEntries(UNITS.flatMap(({ id, own }) => (own ? [] : [[id, PerMillion.optional()]]))),
);

export const SetPrice = z.strictObject({
  /** A row of the provider catalogue. */
  provider: z.string().max(50),
  upstreamModel: UpstreamModel,
  /** When it begins. Default: now. It ends when the next one begins. */
  from: Instant.optional(),
  inputPerMillionUsd: PerMillion,
  outputPerMillionUsd: PerMillion,
  /** Null: the price of input. */
  cacheReadPerMillionUsd: PerMillion.nullable().default(null),
  cacheWritePerMillionUsd: PerMillion.nullable().default(null),
  /** Prices of other units, in dollars per thousand (searches, images) or per million (tokens, characters). */
  unitPricesUsd: UnitPricesInput.default({}),
  /**
   * What a call costs in a service tier, at a speed or in a region, as a factor of this price. Without one, the catalogue's
   * factor applies; if that has none either, such a call is unpriced.
   */
  serviceFactors: ServiceFactorsInput.default({}),
});

export const OwnPrice = z.object({
  id: z.uuid(),
  provider: z.string(),
  upstreamModel: z.string(),
  from: Time,
  inputPerMillionUsd: z.string(),
  outputPerMillionUsd: z.string(),
  cacheReadPerMillionUsd: z.string().nullable(),
  cacheWritePerMillionUsd: z.string().nullable(),
  unitPricesUsd: UnitPrices,
  serviceFactors: ServiceFactors,
  /** The version that its requests have. */
  version: z.string(),
  createdAt: Time,
});
export type OwnPrice = z.infer<typeof OwnPrice>;

export const PRICE_SORTS = ["upstreamModel", "from"] as const;

/** By model, latest first: `upstreamModel`. */
export const ListPrices = listInput(PRICE_SORTS, "upstreamModel", {
  provider: z.string().max(50).optional(),
  upstreamModel: UpstreamModel.optional(),
});

export const OwnPriceList = page(OwnPrice);
