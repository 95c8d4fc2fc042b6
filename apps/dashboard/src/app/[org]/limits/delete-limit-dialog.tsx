"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { limitAmount, limitSubject, limitWindow } from "@/lib/format-limit.ts";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteLimitAction } from "./actions.ts";

interface Props {
  limit: Limit;
  onClose: () => void;
}

export function DeleteLimitDialog({ limit, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteLimitAction, () => {
    toast.success("Limit deleted");
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the limit on ${limitSubject(limit)}?`}
      confirm="Delete limit"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: limit.id })}
    >
      <p>
        {limit.mode === "block"
          ? `Nothing holds calls to ${limitAmount(limit.unit, limit.amount)} ${limitWindow(limit)} any more, unless another limit does.`
          : "It refused nothing; only its count is lost."}
      </p>
    </ConfirmDialog>
  );
}
