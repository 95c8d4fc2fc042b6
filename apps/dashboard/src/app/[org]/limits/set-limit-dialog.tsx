"use client";

import type { LimitMode, LimitScope, LimitUnit, LimitWindow } from "@tollgate/contracts/limit";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { setLimitAction } from "./actions.ts";
import type { LimitChoices } from "./limit-choices.ts";
import { MODES, SCOPES, UNITS, WINDOWS } from "./limit-options.ts";
import { SubjectField } from "./subject-field.tsx";
import { percentages, ThresholdsField } from "./thresholds-field.tsx";

interface Props {
  choices: LimitChoices;
  onClose: () => void;
}

interface Form {
  scope: LimitScope;
  subject: string;
  unit: LimitUnit;
  window: LimitWindow;
  amount: string;
  mode: LimitMode;
  thresholds: string[];
}

const START: Form = {
  scope: "organisation",
  subject: "",
  unit: "usd",
  window: "month",
  amount: "",
  mode: "block",
  thresholds: ["80", "100"],
};

const inputOf = ({ subject, ...form }: Form) => ({
  ...form,
  subject: subject.trim() || null,
  // Calls under way have no window, and no sum to take a share of.
  window: form.unit === "concurrent" ? ("total" as const) : form.window,
  thresholds: form.unit === "concurrent" ? [] : percentages(form.thresholds),
});

export function SetLimitDialog({ choices, onClose }: Props) {
  const [form, setForm] = useState(START);
  const set = (part: Partial<Form>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useOrgAction(setLimitAction, () => {
    toast.success("Limit set", { description: "What was spent in the open window counts already." });
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Set limit"
      description="What may be spent or asked for, per window, before calls are refused."
      submit="Set limit"
      pending={pending}
      message={message}
      onSubmit={() => run(inputOf(form))}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SelectField
          label="Scope"
          value={form.scope}
          onChange={(scope) => set({ scope, subject: "" })}
          options={SCOPES}
          error={fields.scope}
        />
        <SubjectField
          scope={form.scope}
          value={form.subject}
          onChange={(subject) => set({ subject })}
          choices={choices}
          error={fields.subject}
        />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <TextField
          label="Amount"
          inputMode="decimal"
          value={form.amount}
          onChange={(amount) => set({ amount })}
          error={fields.amount}
          placeholder={form.unit === "usd" ? "500" : "1000"}
        />
        <SelectField
          label="Unit"
          value={form.unit}
          onChange={(unit) => set({ unit })}
          options={UNITS}
          error={fields.unit}
        />
        {form.unit === "concurrent" ? null : (
          <SelectField
            label="Window"
            value={form.window}
            onChange={(window) => set({ window })}
            options={WINDOWS}
            error={fields.window}
          />
        )}
      </div>
      <SelectField
        label="Mode"
        value={form.mode}
        onChange={(mode) => set({ mode })}
        options={MODES}
        error={fields.mode}
        hint="Windows follow the organisation's calendar and time zone."
      />
      {form.unit === "concurrent" ? null : (
        <ThresholdsField values={form.thresholds} onChange={(thresholds) => set({ thresholds })} errors={fields} />
      )}
    </FormDialog>
  );
}
