"use client";

import { X } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field, SelectField, TextField } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { ModelChoices } from "./model-choices.ts";
import type { ModelForm, TargetForm } from "./model-form.ts";
import { PriceText } from "./price-text.tsx";

interface Props {
  number: number;
  target: TargetForm;
  route: ModelForm["route"];
  choices: ModelChoices;
  error: (field: string) => string | undefined;
  onChange: (part: Partial<TargetForm>) => void;
  onRemove: (() => void) | null;
}

export function TargetRow({ number, target, route, choices, error, onChange, onRemove }: Props) {
  const list = useId();
  const credential = choices.credentials.find(({ id }) => id === target.credentialId);
  const known = choices.suggestions[credential?.provider ?? ""] ?? [];
  const priced = known.find(({ id }) => id === target.upstreamModel);
  return (
    <div className="grid gap-3 rounded-md border border-line bg-sunken p-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_5rem_auto]">
        <SelectField
          label="Provider"
          value={target.credentialId}
          onChange={(credentialId) => onChange({ credentialId })}
          options={choices.credentials.map(({ id, name }) => ({ value: id, label: name }))}
          error={error("credentialId")}
        />
        <Field
          label="Upstream model"
          error={error("upstreamModel")}
          hint={priced ? <PriceText price={priced} /> : "Its price is taken from the catalogue when known."}
        >
          {(control) => (
            <>
              <Input
                {...control}
                list={list}
                spellCheck={false}
                autoComplete="off"
                value={target.upstreamModel}
                onChange={(event) => onChange({ upstreamModel: event.target.value })}
                placeholder="As the provider calls it"
              />
              <datalist id={list}>
                {known.map(({ id }) => (
                  <option key={id} value={id} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        {route === "priority" ? (
          <TextField
            label="Order"
            inputMode="numeric"
            value={target.priority}
            onChange={(priority) => onChange({ priority })}
            error={error("priority")}
          />
        ) : (
          <TextField
            label="Weight"
            inputMode="numeric"
            value={target.weight}
            onChange={(weight) => onChange({ weight })}
            error={error("weight")}
          />
        )}
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
