"use client";

import { useState } from "react";
import { toast } from "sonner";
import { SelectField, TextField } from "@/components/ui/field.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { createCredentialAction } from "./actions.ts";
import { type ProviderChoice, providerName } from "./provider-choice.ts";

interface Props {
  providers: readonly ProviderChoice[];
  onClose: () => void;
}

export function AddProviderDialog({ providers, onClose }: Props) {
  const [provider, setProvider] = useState(providers[0]?.id ?? "");
  const [name, setName] = useState("");
  const [baseUrl, setBaseUrl] = useState("");
  const [secret, setSecret] = useState("");
  const chosen = providers.find(({ id }) => id === provider);
  const { run, pending, message, fields } = useOrgAction(createCredentialAction, (credential) => {
    toast.success(`${credential.name} added`, { description: "Next: add a model that uses it." });
    onClose();
  });
  return (
    <FormDialog
      open
      onOpenChange={onClose}
      title="Add provider"
      description="The secret is sealed before it is stored; only the proxy can open it."
      submit="Add provider"
      pending={pending}
      message={message}
      onSubmit={() =>
        run({
          name: name || providerName(providers, provider),
          provider,
          secret,
          ...(baseUrl.trim() ? { baseUrl } : {}),
        })
      }
    >
      <SelectField
        label="Provider"
        value={provider}
        onChange={setProvider}
        error={fields.provider}
        options={providers.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        error={fields.name}
        placeholder={chosen?.name}
        hint="As your people will see it."
      />
      <TextField
        label="Base URL"
        type="url"
        value={baseUrl}
        onChange={setBaseUrl}
        error={fields.baseUrl}
        placeholder={chosen?.defaultBaseUrl || "https://…"}
        hint={chosen?.defaultBaseUrl ? "Leave empty for the provider's own." : "Where this provider answers."}
      />
      <TextField
        label="Secret"
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={secret}
        onChange={setSecret}
        error={fields.secret}
        placeholder={chosen?.secretHint}
        hint="Write-only."
      />
    </FormDialog>
  );
}
