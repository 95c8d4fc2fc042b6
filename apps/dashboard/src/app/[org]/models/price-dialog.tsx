"use client";

import type { Model } from "@tollgate/control/models/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { setPriceAction } from "./actions.ts";
import { OwnPrices } from "./own-prices.tsx";
import { priceFormOf, priceInputOf } from "./price-form.ts";
import { ServiceFactorFields } from "./service-factor-fields.tsx";
import { UnitPriceFields } from "./unit-price-fields.tsx";

interface Props {
  model: Model;
  onClose: () => void;
}

/** Sets the organisation's own price of a target from a day on. It replaces the catalogue's price. */
export function PriceDialog({ model, onClose }: Props) {
  const { form, set, field, errorOf, frame } = useOrgForm({
    start: () => priceFormOf(model),
    action: setPriceAction,
    input: (form) => priceInputOf(form, model),
    done: () => `Price of ${model.name} saved`,
    onDone: onClose,
  });
  const target = model.targets.find(({ id }) => id === form.target);
  const amount = (name: "input" | "output" | "cacheRead" | "cacheWrite", label: string, placeholder?: string) => (
    <TextField
      label={label}
      inputMode="decimal"
      {...field(name)}
      error={errorOf(`${name}PerMillionUsd`)}
      placeholder={placeholder}
    />
  );
  return (
    <FormDialog {...frame} wide title={`Price of ${model.name}`} submit="Set price" onClose={onClose}>
      <SelectField
        label="Target"
        {...field("target")}
        options={model.targets.map((each) => ({
          value: each.id,
          label: `${each.credentialName} ${each.upstreamModel}`,
        }))}
        error={errorOf("provider") ?? errorOf("upstreamModel")}
        hint="US dollars per million tokens, for every credential of this provider."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {amount("input", "Input")}
        {amount("output", "Output")}
        {amount("cacheRead", "Cache read", "As input")}
        {amount("cacheWrite", "Cache write", "As input")}
      </div>
      <UnitPriceFields
        prices={form.units}
        onChange={(unit, price) => set({ units: { ...form.units, [unit]: price } })}
        errorOf={(unit) => errorOf(`unitPricesUsd.${unit}`)}
      />
      <ServiceFactorFields
        factors={form.services}
        onChange={(service, factor) => set({ services: { ...form.services, [service]: factor } })}
        errorOf={(service) => errorOf(`serviceFactors.${service}`)}
      />
      <TextField
        label="From"
        type="date"
        {...field("from")}
        hint="The start of this day in UTC. Empty: from now on. Earlier calls keep their price."
      />
      {target ? <OwnPrices provider={target.provider} upstreamModel={target.upstreamModel} /> : null}
    </FormDialog>
  );
}
