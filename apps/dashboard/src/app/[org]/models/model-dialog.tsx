"use client";

import type { Model } from "@tollgate/control/models/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { createModelAction, updateModelAction } from "./actions.ts";
import type { ModelChoices } from "./model-choices.ts";
import { emptyForm, formOf, inputOf, type ModelForm } from "./model-form.ts";
import { TargetsField } from "./targets-field.tsx";

interface Props {
  choices: ModelChoices;
  /** The one to edit; a new one without. */
  model?: Model;
  onClose: () => void;
}

const ROUTES = [
  { value: "priority", label: "In order", hint: "the next when one fails" },
  { value: "weighted", label: "By weight", hint: "spread over targets" },
] as const;

const CACHE = [
  { value: "0", label: "Off" },
  { value: "60", label: "1 minute" },
  { value: "300", label: "5 minutes" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
];

export function ModelDialog({ choices, model, onClose }: Props) {
  const [form, setForm] = useState(() => (model ? formOf(model) : emptyForm(choices.credentials[0]?.id ?? "")));
  const set = (part: Partial<ModelForm>) => setForm({ ...form, ...part });
  const save = (slug: string, input: ReturnType<typeof inputOf>): Promise<ActionResult<Model>> =>
    model ? updateModelAction(slug, { id: model.id, ...input }) : createModelAction(slug, input);
  const { run, pending, message, fields } = useOrgAction(save, (saved) => {
    toast.success(`${saved.name} ${model ? "saved" : "added"}`);
    onClose();
  });
  const cache = CACHE.some(({ value }) => value === form.cacheTtlSeconds)
    ? CACHE
    : [...CACHE, { value: form.cacheTtlSeconds, label: `${form.cacheTtlSeconds} seconds` }];
  return (
    <FormDialog
      open
      wide
      onOpenChange={onClose}
      title={model ? `Edit ${model.name}` : "Add model"}
      submit={model ? "Save" : "Add model"}
      pending={pending}
      message={message}
      onSubmit={() => run(inputOf(form))}
    >
      <TextField
        label="Name"
        value={form.name}
        onChange={(name) => set({ name })}
        error={fields.name}
        spellCheck={false}
        placeholder={form.targets[0]?.upstreamModel || "gpt-5-mini"}
        hint="What your apps send as the model. Empty: the first target's own name."
        autoFocus={!model}
      />
      <TargetsField
        targets={form.targets}
        route={form.route}
        onChange={(targets) => set({ targets })}
        choices={choices}
        errors={fields}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <SelectField
          label="Route"
          value={form.route}
          onChange={(route) => set({ route })}
          options={ROUTES}
          error={fields.route}
        />
        <SelectField
          label="Cache"
          value={form.cacheTtlSeconds}
          onChange={(cacheTtlSeconds) => set({ cacheTtlSeconds })}
          options={cache}
          error={fields.cacheTtlSeconds}
          hint="Serves exact repeats for free."
        />
        <TextField
          label="Max output tokens"
          inputMode="numeric"
          value={form.maxOutputTokens}
          onChange={(maxOutputTokens) => set({ maxOutputTokens })}
          error={fields.maxOutputTokens}
          placeholder="The provider's"
        />
      </div>
    </FormDialog>
  );
}
