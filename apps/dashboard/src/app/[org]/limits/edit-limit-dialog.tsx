"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { changeLimitAction } from "./actions.ts";
import { MODES } from "./limit-options.ts";
import { percentages, ThresholdsField } from "./thresholds-field.tsx";

interface Props {
  limit: Limit;
  onClose: () => void;
}

export function EditLimitDialog({ limit, onClose }: Props) {
  const { field, frame } = useOrgForm({
    start: { amount: limit.amount, mode: limit.mode, thresholds: limit.thresholds.map(String) },
    action: changeLimitAction,
    input: ({ thresholds, ...rest }) => ({ id: limit.id, ...rest, thresholds: percentages(thresholds) }),
    done: () => "Limit changed",
    onDone: onClose,
  });
  return (
    <FormDialog
      {...frame}
      title={`Edit limit on ${limitSubject(limit)}`}
      description={`Counted in ${limit.unit} ${limitWindow(limit)}. To count something else, set another limit.`}
      submit="Save"
      onClose={onClose}
    >
      <TextField
        label="Amount"
        inputMode="decimal"
        {...field("amount")}
        hint="An amount below what is used already refuses calls at once."
      />
      <SelectField label="Mode" {...field("mode")} options={MODES} />
      {limit.unit === "concurrent" ? null : <ThresholdsField {...field("thresholds")} />}
    </FormDialog>
  );
}
