"use client";

import type { LedgerMonth } from "@tollgate/control/ledger/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { formatMonth } from "@/lib/format-month.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { closeMonthAction } from "./actions.ts";

interface Props {
  month: LedgerMonth;
  onClose: () => void;
}

export function CloseMonthDialog({ month: { month, unpriced }, onClose }: Props) {
  const name = formatMonth(month);
  const { run, pending, message } = useOrgAction(closeMonthAction, () => {
    toast.success(`${name} closes within a minute`);
    onClose();
  });
  return (
    <ConfirmDialog
      title={`Close ${name}?`}
      confirm="Close month"
      pending={pending}
      error={message}
      onConfirm={() => run({ month })}
      onClose={onClose}
    >
      <p>
        Its figures, and those of every earlier month, become final. Later changes to them are recorded as adjustments
        in the open month. A closed month cannot be reopened.
      </p>
      {unpriced > 0 ? <p>{unpriced} of its requests have no known price yet: set it and re-rate them first.</p> : null}
    </ConfirmDialog>
  );
}
