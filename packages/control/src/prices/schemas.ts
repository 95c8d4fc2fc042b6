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
