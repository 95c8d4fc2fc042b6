"use client";

import { AlertDialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";

interface Props {
  title: string;
  /** What stops working when it is done. */
  children: ReactNode;
  confirm: string;
  pending: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks for confirmation of an action that cannot be undone. The cancel button has the focus. */
export const ConfirmDialog = ({ title, children, confirm, pending, error, onConfirm, onClose }: Props) => (
  <Radix.Root open onOpenChange={onClose}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-50 animate-[fade-in_120ms_ease-out] bg-black/40" />
      <Radix.Content className="-translate-x-1/2 fixed top-[18dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md animate-[fade-in_120ms_ease-out] rounded-xl bg-raised p-5 shadow-float focus:outline-none">
        <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
        <Radix.Description asChild>
          <div className="mt-2 grid gap-2 text-soft text-sm">{children}</div>
        </Radix.Description>
        <FormError message={error} className="mt-3" />
        <div className="mt-5 flex justify-end gap-2">
          <Radix.Cancel asChild>
            <Button>Cancel</Button>
          </Radix.Cancel>
          <Button look="danger" pending={pending} onClick={onConfirm}>
            {confirm}
          </Button>
        </div>
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
