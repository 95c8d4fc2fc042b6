"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { Plug, Radio } from "lucide-react";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { AddProviderDialog } from "./add-provider-dialog.tsx";
import { credentialActions } from "./credential-actions.tsx";
import { credentialColumns } from "./credential-columns.tsx";
import type { ProviderChoice } from "./provider-choice.ts";
import { useCredentialTest } from "./use-credential-test.ts";

interface Props {
  credentials: readonly Credential[];
  nextCursor: string | null;
  providers: readonly ProviderChoice[];
}

export function CredentialsTable({ credentials, nextCursor, providers }: Props) {
  const test = useCredentialTest();
  return (
    <ResourceTable
      label="Providers"
      rows={credentials}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      columns={credentialColumns(providers)}
      actions={[
        { label: "Test", icon: Radio, button: ({ name }) => `Test ${name}`, run: test },
        ...credentialActions(providers),
      ]}
      searchable
      nextCursor={nextCursor}
      create={{
        label: "Add provider",
        dialog: (onClose) => <AddProviderDialog providers={providers} onClose={onClose} />,
      }}
      empty={{
        icon: Plug,
        title: "No provider yet",
        text: "Paste a key of OpenAI, Anthropic or any compatible endpoint. Members never see it: they call with virtual keys.",
      }}
    />
  );
}
