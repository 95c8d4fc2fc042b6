"use client";

import type { LimitMode, LimitScope, LimitUnit, LimitWindow } from "@tollgate/contracts/limit";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { setLimitAction } from "./actions.ts";
import { MODES, SCOPES, UNITS, WINDOWS } from "./limit-options.ts";
import { SubjectField } from "./subject-field.tsx";
import { percentages, ThresholdsField } from "./thresholds-field.tsx";

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

const hasWindow = ({ unit, scope }: Form): boolean => unit !== "concurrent" && scope !== "run";

const inputOf = (form: Form) => ({
  ...form,
  subject: form.subject.trim() || null,
  // A limit on concurrent calls has no window and no thresholds, and a limit on a run counts the whole run.
  window: hasWindow(form) ? form.window : ("total" as const),
  thresholds: form.unit === "concurrent" ? [] : percentages(form.thresholds),
});

export function SetLimitDialog({ onClose }: { onClose: () => void }) {
  const { form, set, field, frame } = useOrgForm({
    start: START,
    action: setLimitAction,
    input: inputOf,
    done: () => "Limit set",
    note: "Usage in the current window already counts.",
    onDone: onClose,
  });
  return (
    <FormDialog
      {...frame}
      title="Set limit"
      description="How much may be used in a window before calls are refused."
      submit="Set limit"
      onClose={onClose}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SelectField
          label="Scope"
          {...field("scope")}
          onChange={(scope) => set({ scope, subject: "" })}
          options={SCOPES}
        />
        <SubjectField scope={form.scope} {...field("subject")} />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <TextField
          label="Amount"
          inputMode="decimal"
          {...field("amount")}
          placeholder={form.unit === "usd" ? "500" : "1000"}
        />
        <SelectField label="Unit" {...field("unit")} options={UNITS} />
        {hasWindow(form) ? <SelectField label="Window" {...field("window")} options={WINDOWS} /> : null}
      </div>
      <SelectField
        label="Mode"
        {...field("mode")}
        options={MODES}
        hint="Windows follow the organisation's calendar and time zone."
      />
      {form.unit === "concurrent" ? null : <ThresholdsField {...field("thresholds")} />}
    </FormDialog>
  );
}
