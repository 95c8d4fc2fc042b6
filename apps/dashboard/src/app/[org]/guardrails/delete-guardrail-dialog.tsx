"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteGuardrailAction } from "./actions.ts";

interface Props {
  guardrail: Guardrail;
  onClose: () => void;
}

export function DeleteGuardrailDialog({ guardrail, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteGuardrailAction, () => {
    toast.success(`${guardrail.name} deleted`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${guardrail.name}?`}
      confirm="Delete guardrail"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: guardrail.id })}
    >
      <p>
        {guardrail.mode === "on" && guardrail.action !== "flag"
          ? "What it holds back leaves for the providers within two seconds. Shadow mode would keep counting it."
          : "It changes no call; only its record of what it would do ends."}
      </p>
    </ConfirmDialog>
  );
}
