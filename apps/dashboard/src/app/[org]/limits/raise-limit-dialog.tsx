"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { increaseLimitAction } from "./actions.ts";
import { type IncreaseForm, increaseInput, untilOptions } from "./increase-form.ts";

interface Props {
  limit: Limit;
  onClose: () => void;
}

const UNITS: Partial<Record<Limit["unit"], string>> = { usd: "US dollars", concurrent: "calls" };

export function RaiseLimitDialog({ limit, onClose }: Props) {
  const { timeZone } = useOrganisation();
  const options = untilOptions(limit);
  const start: IncreaseForm = { amount: "", until: options[0]?.value ?? "day", day: "", reason: "" };
  const { form, field, errorOf, frame } = useOrgForm({
    start,
    action: increaseLimitAction,
    input: (form) => increaseInput(limit.id, form, timeZone, Date.now()),
    done: () => "Limit raised",
    note: "It takes effect within two seconds and ends by itself.",
    onDone: onClose,
  });
  const isDate = form.until === "date";
  return (
    <FormDialog
      {...frame}
      title={`Raise limit on ${limitSubject(limit)}`}
      description={`On top of ${limitAmount(limit.unit, limit.cap)} ${limitWindow(limit)}. The limit itself does not change.`}
      submit="Raise limit"
      onClose={onClose}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label={`By ${UNITS[limit.unit] ?? limit.unit}`}
          inputMode="decimal"
          {...field("amount")}
          placeholder={limit.unit === "usd" ? "25" : "100"}
        />
        <SelectField
          label="Until"
          {...field("until")}
          options={options}
          error={isDate ? undefined : errorOf("until")}
        />
      </div>
      {isDate ? (
        <TextField
          label="Last day"
          type="date"
          {...field("day")}
          error={errorOf("until")}
          hint={`The increase ends with this day, in ${timeZone}.`}
        />
      ) : null}
      <TextField
        label="Reason"
        {...field("reason")}
        placeholder="Launch week"
        hint="Stored with the increase and in the audit log."
      />
    </FormDialog>
  );
}
