"use client";

import { UNITS, type Unit } from "@tollgate/catalog/units";
import { TextField } from "@/components/ui/field.tsx";
import { formatCount } from "@/lib/format-count.ts";

interface Props {
  /** As typed, by unit. */
  prices: Readonly<Record<string, string>>;
  onChange: (unit: string, price: string) => void;
  errorOf: (unit: string) => string | undefined;
}

/** Units that have no field of their own in a price. */
const OTHERS = UNITS.filter(({ own }) => own === undefined);

const labelOf = ({ label, partOf, per }: Unit): string => {
  const whole = UNITS.find(({ id }) => id === partOf);
  return whole ? `${whole.label}: ${label}` : `${label}, per ${formatCount(per)}`;
};

/** Text for the price of a unit that has no own price. */
function withoutPrice(unit: Unit): string {
  if (unit.partOf !== undefined) return `As ${unit.pricedAs ?? unit.partOf}`;
  if (unit.insteadOf) return "Free if tokens have a price";
  return unit.freeWithoutPrice ? "Free" : "Unknown";
}

/** Prices of the units that few models have: one field for each row of the table of units. */
export const UnitPriceFields = ({ prices, onChange, errorOf }: Props) => (
  <details open={OTHERS.some(({ id }) => errorOf(id) !== undefined) || undefined}>
    <summary className="cursor-pointer text-sm text-soft">Other units</summary>
    <div className="mt-3 grid gap-4 sm:grid-cols-2">
      {OTHERS.map((unit) => (
        <TextField
          key={unit.id}
          label={labelOf(unit)}
          inputMode="decimal"
          value={prices[unit.id] ?? ""}
          onChange={(price) => onChange(unit.id, price)}
          error={errorOf(unit.id)}
          placeholder={withoutPrice(unit)}
        />
      ))}
    </div>
  </details>
);
