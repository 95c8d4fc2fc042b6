"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createOrganisationAction } from "@/app/actions.ts";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useAction } from "@/lib/use-action.ts";

export function CreateOrganisationDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [name, setName] = useState("");
  const { run, pending, message, fields } = useAction(createOrganisationAction, ({ slug }) => {
    onClose();
    router.push(`/${slug}`);
  });
  return (
    <FormDialog
      onClose={onClose}
      title="Create organisation"
      description="A separate tenant: other organisations cannot see what is in it."
      submit="Create organisation"
      pending={pending}
      message={message}
      onSubmit={() => run({ name })}
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} placeholder="Acme" autoFocus />
    </FormDialog>
  );
}
