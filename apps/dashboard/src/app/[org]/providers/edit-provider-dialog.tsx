"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgForm } from "@/lib/use-form.ts";
import { updateCredentialAction } from "./actions.ts";
import { CredentialFields } from "./credential-fields.tsx";
import { emptyFields, type FieldTexts, type SchemeChoice, schemeChoice } from "./provider-choice.ts";

interface Props {
  credential: Credential;
  schemes: readonly SchemeChoice[];
  onClose: () => void;
}

export function EditProviderDialog({ credential, schemes, onClose }: Props) {
  const { settings } = credential;
  const { form, field, frame } = useOrgForm({
    start: {
      ...{ ...emptyFields(schemes), ...settings },
      ...{ name: credential.name, baseUrl: credential.baseUrl, scheme: credential.scheme },
    },
    action: updateCredentialAction,
    input: ({ name, baseUrl, scheme, ...entered }) => ({
      id: credential.id,
      name,
      ...(baseUrl === credential.baseUrl ? {} : { baseUrl }),
      ...(scheme === credential.scheme ? {} : { scheme: schemeChoice(schemes, scheme)?.id }),
      ...changes(schemeChoice(schemes, scheme), settings, entered),
    }),
    done: () => "Saved",
    note: "A changed secret or address is tested now.",
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
      <CredentialFields
        schemes={schemes}
        scheme={schemeChoice(schemes, form.scheme)}
        field={field}
        stored={credential.lastFour}
        hint={secretHint(credential, schemes)}
      />
    </FormDialog>
  );
}

/** What differs from the stored fields. Null removes a setting. */
const changes = (scheme: SchemeChoice | undefined, settings: FieldTexts, form: FieldTexts) =>
  Object.fromEntries(
    scheme?.fields.flatMap(({ name }) => {
      const text = form[name]?.trim() ?? "";
      return text === (settings[name] ?? "") ? [] : [[name, text || null]];
    }) ?? [],
  );

function secretHint(
  { needsSecret, lastFour, settings }: Credential,
  schemes: readonly SchemeChoice[],
): string | undefined {
  if (needsSecret) return "The stored secret was entered for another origin and is not used. Enter it again.";
  if (lastFour === "") return undefined;
  return schemes.length > 1 || Object.keys(settings).length > 0
    ? "Empty: the stored secret stays. To change other fields of the account, enter all secrets again."
    : "Empty: the stored secret stays.";
}
