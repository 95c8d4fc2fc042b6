"use client";

import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import { useOrgForm } from "@/lib/use-form.ts";
import { createCredentialAction } from "./actions.ts";
import { CredentialFields } from "./credential-fields.tsx";
import { type ProviderChoice, providerName } from "./provider-choice.ts";
import { useCredentialTest } from "./use-credential-test.ts";

interface Props {
  providers: readonly ProviderChoice[];
  onClose: () => void;
}

export function AddProviderDialog({ providers, onClose }: Props) {
  const test = useCredentialTest();
  const { form, field, frame } = useOrgForm({
    start: { provider: providers[0]?.id ?? "", name: "", baseUrl: "", secret: "" },
    action: createCredentialAction,
    input: ({ name, provider, secret, baseUrl }) => ({
      name: name || providerName(providers, provider),
      provider,
      ...(secret ? { secret } : {}),
      ...(baseUrl.trim() ? { baseUrl } : {}),
    }),
    done: ({ name }) => `${name} added`,
    note: "It is being tested. Next: add a model that uses it.",
    onDone: (credential) => {
      test(credential);
      onClose();
    },
  });
  const chosen = providers.find(({ id }) => id === form.provider);
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
      <TextField
        label="Base URL"
        type="url"
        {...field("baseUrl")}
        placeholder={chosen?.defaultBaseUrl || "https://…"}
        hint={chosen?.defaultBaseUrl ? "Empty: the provider's own address." : "The address of the provider's API."}
      />
      <CredentialFields fields={chosen?.credential ?? []} field={field} />
    </FormDialog>
  );
}
