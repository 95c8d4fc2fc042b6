"use client";

import type { Key } from "@tollgate/control/keys/schemas";
import { CirclePause, CirclePlay, KeyRound } from "lucide-react";
import type { Filter } from "@/components/data-table/filter.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { useRowAction } from "@/lib/use-row-action.ts";
import { updateKeyAction } from "./actions.ts";
import { BULK_KEY_ACTIONS } from "./bulk-key-actions.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { EditKeyDialog } from "./edit-key-dialog.tsx";
import { ImportKeysDialog } from "./import-keys-dialog.tsx";
import { KEY_COLUMNS } from "./key-columns.tsx";
import { REVOKE_KEY } from "./revoke-key.tsx";

interface Props {
  keys: readonly Key[];
  nextCursor: string | null;
  filters: readonly Filter[];
  proxyUrl: string;
}

export function KeysTable({ keys, nextCursor, filters, proxyUrl }: Props) {
  const [importing, setImporting] = useNewDialog("csv-");
  const update = useRowAction(updateKeyAction, ({ name, state }) => ({
    title: state === "disabled" ? `${name} disabled` : `${name} enabled`,
  }));
  const actions: readonly RowAction<Key>[] = [
    {
      ...editAction((row, onClose) => <EditKeyDialog virtualKey={row} onClose={onClose} />),
      when: ({ state }) => state !== "revoked",
    },
    {
      label: "Disable",
      icon: CirclePause,
      when: ({ state }) => state !== "revoked" && state !== "disabled",
      run: ({ id }) => update({ id, state: "disabled" }),
    },
    {
      label: "Enable",
      icon: CirclePlay,
      when: ({ state }) => state === "disabled",
      run: ({ id }) => update({ id, state: "active" }),
    },
    REVOKE_KEY,
  ];
  return (
    <>
      {importing ? <ImportKeysDialog onClose={() => setImporting(false)} /> : null}
      <ResourceTable
        label="Keys"
        rows={keys}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        columns={KEY_COLUMNS}
        actions={actions}
        bulk={BULK_KEY_ACTIONS}
        filters={filters}
        searchable
        nextCursor={nextCursor}
        create={{ label: "Create key", dialog: (onClose) => <CreateKeyDialog proxyUrl={proxyUrl} onClose={onClose} /> }}
        empty={{
          icon: KeyRound,
          title: "No keys yet",
          text: "A key works with every OpenAI client. Change the client's base URL and its key, nothing else.",
        }}
      />
    </>
  );
}
