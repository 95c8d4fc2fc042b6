"use client";

import type { AuditEntry } from "@tollgate/control/audit/schemas";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { AuditDrawer } from "./audit-drawer.tsx";

/** `key 0198…` → what it is and its id. */
export function Subject({ subject }: { subject: string }) {
  const [noun, id] = subject.split(" ");
  if (!id) return <>{subject}</>;
  return (
    <span className="inline-flex items-center gap-1.5">
      {noun}
      <CopyableId id={id} brief name={`${noun} id`} />
    </span>
  );
}

const columnsFor = (open: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] => [
  {
    id: "at",
    header: "Time",
    className: "whitespace-nowrap",
    cell: (row) => (
      <button
        type="button"
        onClick={(event) => {
          event.stopPropagation();
          open(row);
        }}
        className="rounded text-soft hover:text-ink"
      >
        <span className="sr-only">Open entry {row.sequence}, </span>
        <Time at={row.at} />
      </button>
    ),
  },
  { id: "actor", header: "Who", cell: (row) => <span className="font-medium">{row.actor.name}</span> },
  { id: "action", header: "Did", cell: (row) => <span className="font-mono text-xs">{row.action}</span> },
  { id: "subject", header: "To", from: "sm", cell: (row) => <Subject subject={row.subject} /> },
  {
    id: "address",
    header: "From",
    from: "md",
    cell: (row) => <span className="font-mono text-faint text-xs">{row.address ?? "–"}</span>,
  },
  {
    id: "sequence",
    header: "No.",
    from: "lg",
    align: "right",
    cell: (row) => <span className="text-faint">{row.sequence}</span>,
  },
];

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const [entry, setEntry] = useState<AuditEntry | null>(null);
  const columns = useMemo(() => columnsFor(setEntry), []);
  return (
    <>
      <DataTable
        label="Audit log"
        columns={columns}
        rows={entries}
        rowId={(row) => row.sequence}
        onOpen={setEntry}
        isCurrent={(row) => row.sequence === entry?.sequence}
      />
      <AuditDrawer entry={entry} onClose={() => setEntry(null)} />
    </>
  );
}
