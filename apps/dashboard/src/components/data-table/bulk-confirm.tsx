"use client";

import type { ReactNode } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { type OrgAction, useOrgAction } from "@/lib/use-action.ts";

interface Props<I> {
  title: string;
  /** Names the button. */
  confirm: string;
  /** Message after it is done. */
  done: string;
  action: OrgAction<I, unknown>;
  input: I;
  onClose: () => void;
  /** What stops working. */
  children: ReactNode;
}

/** Asks for confirmation, then changes several rows: all or none. */
export function BulkConfirm<I>({ title, confirm, done, action, input, onClose, children }: Props<I>) {
  const { run, pending, message, fields } = useOrgAction(action, () => {
    toast.success(done);
    onClose();
  });
  const [first] = Object.values(fields);
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      pending={pending}
      error={first ? `Nothing was changed: ${first}.` : message}
      onConfirm={() => run(input)}
      onClose={onClose}
    >
      {children}
    </ConfirmDialog>
  );
}
