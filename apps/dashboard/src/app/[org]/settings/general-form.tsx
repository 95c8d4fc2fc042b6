"use client";

import type { Organisation } from "@tollgate/control/organisation/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { SuggestField } from "@/components/ui/suggest-field.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateOrganisationAction } from "./actions.ts";
import { SettingsForm } from "./settings-form.tsx";

interface Props {
  organisation: Organisation;
  timeZones: readonly string[];
}

const STYLES = [
  { value: "402", label: "402 budget_exceeded", hint: "SDKs do not retry" },
  { value: "429", label: "429 insufficient_quota", hint: "as OpenAI does" },
] as const;

const DIRECT = [
  { value: "off", label: "Off", hint: "only models of this organisation" },
  { value: "on", label: "On", hint: "with the only credential of a provider" },
] as const;

const KEPT = [
  { value: "on", label: "On", hint: "encrypted, for a limited time" },
  { value: "off", label: "Off", hint: "clients must send store: false" },
] as const;

export function GeneralForm({ organisation, timeZones }: Props) {
  const style: "402" | "429" = organisation.budgetErrorStatus === 402 ? "402" : "429";
  const { field, frame } = useOrgForm({
    start: {
      name: organisation.name,
      timeZone: organisation.timeZone,
      budgetErrorStatus: style,
      direct: organisation.directModels ? "on" : "off",
      kept: organisation.keepsResponses ? "on" : "off",
    },
    action: updateOrganisationAction,
    input: ({ budgetErrorStatus, direct, kept, ...rest }) => ({
      ...rest,
      directModels: direct === "on",
      keepsResponses: kept === "on",
      budgetErrorStatus: budgetErrorStatus === "402" ? (402 as const) : (429 as const),
    }),
    done: () => "Saved",
  });
  return (
    <SettingsForm
      {...frame}
      title="General"
      description="The name that members see, and the time zone in which windows start and days are summed."
    >
      <TextField label="Name" {...field("name")} />
      <SuggestField
        label="Time zone"
        {...field("timeZone")}
        suggestions={timeZones}
        hint="Pages use a new zone at once. A limit ends its open window first, then uses the new zone."
      />
      <SelectField label="Status when a budget is used up" {...field("budgetErrorStatus")} options={STYLES} />
      <SelectField
        label="Direct addressing"
        {...field("direct")}
        options={DIRECT}
        hint="Calls may name a provider and its model, such as openai/gpt-5-mini. Allow-lists apply to that name."
      />
      <SelectField
        label="Keep responses"
        {...field("kept")}
        options={KEPT}
        hint="For the Responses API in front of providers that store none, so that a later call can refer to an earlier response."
      />
    </SettingsForm>
  );
}
