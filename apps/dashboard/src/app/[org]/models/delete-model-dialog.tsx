"use client";

import type { Model } from "@tollgate/control/models/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteModelAction } from "./actions.ts";

interface Props {
  model: Model;
  onClose: () => void;
}

export function DeleteModelDialog({ model, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteModelAction, () => {
    toast.success(`${model.name} deleted`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${model.name}?`}
      confirm="Delete model"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: model.id })}
    >
      <p>
        Apps that ask for <span className="font-mono">{model.name}</span> get 404 model_not_found from then on. What it
        has cost so far stays in Spend.
      </p>
    </ConfirmDialog>
  );
}
