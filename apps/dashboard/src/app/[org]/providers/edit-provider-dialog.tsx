"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateCredentialAction } from "./actions.ts";
import { CredentialFields } from "./credential-fields.tsx";
import type { ProviderChoice } from "./provider-choice.ts";

interface Props {
  credential: Credential;
  fields: ProviderChoice["credential"];
  onClose: () => void;
}

export function EditProviderDialog({ credential, fields, onClose }: Props) {
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
      <CredentialFields fields={fields} field={field} stored={credential.lastFour} hint={secretHint(credential)} />
    </FormDialog>
  );
}

function secretHint({ needsSecret, lastFour }: Credential): string | undefined {
  if (needsSecret) return "The stored secret was entered for another origin and is not used. Enter it again.";
  return lastFour === "" ? undefined : "Empty: the stored secret stays.";
}
