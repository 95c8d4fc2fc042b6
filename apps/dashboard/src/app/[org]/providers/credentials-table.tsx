"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { Plug } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { deleteCredentialAction } from "./actions.ts";
import { AddProviderDialog } from "./add-provider-dialog.tsx";
import { credentialColumns } from "./credential-columns.tsx";
import { EditProviderDialog } from "./edit-provider-dialog.tsx";
import { type ProviderChoice, providerName } from "./provider-choice.ts";

interface Props {
  credentials: readonly Credential[];
  providers: readonly ProviderChoice[];
}

const ACTIONS: readonly RowAction<Credential>[] = [
  editAction((row, onClose) => <EditProviderDialog credential={row} onClose={onClose} />),
  deleteAction<Credential>({
    noun: "provider",
    action: deleteCredentialAction,
    text: (row) =>
      row.modelCount > 0
        ? `${row.modelCount} ${row.modelCount === 1 ? "model has a target" : "models have targets"} that use it. Change those targets first.`
        : "No model uses it. Its sealed secret is erased and cannot be restored.",
  }),
];

export const CredentialsTable = ({ credentials, providers }: Props) => (
  <ResourceTable
    label="Providers"
    rows={credentials}
    rowId={({ id }) => id}
    rowName={({ name }) => name}
    columns={credentialColumns(providers)}
    actions={ACTIONS}
    searchIn={({ name, provider, baseUrl }) => [name, providerName(providers, provider), baseUrl].join(" ")}
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
