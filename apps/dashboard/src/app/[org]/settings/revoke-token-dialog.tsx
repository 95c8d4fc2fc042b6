"use client";

import type { Token } from "@tollgate/control/tokens/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { revokeTokenAction } from "./actions.ts";

interface Props {
  token: Token;
  onClose: () => void;
}

export function RevokeTokenDialog({ token, onClose }: Props) {
  const { run, pending, message } = useOrgAction(revokeTokenAction, () => {
    toast.success(`${token.name} revoked`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Revoke ${token.name}?`}
      confirm="Revoke token"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: token.id })}
    >
      <p>Whatever scripts use it are refused from their next call on. It cannot be undone.</p>
    </ConfirmDialog>
  );
}
