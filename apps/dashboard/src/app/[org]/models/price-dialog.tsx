"use client";

import type { Model } from "@tollgate/control/models/schemas";
import type { OwnPrice } from "@tollgate/control/prices/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { setPriceAction } from "./actions.ts";
import { OwnPrices } from "./own-prices.tsx";
import { type PriceForm, priceFormOf, priceInputOf } from "./price-form.ts";

interface Props {
  model: Model;
  prices: readonly OwnPrice[];
  onClose: () => void;
}

/** What the organisation pays for a target instead of the catalogue's price, from a day on. */
export function PriceDialog({ model, prices, onClose }: Props) {
  const [form, setForm] = useState(() => priceFormOf(model));
  const set = (part: Partial<PriceForm>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useOrgAction(setPriceAction, () => {
    toast.success(`Price of ${model.name} saved`);
    onClose();
  });
  const target = model.targets.find(({ id }) => id === form.target);
  const own = prices.filter(
    (each) => each.provider === target?.provider && each.upstreamModel === target.upstreamModel,
  );
  const amount = (name: "input" | "output" | "cacheRead" | "cacheWrite", label: string, placeholder?: string) => (
    <TextField
      label={label}
      inputMode="decimal"
      value={form[name]}
      onChange={(value) => set({ [name]: value })}
      error={fields[`${name}PerMillionUsd`]}
      placeholder={placeholder}
    />
  );
  return (
    <FormDialog
      open
      wide
      onOpenChange={onClose}
      title={`Price of ${model.name}`}
      submit="Set price"
      pending={pending}
      message={message}
      onSubmit={() => run(priceInputOf(form, model))}
    >
      <SelectField
        label="Target"
        value={form.target}
        onChange={(id) => set({ target: id })}
        options={model.targets.map((each) => ({
          value: each.id,
          label: `${each.credentialName} ${each.upstreamModel}`,
        }))}
        error={fields.provider ?? fields.upstreamModel}
        hint="For every credential of this provider. In dollars per million tokens."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {amount("input", "Input")}
        {amount("output", "Output")}
        {amount("cacheRead", "Cache read", "As input")}
        {amount("cacheWrite", "Cache write", "As input")}
      </div>
      <TextField
        label="From"
        type="date"
        value={form.from}
        onChange={(from) => set({ from })}
        error={fields.from}
        hint="Midnight UTC; empty: from now on. Calls before it keep the price they had."
      />
      <OwnPrices prices={own} />
    </FormDialog>
  );
}
