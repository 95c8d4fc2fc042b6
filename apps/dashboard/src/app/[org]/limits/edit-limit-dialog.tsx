"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { changeLimitAction } from "./actions.ts";
import { MODES } from "./limit-options.ts";
import { percentages, ThresholdsField } from "./thresholds-field.tsx";

interface Props {
  limit: Limit;
  onClose: () => void;
}

export function EditLimitDialog({ limit, onClose }: Props) {
  const [amount, setAmount] = useState(limit.amount);
  const [mode, setMode] = useState(limit.mode);
  const [thresholds, setThresholds] = useState(limit.thresholds.map(String));
  const { run, pending, message, fields } = useOrgAction(changeLimitAction, () => {
    toast.success("Limit changed");
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={`Edit limit on ${limitSubject(limit)}`}
      description={`Counted in ${limit.unit} ${limitWindow(limit)}; to count something else, set another limit.`}
      submit="Save"
      pending={pending}
      message={message}
      onSubmit={() => run({ id: limit.id, amount, mode, thresholds: percentages(thresholds) })}
    >
      <TextField
        label="Amount"
        inputMode="decimal"
        value={amount}
        onChange={setAmount}
        error={fields.amount}
        hint="Below what is spent already, it refuses at once."
      />
      <SelectField label="Mode" value={mode} onChange={setMode} options={MODES} error={fields.mode} />
      {limit.unit === "concurrent" ? null : (
        <ThresholdsField values={thresholds} onChange={setThresholds} errors={fields} />
      )}
    </FormDialog>
  );
}
