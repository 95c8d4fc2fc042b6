"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteCredentialAction } from "./actions.ts";

interface Props {
  credential: Credential;
  onClose: () => void;
}

export function DeleteProviderDialog({ credential, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteCredentialAction, () => {
    toast.success(`${credential.name} deleted`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${credential.name}?`}
      confirm="Delete provider"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: credential.id })}
    >
      <p>
        {credential.modelCount > 0
          ? `${credential.modelCount} ${credential.modelCount === 1 ? "model has" : "models have"} a target on it; give them another one first.`
          : "No model uses it. Its sealed secret is erased and cannot be brought back."}
      </p>
    </ConfirmDialog>
  );
}
