"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { deleteChannelAction } from "./actions.ts";

interface Props {
  channel: Channel;
  onClose: () => void;
}

export function DeleteChannelDialog({ channel, onClose }: Props) {
  const { run, pending, message } = useOrgAction(deleteChannelAction, () => {
    toast.success(`${channel.name} deleted`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${channel.name}?`}
      confirm="Delete channel"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: channel.id })}
    >
      <p>It is told nothing from now on, and what still waits for it fails. What it was told stays in the history.</p>
    </ConfirmDialog>
  );
}
