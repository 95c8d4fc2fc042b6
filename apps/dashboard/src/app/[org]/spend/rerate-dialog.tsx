"use client";

import type { LedgerMonth } from "@tollgate/control/ledger/schemas";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { formatMonth } from "@/lib/format-month.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { rerateAction } from "./actions.ts";

interface Props {
  months: readonly LedgerMonth[];
  onClose: () => void;
}

/** Asks for the month whose requests are priced again. */
export function RerateDialog({ months, onClose }: Props) {
  const { form, field, errorOf, frame } = useOrgForm({
    start: { month: months[0]?.month ?? "", note: "" },
    action: rerateAction,
    input: ({ month, note }) => {
      const { from = "", to = "" } = months.find((each) => each.month === month) ?? {};
      return { from, to, ...(note.trim() ? { note } : {}) };
    },
    done: () => "Re-rating: the figures follow within a minute",
    onDone: onClose,
  });
  const isClosed = months.some(({ month, state }) => month === form.month && state === "closed");
  return (
    <FormDialog
      {...frame}
      title="Re-rate requests"
      description="Prices requests again that had no known price or that your own prices apply to. The requests do not change: an adjustment beside each holds the difference."
      submit="Re-rate"
      onClose={onClose}
    >
      <SelectField
        label="Month"
        {...field("month")}
        options={months.map(({ month }) => ({ value: month, label: formatMonth(month) }))}
        error={errorOf("from")}
        hint={isClosed ? "It is closed: the differences go into the open month." : undefined}
      />
      <TextField
        label="Note"
        {...field("note")}
        placeholder="New contract prices"
        hint="Stored with every adjustment."
      />
    </FormDialog>
  );
}
