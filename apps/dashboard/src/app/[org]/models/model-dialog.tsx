"use client";

import type { Model } from "@tollgate/control/models/schemas";
import { CheckboxField } from "@/components/ui/checkbox.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createModelAction, updateModelAction } from "./actions.ts";
import type { ModelChoices } from "./model-choices.ts";
import { emptyForm, formOf, inputOf } from "./model-form.ts";
import { TargetsField } from "./targets-field.tsx";
import { TimeoutFields } from "./timeout-fields.tsx";
import { MODEL_TIMEOUTS } from "./timeouts-form.ts";

interface Props {
  choices: ModelChoices;
  /** The one to edit. Without it a new one is added. */
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
  const save = (slug: string, input: ReturnType<typeof inputOf>): Promise<ActionResult<Model>> =>
    model ? updateModelAction(slug, { id: model.id, ...input }) : createModelAction(slug, input);
  const { form, field, errorOf, frame } = useOrgForm({
    start: () => (model ? formOf(model) : emptyForm(choices.first)),
    action: save,
    input: inputOf,
    done: ({ name }) => `${name} ${model ? "saved" : "added"}`,
    onDone: onClose,
  });
  const cache = CACHE.some(({ value }) => value === form.cacheTtlSeconds)
    ? CACHE
    : [...CACHE, { value: form.cacheTtlSeconds, label: `${form.cacheTtlSeconds} seconds` }];
  return (
    <FormDialog
      {...frame}
      wide
      title={model ? `Edit ${model.name}` : "Add model"}
      submit={model ? "Save" : "Add model"}
      onClose={onClose}
    >
      <TextField
        label="Name"
        {...field("name")}
        spellCheck={false}
        placeholder={form.targets[0]?.upstreamModel || "gpt-5-mini"}
        hint="What your apps send as the model. Empty: the upstream model of the first target."
        autoFocus={!model}
      />
      <TargetsField {...field("targets")} route={form.route} choices={choices} errorOf={errorOf} />
      <div className="grid gap-4 sm:grid-cols-3">
        <SelectField label="Route" {...field("route")} options={ROUTES} />
        <SelectField
          label="Cache"
          {...field("cacheTtlSeconds")}
          options={cache}
          hint="Exact repeats are served from the cache for free."
        />
        <TextField
          label="Max output tokens"
          inputMode="numeric"
          {...field("maxOutputTokens")}
          placeholder="The provider's"
        />
      </div>
      <CheckboxField
        label="Try the next target when a provider refuses the content"
        hint="Otherwise the caller gets the refusal. A prompt that is too long is always tried at a target with a larger context."
        checked={form.fallsBackOnRefusal}
        onChange={field("fallsBackOnRefusal").onChange}
      />
      <TimeoutFields
        {...field("timeouts")}
        names={MODEL_TIMEOUTS}
        preset="The gateway's"
        errorOf={(name) => errorOf(`timeouts.${name}`)}
      />
    </FormDialog>
  );
}
