import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn } from "@/components/data-table/common-columns.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { ACTIONS, KINDS, labelOf } from "./guardrail-options.ts";

export const GUARDRAIL_COLUMNS: readonly Column<Guardrail>[] = [
  nameColumn(({ id }) => ({ id, brief: true, name: "guardrail id" })),
  { id: "kind", header: "Kind", from: "sm", sort: "kind", cell: (row) => labelOf(KINDS, row.kind) },
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
  { id: "action", header: "Action", sort: "action", cell: (row) => labelOf(ACTIONS, row.action) },
  {
    id: "mode",
    header: "Mode",
    sort: "mode",
    cell: (row) => <Badge tone={row.mode === "on" ? "good" : "accent"}>{row.mode === "on" ? "On" : "Shadow"}</Badge>,
  },
];
