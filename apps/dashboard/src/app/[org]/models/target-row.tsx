"use client";

import { X } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { SuggestField } from "@/components/ui/suggest-field.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import type { ModelChoices } from "./model-choices.ts";
import type { ModelForm, TargetForm } from "./model-form.ts";
import { PriceText } from "./price-text.tsx";

interface Props {
  number: number;
  target: TargetForm;
  route: ModelForm["route"];
  choices: ModelChoices;
  errorOf: (field: string) => string | undefined;
  onChange: (part: Partial<TargetForm>) => void;
  onRemove: (() => void) | null;
}

export function TargetRow({ number, target, route, choices, errorOf, onChange, onRemove }: Props) {
  const credential = choices.credentials.find(({ id }) => id === target.credentialId);
  const known = choices.suggestions[credential?.provider ?? ""] ?? [];
  const priced = known.find(({ id }) => id === target.upstreamModel);
  const rank = route === "priority" ? "priority" : "weight";
  return (
    <div className="grid gap-3 rounded-md border border-line bg-sunken p-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_5rem_auto]">
        <SelectField
          label="Provider"
          value={target.credentialId}
          onChange={(credentialId) => onChange({ credentialId })}
          options={optionsOf(choices.credentials)}
          error={errorOf("credentialId")}
        />
        <SuggestField
          label="Upstream model"
          value={target.upstreamModel}
          onChange={(upstreamModel) => onChange({ upstreamModel })}
          suggestions={known.map(({ id }) => id)}
          spellCheck={false}
          autoComplete="off"
          placeholder="The provider's name for it"
          error={errorOf("upstreamModel")}
          hint={priced ? <PriceText price={priced} /> : "The price comes from the catalogue if it is known there."}
        />
        <TextField
          label={rank === "priority" ? "Order" : "Weight"}
          inputMode="numeric"
          value={target[rank]}
          onChange={(value) => onChange({ [rank]: value })}
          error={errorOf(rank)}
        />
        {onRemove ? (
          <Button
            look="ghost"
            size="icon"
            aria-label={`Remove target ${number}`}
            onClick={onRemove}
            className="sm:mt-6.5"
          >
            <X aria-hidden />
          </Button>
        ) : null}
      </div>
    </div>
  );
}
