"use client";

import { X } from "lucide-react";
import { PickField } from "@/components/pick/pick-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { SuggestField } from "@/components/ui/suggest-field.tsx";
import type { ModelForm, TargetForm } from "./model-form.ts";
import { PriceText } from "./price-text.tsx";
import { TimeoutFields } from "./timeout-fields.tsx";
import { TARGET_TIMEOUTS } from "./timeouts-form.ts";
import { useCatalogueModels } from "./use-catalogue-models.ts";

/** Where an account names what it calls: deployments, inference profiles, endpoints. */
const NAMES_OWN: ReadonlySet<string | undefined> = new Set(["azure", "azure-dated", "bedrock", "vertex", "databricks"]);

interface Props {
  number: number;
  target: TargetForm;
  route: ModelForm["route"];
  errorOf: (field: string) => string | undefined;
  onChange: (part: Partial<TargetForm>) => void;
  onRemove: (() => void) | null;
}

export function TargetRow({ number, target, route, errorOf, onChange, onRemove }: Props) {
  const { credential } = target;
  const known = useCatalogueModels(credential?.provider);
  const priced = known.find(({ id }) => id === (target.baseModel || target.upstreamModel));
  const hasBaseModel = NAMES_OWN.has(credential?.provider) || target.baseModel !== "";
  const rank = route === "priority" ? "priority" : "weight";
  return (
    <div className="grid gap-3 rounded-md border border-line bg-sunken p-3">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_5rem_auto]">
        <PickField
          label="Provider"
          of="credential"
          value={credential?.id ?? ""}
          chosen={credential ? { value: credential.id, label: credential.name } : undefined}
          onChange={(id, { label, hint = "" }) => onChange({ credential: { id, name: label, provider: hint } })}
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
      {hasBaseModel ? (
        <SuggestField
          label="Base model"
          value={target.baseModel}
          onChange={(baseModel) => onChange({ baseModel })}
          suggestions={known.map(({ id }) => id)}
          spellCheck={false}
          autoComplete="off"
          placeholder="If the name above is not a model's"
          error={errorOf("baseModel")}
          hint="The model behind the name of a deployment, an inference profile or an endpoint. Its price and limits apply."
        />
      ) : null}
      <TimeoutFields
        value={target.timeouts}
        onChange={(timeouts) => onChange({ timeouts })}
        names={TARGET_TIMEOUTS}
        preset="The model's"
        errorOf={(name) => errorOf(`timeouts.${name}`)}
      />
    </div>
  );
}
