import type { Use } from "@tollgate/contracts/usage-event";
import { partsOf, perUnits, UNITS, type Unit, type Units, wholesOf } from "./units.ts";

/** Dollars per `unit.per`. If the input exceeds `above` tokens, the price of that step applies to the whole call. */
export type Rate = number | { base: number; steps: readonly { above: number; price: number }[] };

interface PartRate {
  id: string;
  /** Its index in the table of units. */
  place: number;
  rate: Rate;
}

interface WholeRate {
  id: string;
  place: number;
  rate: Rate;
  /** In the order in which they take their share of the whole. */
  parts: readonly PartRate[];
  /** In the order in which their costs are added: the order of the table. */
  added: readonly PartRate[];
}

/** The price of each unit. A part without its own price has the price of its whole here. */
export interface Rates {
  perMillion: readonly WholeRate[];
  perThousand: readonly WholeRate[];
  /** Dollars per thousand calls, independent of usage. */
  requestsPerThousand: number;
  /** Places of the units whose price is unknown. The cost of a call that used one is unknown too. */
  unpriced: readonly number[];
  /** All units without a price, including those that are then free: nothing can be held for them. */
  unknown: readonly string[];
  places: ReadonlyMap<string, number>;
}

/**
 * Upper bounds of what a call may use, by unit, for all choices together. A part that is absent may be as large as its
 * whole, so that a unit that a wire does not know is included. Any other unit that is absent is not used.
 */
export type UsageBound = Readonly<Use>;

const outline = perUnits((units) => {
  const wholes = wholesOf(units).map((unit) => ({ unit, parts: partsOf(units, unit.id) }));
  return {
    million: wholes.filter(({ unit }) => unit.per === 1_000_000),
    thousand: wholes.filter(({ unit }) => unit.per === 1_000),
  };
});

const placesOf = perUnits((units) => new Map(units.map(({ id }, place) => [id, place])));

/** `rateOf` returns the price of one unit; undefined: the unit has no price of its own. */
export function ratesOf(units: Units, rateOf: (unit: Unit) => Rate | undefined, requestsPerThousand: number): Rates {
  const places = placesOf(units);
  const placeOf = ({ id }: Unit): number => places.get(id) as number;
  const unpriced: number[] = [];
  const unknown: string[] = [];
  const isCharged = (id: string): boolean => {
    const unit = units.find((each) => each.id === id);
    const rate = unit && rateOf(unit);
    return typeof rate === "number" ? rate > 0 : rate !== undefined;
  };
  const rated = ({ unit, parts }: ReturnType<typeof outline>["million"][number]): WholeRate => {
    const own = rateOf(unit) ?? (unit.insteadOf?.some(isCharged) ? 0 : undefined);
    if (own === undefined) unknown.push(unit.id);
    if (own === undefined && !unit.freeWithoutPrice) unpriced.push(placeOf(unit));
    const known = new Map<string, Rate>([[unit.id, own ?? 0]]);
    for (const part of parts) known.set(part.id, rateOf(part) ?? known.get(part.pricedAs ?? unit.id) ?? 0);
    const priced = parts.map((part) => ({ id: part.id, place: placeOf(part), rate: known.get(part.id) ?? 0 }));
    const added = priced.toSorted((a, b) => a.place - b.place);
    return { id: unit.id, place: placeOf(unit), rate: own ?? 0, parts: priced, added };
  };
  const isFree = ({ rate, parts }: WholeRate): boolean => rate === 0 && parts.every((part) => part.rate === 0);
  const { million, thousand } = outline(units);
  const [perMillion, perThousand] = [million.map(rated), thousand.map(rated)];
  return {
    perMillion: perMillion.filter((whole) => !isFree(whole)),
    perThousand: perThousand.filter((whole) => !isFree(whole)),
    requestsPerThousand,
    unpriced,
    unknown,
    places,
  };
}

const at = (rate: Rate, inputTokens: number): number => {
  if (typeof rate === "number") return rate;
  let price = rate.base;
  for (const step of rate.steps) if (inputTokens > step.above) price = step.price;
  return price;
};

const highestPrice = (rate: Rate, inputTokens: number): number => {
  if (typeof rate === "number") return rate;
  return rate.steps.reduce((max, step) => (inputTokens > step.above ? Math.max(max, step.price) : max), rate.base);
};

/**
 * Amount × price of these units. Adds the terms one by one, so that the sum does not depend on units that were not used.
 * Providers do not say how parts of two kinds overlap. Tokens that may belong to two parts are charged as the first.
 */
function sumOf(wholes: readonly WholeRate[], amounts: Float64Array, inputTokens: number): number {
  let sum = 0;
  for (const { place, rate, parts, added } of wholes) {
    const amount = amounts[place] as number;
    if (amount === 0) continue;
    let left = amount;
    for (const part of parts) {
      const share = Math.min(amounts[part.place] as number, left);
      amounts[part.place] = share;
      left -= share;
    }
    sum += left * at(rate, inputTokens);
    if (left === amount) continue;
    for (const { place, rate } of added) {
      const share = amounts[place] as number;
      if (share > 0) sum += share * at(rate, inputTokens);
    }
  }
  return sum;
}

/** The amounts of one use at a time, by place. Reading each unit of the table by its name would take three times as long. */
let used = new Float64Array(UNITS.length);

function amountsOf(use: Use, places: ReadonlyMap<string, number>): Float64Array {
  if (used.length < places.size) used = new Float64Array(places.size);
  used.fill(0);
  for (const unit in use) {
    const amount = use[unit];
    const place = amount ? places.get(unit) : undefined;
    if (amount && place !== undefined) used[place] = amount;
  }
  return used;
}

/**
 * nano-USD as a float: one dollar per million tokens is a thousand nano-USD per token. The caller rounds once. `factor`
 * applies to all units with a price per million. Null: the price of a unit that was used is unknown.
 */
export function costOf(rates: Rates, use: Use, factor: number): number | null {
  const amounts = amountsOf(use, rates.places);
  for (const place of rates.unpriced) if (amounts[place] !== 0) return null;
  const perThousand = sumOf(rates.perThousand, amounts, use.input) + rates.requestsPerThousand;
  return sumOf(rates.perMillion, amounts, use.input) * 1e3 * factor + perThousand * 1e6;
}

/** The highest possible cost of an amount of a whole: the most expensive parts take as much as they can, the rest has the whole's price. */
function highestCostOf({ rate, parts }: WholeRate, amount: number, bound: UsageBound): number {
  const own = highestPrice(rate, bound.input);
  let sum = 0;
  let left = amount;
  let below = Number.POSITIVE_INFINITY;
  while (left > 0) {
    let most = own;
    let share = left;
    for (const part of parts) {
      const price = highestPrice(part.rate, bound.input);
      if (price <= own || price < most || price >= below) continue;
      share = (price === most ? share : 0) + (bound[part.id] ?? amount);
      most = price;
    }
    share = Math.min(share, left);
    sum += share * most;
    left -= share;
    below = most;
  }
  return sum;
}

function boundOf(wholes: readonly WholeRate[], bound: UsageBound): number {
  let sum = 0;
  for (const whole of wholes) {
    const amount = bound[whole.id];
    if (amount) sum += highestCostOf(whole, amount, bound);
  }
  return sum;
}

/** A unit that the call may use and whose price is unknown; null if there is none. */
export function unknownUnit({ unknown }: Rates, bound: UsageBound): string | null {
  for (const id of unknown) if (bound[id]) return id;
  return null;
}

/** nano-USD as a float. Never less than `costOf` for any use within the bound. Null: it has a unit whose price is unknown. */
export function maxCostOf(rates: Rates, bound: UsageBound, factor: number): number | null {
  if (unknownUnit(rates, bound) !== null) return null;
  const perThousand = boundOf(rates.perThousand, bound) + rates.requestsPerThousand;
  return boundOf(rates.perMillion, bound) * 1e3 * factor + perThousand * 1e6;
}
