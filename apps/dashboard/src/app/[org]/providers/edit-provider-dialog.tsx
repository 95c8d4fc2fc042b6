"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateCredentialAction } from "./actions.ts";

interface Props {
  credential: Credential;
  onClose: () => void;
}

export function EditProviderDialog({ credential, onClose }: Props) {
  const { field, frame } = useOrgForm({
    start: { name: credential.name, baseUrl: credential.baseUrl, secret: "" },
    action: updateCredentialAction,
    input: ({ name, baseUrl, secret }) => ({
      id: credential.id,
      name,
      ...(baseUrl === credential.baseUrl ? {} : { baseUrl }),
      ...(secret ? { secret } : {}),
    }),
    done: () => "Saved",
    onDone: onClose,
  });
  return (
    <FormDialog {...frame} title={`Edit ${credential.name}`} submit="Save" onClose={onClose}>
      <TextField label="Name" {...field("name")} />
      <TextField
        label="Base URL"
        type="url"
        {...field("baseUrl")}
        hint="A secret is only sent to the origin it was entered for. For a new origin, enter it again."
      />
      <TextField
        label="New secret"
        type="password"
        autoComplete="off"
        spellCheck={false}
        {...field("secret")}
        placeholder={`•••• ${credential.lastFour}`}
        hint={
          credential.needsSecret
            ? "The stored secret was entered for another origin and is not used. Enter it again."
            : "Empty: the stored secret stays."
        }
      />
    </FormDialog>
  );
}
