"use client";

import type { BookMonth } from "@tollgate/control/usage/books-schemas";
import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { formatMonth } from "@/lib/format-month.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { rerateAction } from "./actions.ts";

interface Props {
  months: readonly BookMonth[];
  onClose: () => void;
}

/** Asks for a month's requests to be priced anew. */
export function RerateDialog({ months, onClose }: Props) {
  const [month, setMonth] = useState(months[0]?.month ?? "");
  const [note, setNote] = useState("");
  const chosen = months.find((each) => each.month === month);
  const { run, pending, message, fields } = useOrgAction(rerateAction, () => {
    toast.success("Re-rating; the figures follow within a minute");
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Re-rate requests"
      description="Prices anew what had no known price, and what your own prices bear on. The requests stay as they are: an adjustment beside each carries the difference."
      submit="Re-rate"
      pending={pending}
      message={message}
      onSubmit={() => chosen && run({ from: chosen.from, to: chosen.to, ...(note.trim() ? { note } : {}) })}
    >
      <SelectField
        label="Month"
        value={month}
        onChange={setMonth}
        options={months.map((each) => ({ value: each.month, label: formatMonth(each.month) }))}
        error={fields.from}
        hint={chosen?.state === "closed" ? "It is closed: the differences go into the open month." : undefined}
      />
      <TextField
        label="Note"
        value={note}
        onChange={setNote}
        error={fields.note}
        placeholder="New contract prices"
        hint="Kept with every adjustment."
      />
    </FormDialog>
  );
}
