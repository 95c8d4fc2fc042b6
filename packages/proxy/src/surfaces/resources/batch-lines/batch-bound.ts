import { FREE, type Price } from "@tollgate/catalog/price";
import { highestFactor } from "@tollgate/catalog/services";
import type { Candidate } from "../../../call.ts";
import type { AskedService } from "../../../wires/wire.ts";
import type { CheckedLine } from "./line-check.ts";

/** The highest price of a line of a batch: the discount of batches, times the most that its region or speed may cost. */
export function batchHoldPrice({ price, services }: Candidate, service: AskedService | undefined): Price | null {
  if (price === null || price === FREE) return price;
  const { speed = null, region = null, isRegionOpen = true } = service ?? {};
  const named = [...services, speed, region].filter((each) => each !== null);
  const factor = highestFactor(price.services, { named, isTierOpen: false, isRegionOpen });
  const batch = price.services.of("batch");
  return batch === null || factor === null ? null : price.times(batch * factor);
}

/** The most that all lines of a batch can use. */
export class BatchBound {
  input = 0;
  output = 0;
  /** nano-USD; null: the price of a line is unknown. */
  costNano: bigint | null = 0n;
  /** The first field that asks for a service whose price is unknown; null: there is none. */
  unpricedField: string | null = null;

  add({ bound, service, unpricedField }: CheckedLine, candidate: Candidate): void {
    this.input += bound.input;
    this.output += bound.output;
    this.unpricedField ??= unpricedField;
    const cost = batchHoldPrice(candidate, service)?.maxCost(bound) ?? null;
    this.costNano = cost === null || this.costNano === null ? null : this.costNano + cost;
  }
}
