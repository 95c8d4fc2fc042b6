"use client";

import { SERVICES } from "@tollgate/catalog/services";
import { TextField } from "@/components/ui/field.tsx";

interface Props {
  /** As typed, by service. */
  factors: Readonly<Record<string, string>>;
  onChange: (service: string, factor: string) => void;
  errorOf: (service: string) => string | undefined;
}

/** Factors of a price for calls that are not served in the standard way: one field for each service. */
export const ServiceFactorFields = ({ factors, onChange, errorOf }: Props) => (
  <details open={SERVICES.some(({ id }) => errorOf(id) !== undefined) || undefined}>
    <summary className="cursor-pointer text-sm text-soft">Service tiers, speeds and regions</summary>
    <p className="mt-2 text-soft text-xs">
      A factor of the price of tokens, such as 1.75. Without one, the catalogue's factor applies; if it has none, such a
      call is unpriced.
    </p>
    <div className="mt-3 grid gap-4 sm:grid-cols-2">
      {SERVICES.map(({ id, label }) => (
        <TextField
          key={id}
          label={label}
          inputMode="decimal"
          value={factors[id] ?? ""}
          onChange={(factor) => onChange(id, factor)}
          error={errorOf(id)}
          placeholder="Catalogue"
        />
      ))}
    </div>
  </details>
);
