"use client";

import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createCredentialAction } from "./actions.ts";
import { CredentialFields, enteredFields } from "./credential-fields.tsx";
import { baseUrlWith, emptyFields, type ProviderChoice, providerName, schemeChoice } from "./provider-choice.ts";

interface Props {
  providers: readonly ProviderChoice[];
  onClose: () => void;
}

export function AddProviderDialog({ providers, onClose }: Props) {
  const schemesOf = (id: string) => providers.find((provider) => provider.id === id)?.schemes ?? [];
  const fields = emptyFields(providers.flatMap(({ schemes }) => schemes));
  const { form, field, frame } = useOrgForm({
    start: { ...fields, provider: providers[0]?.id ?? "", scheme: "", name: "", baseUrl: "" },
    action: createCredentialAction,
    input: ({ name, provider, scheme, baseUrl, ...entered }) => {
      const chosen = schemeChoice(schemesOf(provider), scheme);
      return {
        name: name || providerName(providers, provider),
        provider,
        ...(chosen && { scheme: chosen.id }),
        ...enteredFields(chosen, entered),
        ...(baseUrl.trim() ? { baseUrl } : {}),
      };
    },
    done: ({ name }) => `${name} added`,
    note: "It is being tested. Next: add a model that uses it.",
    onDone: onClose,
  });
  const chosen = providers.find(({ id }) => id === form.provider);
  const schemes = schemesOf(form.provider);
  return (
    <FormDialog
      {...frame}
      title="Add provider"
      description="The secret is sealed before it is stored. Only the proxy can open it."
      submit="Add provider"
      onClose={onClose}
    >
      <SelectField label="Provider" {...field("provider")} options={optionsOf(providers)} />
      <TextField label="Name" {...field("name")} placeholder={chosen?.name} hint="The name that members see." />
      <CredentialFields schemes={schemes} scheme={schemeChoice(schemes, form.scheme)} field={field} />
      <TextField
        label={chosen?.defaultBaseUrl ? "Base URL (optional)" : "Base URL"}
        type="url"
        {...field("baseUrl")}
        placeholder={baseUrlWith(chosen?.defaultBaseUrl ?? "", form) || chosen?.baseUrlExample || "https://…"}
        hint={chosen?.defaultBaseUrl ? "Empty: the provider's own address." : "The address of the provider's API."}
      />
    </FormDialog>
  );
}
