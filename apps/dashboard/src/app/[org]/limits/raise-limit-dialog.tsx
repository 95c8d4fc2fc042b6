"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { increaseLimitAction } from "./actions.ts";
import { type IncreaseForm, increaseInput, untilOptions } from "./increase-form.ts";

interface Props {
  limit: Limit;
  onClose: () => void;
}

export function RaiseLimitDialog({ limit, onClose }: Props) {
  const { timeZone } = useOrganisation();
  const options = untilOptions(limit);
  const [form, setForm] = useState<IncreaseForm>({
    amount: "",
    until: options[0]?.value ?? "day",
    day: "",
    reason: "",
  });
  const set = (part: Partial<IncreaseForm>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useOrgAction(increaseLimitAction, () => {
    toast.success("Limit raised", { description: "It takes effect within two seconds and ends by itself." });
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={`Raise limit on ${limitSubject(limit)}`}
      description={`On top of ${limitAmount(limit.unit, limit.cap)} ${limitWindow(limit)}; the limit itself stays as it is.`}
      submit="Raise limit"
      pending={pending}
      message={message}
      onSubmit={() => run(increaseInput(limit.id, form, timeZone, Date.now()))}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label={limit.unit === "usd" ? "By US dollars" : limit.unit === "concurrent" ? "By calls" : `By ${limit.unit}`}
          inputMode="decimal"
          value={form.amount}
          onChange={(amount) => set({ amount })}
          error={fields.amount}
          placeholder={limit.unit === "usd" ? "25" : "100"}
        />
        <SelectField
          label="Until"
          value={form.until}
          onChange={(until) => set({ until })}
          options={options}
          error={form.until === "date" ? undefined : fields.until}
        />
      </div>
      {form.until === "date" ? (
        <TextField
          label="Last day"
          type="date"
          value={form.day}
          onChange={(day) => set({ day })}
          error={fields.until}
          hint={`It ends with this day, in ${timeZone}.`}
        />
      ) : null}
      <TextField
        label="Reason"
        value={form.reason}
        onChange={(reason) => set({ reason })}
        error={fields.reason}
        placeholder="Launch week"
        hint="Kept with the increase and in the audit log."
      />
    </FormDialog>
  );
}
