"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createOrganisationAction } from "@/app/actions.ts";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useAction } from "@/lib/use-action.ts";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function CreateOrganisationDialog({ open, onOpenChange }: Props) {
  const router = useRouter();
  const [name, setName] = useState("");
  const { run, pending, message, fields } = useAction(createOrganisationAction, ({ slug }) => {
    onOpenChange(false);
    router.push(`/${slug}`);
  });
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create organisation"
      description="A tenant of its own: nothing in it can be seen from another."
      submit="Create organisation"
      pending={pending}
      message={message}
      onSubmit={() => run({ name })}
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} placeholder="Acme" autoFocus />
    </FormDialog>
  );
}
