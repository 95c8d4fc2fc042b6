"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { useState } from "react";
import { toast } from "sonner";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { updateCredentialAction } from "./actions.ts";

interface Props {
  credential: Credential;
  onClose: () => void;
}

export function EditProviderDialog({ credential, onClose }: Props) {
  const [name, setName] = useState(credential.name);
  const [baseUrl, setBaseUrl] = useState(credential.baseUrl);
  const [secret, setSecret] = useState("");
  const { run, pending, message, fields } = useOrgAction(updateCredentialAction, () => {
    toast.success("Saved");
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title={`Edit ${credential.name}`}
      submit="Save"
      pending={pending}
      message={message}
      onSubmit={() =>
        run({
          id: credential.id,
          name,
          ...(baseUrl === credential.baseUrl ? {} : { baseUrl }),
          ...(secret ? { secret } : {}),
        })
      }
    >
      <TextField label="Name" value={name} onChange={setName} error={fields.name} />
      <TextField
        label="Base URL"
        type="url"
        value={baseUrl}
        onChange={setBaseUrl}
        error={fields.baseUrl}
        hint="A secret is only ever sent to the origin it was entered for: a new origin needs it again."
      />
      <TextField
        label="New secret"
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={secret}
        onChange={setSecret}
        error={fields.secret}
        placeholder={`•••• ${credential.lastFour}`}
        hint={
          credential.needsSecret
            ? "The stored one was not entered for this origin and is not used. Enter it again."
            : "Leave empty to keep the one that is stored."
        }
      />
    </FormDialog>
  );
}
