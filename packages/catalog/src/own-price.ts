import type { DatedPrice } from "@tollgate/contracts/grant";
import { type Price, type PriceQuery, priceFor, priceFromOverride } from "./price.ts";
import { perUnits, UNITS, type Units } from "./units.ts";

interface Step {
  fromMs: number;
  price: Price;
}

/** Lists are replaced, never changed. So an index that was made for a list is valid as long as the list exists. */
const known = perUnits(() => new WeakMap<readonly DatedPrice[], ReadonlyMap<string, readonly Step[]>>());

const keyOf = ({ provider, upstreamModel }: Pick<PriceQuery, "provider" | "upstreamModel">): string =>
  `${provider}\0${upstreamModel}`;

/** By model, latest first. */
function stepsOf(prices: readonly DatedPrice[], units: Units): ReadonlyMap<string, readonly Step[]> {
  let steps = known(units).get(prices);
  if (!steps) {
    const latestFirst = prices.toSorted((a, b) => b.fromMs - a.fromMs);
    const grouped = Map.groupBy(latestFirst, keyOf);
    steps = new Map(
      [...grouped].map(([key, group]) => [
        key,
        group.map((each) => ({ fromMs: each.fromMs, price: priceFromOverride(each, units) })),
      ]),
    );
    known(units).set(prices, steps);
  }
  return steps;
}

const ownPrice = (prices: readonly DatedPrice[], query: PriceQuery, units: Units): Price | undefined =>
  prices.length === 0
    ? undefined
    : stepsOf(prices, units)
        .get(keyOf(query))
        ?.find(({ fromMs }) => fromMs <= query.atMs)?.price;

/**
 * The price for an organisation at an instant: its own price if one applies, otherwise the library's. Null: unknown.
 */
export function priceWithin(prices: readonly DatedPrice[], query: PriceQuery, units = UNITS): Price | null {
  const base = baseOf(query);
  const own = ownPrice(prices, query, units) ?? (base && ownPrice(prices, base, units));
  return own ?? (base && priceFor(base)) ?? priceFor(query);
}

/** The price of the model behind a name. Null: the name is the model's. */
const baseOf = (query: PriceQuery): PriceQuery | null =>
  query.baseModel ? { ...query, upstreamModel: query.baseModel, baseModel: null } : null;

/**
 * The price of a call that another model than the one asked for answered, such as a snapshot or a model that a router chose.
 * An own price of either, or of the base model, comes first; then the catalogue's price of the model that answered, then of
 * the other.
 */
export function priceAnswered(
  prices: readonly DatedPrice[],
  query: PriceQuery,
  answeredModel: string | undefined,
  units = UNITS,
): Price | null {
  const base = baseOf(query);
  const isExpected = answeredModel === query.upstreamModel || answeredModel === base?.upstreamModel;
  if (answeredModel === undefined || isExpected) return priceWithin(prices, query, units);
  const answered = { ...query, upstreamModel: answeredModel };
  const own = ownPrice(prices, answered, units) ?? ownPrice(prices, query, units);
  return own ?? (base && ownPrice(prices, base, units)) ?? priceFor(answered) ?? priceWithin(prices, query, units);
}

/** Whether the organisation has an own price of this model. */
export const hasOwnPrice = (prices: readonly DatedPrice[], query: PriceQuery): boolean =>
  ownPrice(prices, query, UNITS) !== undefined;
