"use client";

import type { Credential } from "@tollgate/control/credentials/schemas";
import { Pencil, Plug, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { DeleteProviderDialog } from "./delete-provider-dialog.tsx";
import { EditProviderDialog } from "./edit-provider-dialog.tsx";
import { type ProviderChoice, providerName } from "./provider-choice.ts";
import { SecretState } from "./secret-state.tsx";

interface Props {
  credentials: readonly Credential[];
  providers: readonly ProviderChoice[];
}

type Open = { what: "edit" | "delete"; credential: Credential } | null;

const columnsFor = (providers: readonly ProviderChoice[], setOpen: (open: Open) => void): Column<Credential>[] => [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId id={row.id} brief name="provider id" />
      </div>
    ),
  },
  {
    id: "provider",
    header: "Provider",
    sortBy: (row) => row.provider,
    cell: (row) => providerName(providers, row.provider),
  },
  {
    id: "baseUrl",
    header: "Base URL",
    from: "lg",
    cell: (row) => <span className="break-all font-mono text-soft text-xs">{row.baseUrl}</span>,
  },
  {
    id: "secret",
    header: "Secret",
    cell: (row) => <SecretState credential={row} />,
  },
  { id: "models", header: "Models", align: "right", sortBy: (row) => row.modelCount, cell: (row) => row.modelCount },
  {
    id: "updated",
    header: "Changed",
    from: "md",
    sortBy: (row) => row.updatedAt,
    cell: (row) => <Time at={row.updatedAt} className="text-soft" />,
  },
  {
    id: "actions",
    header: "Actions",
    unseen: true,
    align: "right",
    cell: (row) => (
      <RowMenu label={row.name}>
        <MenuItem onSelect={() => setOpen({ what: "edit", credential: row })}>
          <Pencil aria-hidden />
          Edit
        </MenuItem>
        <MenuItem danger onSelect={() => setOpen({ what: "delete", credential: row })}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      </RowMenu>
    ),
  },
];

export function CredentialsTable({ credentials, providers }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [, setAdding] = useNewDialog();
  const columns = useMemo(() => columnsFor(providers, setOpen), [providers]);
  const close = () => setOpen(null);
  if (credentials.length === 0) {
    return (
      <EmptyState
        icon={Plug}
        title="No provider yet"
        action={
          <Button look="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Add provider
          </Button>
        }
      >
        Paste a key of OpenAI, Anthropic or any compatible endpoint. Your people never see it: they call with virtual
        keys.
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable label="Providers" columns={columns} rows={credentials} rowId={(row) => row.id} />
      {open?.what === "edit" ? <EditProviderDialog credential={open.credential} onClose={close} /> : null}
      {open?.what === "delete" ? <DeleteProviderDialog credential={open.credential} onClose={close} /> : null}
    </>
  );
}
