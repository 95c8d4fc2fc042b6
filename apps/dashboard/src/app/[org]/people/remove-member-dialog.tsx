"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { removeMemberAction } from "./actions.ts";

interface Props {
  member: Member;
  onClose: () => void;
}

export function RemoveMemberDialog({ member, onClose }: Props) {
  const { run, pending, message } = useOrgAction(removeMemberAction, () => {
    toast.success(`${member.name} removed`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Remove ${member.name}?`}
      confirm="Remove member"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: member.id })}
    >
      <p>They lose sight of this organisation at their next click. Their account and other organisations stay.</p>
    </ConfirmDialog>
  );
}
