import { priceAnswered } from "@tollgate/catalog/own-price";
import { FREE, type PriceQuery, priceServed } from "@tollgate/catalog/price";
import { BATCH } from "@tollgate/catalog/services";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Use } from "@tollgate/contracts/usage-event";
import type { StoredObject } from "../../wires/stored-objects.ts";
import { readUsage, type UsageReader } from "../../wires/usage/read-usage.ts";

interface Priced {
  query: PriceQuery;
  /** The organisation's own prices of the model. */
  prices: readonly DatedPrice[];
  /** Services of all calls with the credential, such as a region. */
  services: readonly string[];
}

/** What the lines of a batch used together. Each line is priced alone, because long calls have another price. */
export class LineSum {
  readonly use: Use = { input: 0, output: 0 };
  costNano: bigint | null = 0n;
  done = 0;
  failed = 0;
  /** Lines whose usage looks wrong. */
  suspect = 0;
  /** Lines with an answer and no usage. What they cost is not known. */
  unreported = 0;
  readonly #priced: Priced;

  constructor(priced: Priced) {
    this.#priced = priced;
  }

  /** A line with the model's answer. */
  add(answer: StoredObject, reader: UsageReader): void {
    this.done += 1;
    const report = readUsage(reader.read, reader.find(answer));
    if (!report) {
      this.unreported += 1;
      return;
    }
    if (report.flags.length > 0) this.suspect += 1;
    const searches = report.use.searches || (reader.searches?.(answer) ?? 0);
    const use = searches > 0 ? { ...report.use, searches } : report.use;
    for (const [unit, amount] of Object.entries(use)) {
      if (amount) this.use[unit] = (this.use[unit] ?? 0) + amount;
    }
    const cost = this.#costOf(answer, reader, use);
    this.costNano = cost === null || this.costNano === null ? null : this.costNano + cost;
  }

  #costOf(answer: StoredObject, reader: UsageReader, use: Use): bigint | null {
    const { query, prices, services } = this.#priced;
    const { model, region, speed } = reader.told?.(reader.find(answer) as StoredObject, answer) ?? {};
    const price = priceAnswered(prices, query, model);
    if (price === null || price === FREE) return price?.cost(use) ?? null;
    const named = [region, speed].filter((each) => each !== undefined && each !== null);
    return priceServed(price, [...new Set([...services, ...BATCH, ...named])])?.cost(use) ?? null;
  }
}
