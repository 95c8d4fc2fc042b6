"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { FormError } from "@/components/ui/form-error.tsx";

interface Props {
  title: string;
  description?: ReactNode;
  submit: string;
  pending: boolean;
  message: string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
}

/** A dialog with a form: fields, the server's error, cancel and submit. Enter submits. */
export const FormDialog = ({ submit, pending, message, onSubmit, onClose, children, ...dialog }: Props) => (
  <Dialog open onOpenChange={onClose} {...dialog}>
    <form
      noValidate
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onSubmit();
      }}
    >
      <DialogBody>
        {children}
        <FormError message={message} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" pending={pending}>
          {submit}
        </Button>
      </DialogFooter>
    </form>
  </Dialog>
);
