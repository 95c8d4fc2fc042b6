"use client";

import type { ReactNode } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { type OrgAction, useOrgAction } from "@/lib/use-action.ts";

interface Props {
  id: string;
  action: OrgAction<{ id: string }, unknown>;
  title: string;
  /** Names the button that deletes. */
  confirm: string;
  /** Message after the deletion. */
  done: string;
  onClose: () => void;
  /** What stops working. */
  children: ReactNode;
}

/** Asks for confirmation, then deletes, revokes or removes something. */
export function DeleteDialog({ id, action, title, confirm, done, onClose, children }: Props) {
  const { run, pending, message } = useOrgAction(action, () => {
    toast.success(done);
    onClose();
  });
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      pending={pending}
      error={message}
      onConfirm={() => run({ id })}
      onClose={onClose}
    >
      {children}
    </ConfirmDialog>
  );
}
