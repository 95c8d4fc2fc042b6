"use client";

import type { AuditEntry } from "@tollgate/control/audit/schemas";
import { ScrollText } from "lucide-react";
import { useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { OpenButton } from "@/components/data-table/open-button.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { AuditDrawer } from "./audit-drawer.tsx";

/** `key 0198…`: the kind of the object and its id. */
function Subject({ subject }: { subject: string }) {
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
      <OpenButton label={`Open entry ${row.sequence}`} onOpen={() => open(row)}>
        <Time at={row.at} />
      </OpenButton>
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

interface Props {
  entries: readonly AuditEntry[];
  nextCursor: string | null;
  searchedTo: string | null;
}

export function AuditTable({ entries, nextCursor, searchedTo }: Props) {
  const [entry, setEntry] = useState<AuditEntry | null>(null);
  return (
    <>
      <ResourceTable
        label="Audit entries"
        rows={entries}
        rowId={({ sequence }) => sequence}
        rowName={({ action }) => action}
        columns={columnsFor(setEntry)}
        nextCursor={nextCursor}
        searchedTo={searchedTo}
        timeline
        searchable
        onOpen={setEntry}
        isCurrent={({ sequence }) => sequence === entry?.sequence}
        empty={{
          icon: ScrollText,
          title: "No entries",
          text: "Every change of keys, limits, models, people and settings is recorded here.",
        }}
      />
      <AuditDrawer entry={entry} onClose={() => setEntry(null)} />
    </>
  );
}
