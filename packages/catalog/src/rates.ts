import type { Use } from "@tollgate/contracts/usage-event";
import { partsOf, perUnits, UNITS, type Unit, type Units, wholesOf } from "./units.ts";

/** Dollars per `unit.per`; a step applies to the whole call once its input exceeds `above` tokens. */
export type Rate = number | { base: number; steps: readonly { above: number; price: number }[] };

interface PartRate {
  id: string;
  /** Its place in the table of units. */
  place: number;
  rate: Rate;
}

interface WholeRate {
  id: string;
  place: number;
  rate: Rate;
  /** In the order in which they get their share of the whole. */
  parts: readonly PartRate[];
  /** In the order in which they are added up: that of the table. */
  added: readonly PartRate[];
}

/** The price of each unit. A part without a price of its own costs what its whole costs, which is filled in here already. */
export interface Rates {
  perMillion: readonly WholeRate[];
  perThousand: readonly WholeRate[];
  /** Dollars per thousand calls, whatever they use. */
  requestsPerThousand: number;
  /** Places of the units whose price is unknown, and so is the cost of a call that used one. */
  unpriced: readonly number[];
  /** All units without a price, those included that are charged nothing then: nothing can be held for them. */
  unknown: readonly string[];
  places: ReadonlyMap<string, number>;
}

/**
 * The most a call may use, by unit, all choices together. A part that is absent may be all of its whole, so that a unit
 * that a wire does not know is not left out; any other unit that is absent is not used.
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

/** `rateOf` says the price of one unit, or undefined where it has none of its own. */
export function ratesOf(units: Units, rateOf: (unit: Unit) => Rate | undefined, requestsPerThousand: number): Rates {
  const places = placesOf(units);
  const placeOf = ({ id }: Unit): number => places.get(id) as number;
  const unpriced: number[] = [];
  const unknown: string[] = [];
  const rated = ({ unit, parts }: ReturnType<typeof outline>["million"][number]): WholeRate => {
    const own = rateOf(unit);
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

const dearest = (rate: Rate, inputTokens: number): number => {
  if (typeof rate === "number") return rate;
  return rate.steps.reduce((max, step) => (inputTokens > step.above ? Math.max(max, step.price) : max), rate.base);
};

/**
 * Amount × price of these units. Adds one term after another, so that the sum does not depend on units that were not used.
 * Providers do not say how parts of two kinds overlap: what cannot be apart from an earlier part is charged as that.
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

/** Amounts by place, of one use at a time: reading each unit of the table from a use by its name takes three times as long. */
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
 * nano-USD as a float: one dollar per million tokens is a thousand nano a token. The caller rounds, once. Null: the price of
 * a unit that was used is unknown.
 */
export function costOf(rates: Rates, use: Use): number | null {
  const amounts = amountsOf(use, rates.places);
  for (const place of rates.unpriced) if (amounts[place] !== 0) return null;
  const perThousand = sumOf(rates.perThousand, amounts, use.input) + rates.requestsPerThousand;
  return sumOf(rates.perMillion, amounts, use.input) * 1e3 + perThousand * 1e6;
}

/** The most that so much of a whole can cost: its dearest parts take as much of it as they may, what is left is charged as itself. */
function dearestOf({ rate, parts }: WholeRate, amount: number, bound: UsageBound): number {
  const own = dearest(rate, bound.input);
  let sum = 0;
  let left = amount;
  let below = Number.POSITIVE_INFINITY;
  while (left > 0) {
    let most = own;
    let share = left;
    for (const part of parts) {
      const price = dearest(part.rate, bound.input);
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
    if (amount) sum += dearestOf(whole, amount, bound);
  }
  return sum;
}

/** A unit that the call may use and whose price is unknown; null: there is none. */
export function unknownUnit({ unknown }: Rates, bound: UsageBound): string | null {
  for (const id of unknown) if (bound[id]) return id;
  return null;
}

/** Never below `costOf` of any use within the bound; nano-USD as a float. Null: the price of a unit of it is unknown. */
export function maxCostOf(rates: Rates, bound: UsageBound): number | null {
  if (unknownUnit(rates, bound) !== null) return null;
  const perThousand = boundOf(rates.perThousand, bound) + rates.requestsPerThousand;
  return boundOf(rates.perMillion, bound) * 1e3 + perThousand * 1e6;
}
