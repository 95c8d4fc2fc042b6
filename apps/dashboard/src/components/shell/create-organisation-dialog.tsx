"use client";

import { useRouter } from "next/navigation";
import { createOrganisationAction } from "@/app/actions.ts";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useForm } from "@/lib/use-form.ts";

export function CreateOrganisationDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const { field, frame } = useForm({
    start: { name: "" },
    action: createOrganisationAction,
    input: (form) => form,
    onDone: ({ slug }) => {
      onClose();
      router.push(`/${slug}`);
    },
  });
  return (
    <FormDialog
      {...frame}
      onClose={onClose}
      title="Create organisation"
      description="A separate tenant: other organisations cannot see its data."
      submit="Create organisation"
    >
      <TextField label="Name" {...field("name")} placeholder="Acme" autoFocus />
    </FormDialog>
  );
}
