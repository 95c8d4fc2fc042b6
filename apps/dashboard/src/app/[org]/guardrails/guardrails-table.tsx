"use client";

import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { ShieldCheck } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { deleteGuardrailAction } from "./actions.ts";
import { GUARDRAIL_COLUMNS } from "./guardrail-columns.tsx";
import { GuardrailDialog } from "./guardrail-dialog.tsx";

const ACTIONS: readonly RowAction<Guardrail>[] = [
  editAction((row, onClose) => <GuardrailDialog guardrail={row} onClose={onClose} />),
  deleteAction<Guardrail>({
    noun: "guardrail",
    action: deleteGuardrailAction,
    text: (row) =>
      row.mode === "on" && row.action !== "flag"
        ? "Within two seconds, prompts that it blocks or redacts reach the providers unchanged. In shadow mode it would only record matches."
        : "It changes no call. It stops recording what it would do.",
  }),
];

interface Props {
  guardrails: readonly Guardrail[];
  nextCursor: string | null;
}

export const GuardrailsTable = ({ guardrails, nextCursor }: Props) => (
  <ResourceTable
    label="Guardrails"
    rows={guardrails}
    rowId={({ id }) => id}
    rowName={({ name }) => name}
    columns={GUARDRAIL_COLUMNS}
    actions={ACTIONS}
    searchable
    nextCursor={nextCursor}
    create={{ label: "Add guardrail", dialog: (onClose) => <GuardrailDialog onClose={onClose} /> }}
    empty={{
      icon: ShieldCheck,
      title: "No guardrails yet",
      text: "A guardrail blocks or redacts secrets, code names or account numbers in prompts. Start one in shadow mode to see what it matches.",
    }}
  />
);
