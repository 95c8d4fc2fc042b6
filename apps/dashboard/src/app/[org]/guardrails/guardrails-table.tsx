"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { Pencil, Plus, ShieldCheck, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { DeleteGuardrailDialog } from "./delete-guardrail-dialog.tsx";
import { GuardrailDialog } from "./guardrail-dialog.tsx";
import { ACTIONS, KINDS, labelOf } from "./guardrail-options.ts";

type Open = { what: "edit" | "delete"; guardrail: Guardrail } | null;

const COLUMNS: readonly Column<Guardrail>[] = [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId id={row.id} brief name="guardrail id" />
      </div>
    ),
  },
  { id: "kind", header: "Kind", from: "sm", sortBy: (row) => row.kind, cell: (row) => labelOf(KINDS, row.kind) },
  {
    id: "patterns",
    header: "Looks for",
    from: "md",
    className: "max-w-md",
    cell: (row) => (
      <span className="line-clamp-1 break-all font-mono text-soft text-xs" title={row.patterns.join("\n")}>
        {row.kind === "secret" ? "known forms of secrets" : row.patterns.join(", ")}
      </span>
    ),
  },
  { id: "action", header: "Action", sortBy: (row) => row.action, cell: (row) => labelOf(ACTIONS, row.action) },
  {
    id: "mode",
    header: "Mode",
    sortBy: (row) => row.mode,
    cell: (row) => <Badge tone={row.mode === "on" ? "good" : "accent"}>{row.mode === "on" ? "On" : "Shadow"}</Badge>,
  },
];

export function GuardrailsTable({ guardrails }: { guardrails: readonly Guardrail[] }) {
  const [open, setOpen] = useState<Open>(null);
  const [, setAdding] = useNewDialog();
  const columns = useMemo<readonly Column<Guardrail>[]>(
    () => [
      ...COLUMNS,
      {
        id: "actions",
        header: "Actions",
        unseen: true,
        align: "right",
        cell: (row) => (
          <RowMenu label={row.name}>
            <MenuItem onSelect={() => setOpen({ what: "edit", guardrail: row })}>
              <Pencil aria-hidden />
              Edit
            </MenuItem>
            <MenuItem danger onSelect={() => setOpen({ what: "delete", guardrail: row })}>
              <Trash2 aria-hidden />
              Delete
            </MenuItem>
          </RowMenu>
        ),
      },
    ],
    [],
  );
  if (guardrails.length === 0) {
    return (
      <EmptyState
        icon={ShieldCheck}
        title="No guardrails yet"
        action={
          <Button look="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Add guardrail
          </Button>
        }
      >
        Hold back secrets, code names or account numbers before a prompt leaves. Start one in shadow mode to see what it
        would catch.
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable label="Guardrails" columns={columns} rows={guardrails} rowId={(row) => row.id} />
      {open?.what === "edit" ? <GuardrailDialog guardrail={open.guardrail} onClose={() => setOpen(null)} /> : null}
      {open?.what === "delete" ? (
        <DeleteGuardrailDialog guardrail={open.guardrail} onClose={() => setOpen(null)} />
      ) : null}
    </>
  );
}
