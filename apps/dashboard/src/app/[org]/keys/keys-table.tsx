"use client";

import type { Key } from "@tollgate/control/keys/schemas";
import { Ban, CirclePause, CirclePlay, KeyRound, Pencil, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { updateKeyAction } from "./actions.ts";
import { EditKeyDialog } from "./edit-key-dialog.tsx";
import { KEY_COLUMNS } from "./key-columns.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";

type Open = { what: "edit" | "revoke"; key: Key } | null;

interface MenuProps {
  row: Key;
  setOpen: (open: Open) => void;
}

function KeyMenu({ row, setOpen }: MenuProps) {
  const { run } = useOrgAction(updateKeyAction, (key) =>
    toast.success(key.state === "disabled" ? `${key.name} disabled` : `${key.name} enabled`),
  );
  const disabled = row.state === "disabled";
  if (row.state === "revoked") return null;
  return (
    <RowMenu label={row.name}>
      <MenuItem onSelect={() => setOpen({ what: "edit", key: row })}>
        <Pencil aria-hidden />
        Edit
      </MenuItem>
      <MenuItem onSelect={() => run({ id: row.id, state: disabled ? "active" : "disabled" })}>
        {disabled ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
        {disabled ? "Enable" : "Disable"}
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger onSelect={() => setOpen({ what: "revoke", key: row })}>
        <Ban aria-hidden />
        Revoke
      </MenuItem>
    </RowMenu>
  );
}

interface Props {
  keys: readonly Key[];
  models: readonly string[];
}

export function KeysTable({ keys, models }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [, setCreating] = useNewDialog();
  const columns = useMemo(
    () => [
      ...KEY_COLUMNS,
      {
        id: "actions",
        header: "Actions",
        unseen: true,
        align: "right" as const,
        cell: (row: Key) => <KeyMenu row={row} setOpen={setOpen} />,
      },
    ],
    [],
  );
  if (keys.length === 0) {
    return (
      <EmptyState
        icon={KeyRound}
        title="No keys yet"
        action={
          <Button look="primary" onClick={() => setCreating(true)}>
            <Plus aria-hidden />
            Create key
          </Button>
        }
      >
        A key works with every OpenAI client: change its base URL and its key, nothing else.
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable label="Keys" columns={columns} rows={keys} rowId={(row) => row.id} />
      {open?.what === "edit" ? (
        <EditKeyDialog virtualKey={open.key} models={models} onClose={() => setOpen(null)} />
      ) : null}
      {open?.what === "revoke" ? <RevokeKeyDialog virtualKey={open.key} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
