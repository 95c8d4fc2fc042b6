"use client";

import type { AuditEntry } from "@tollgate/control/audit/schemas";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Detail, DetailsList } from "@/components/ui/details-list.tsx";
import { Drawer } from "@/components/ui/dialog.tsx";
import { Time } from "@/components/ui/time.tsx";
import { changesOf } from "./changes.ts";

interface Props {
  entry: AuditEntry | null;
  onClose: () => void;
}

function Changes({ entry }: { entry: AuditEntry }) {
  const changes = changesOf(entry);
  if (changes.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-soft text-xs">Changes</h3>
      <ul className="grid gap-1.5">
        {changes.map(({ field, before, after }) => (
          <li key={field} className="rounded-md border border-line px-3 py-2">
            <p className="text-faint text-xs">{field}</p>
            {before === null ? null : <p className="break-all font-mono text-danger text-xs">− {before}</p>}
            {after === null ? null : <p className="break-all font-mono text-good text-xs">+ {after}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An entry with its changes. */
export const AuditDrawer = ({ entry, onClose }: Props) => (
  <Drawer open={entry !== null} onOpenChange={onClose} title={entry ? `${entry.actor.name}: ${entry.action}` : ""}>
    {entry ? (
      <div className="grid gap-5 p-5">
        <DetailsList>
          <Detail name="When">
            <Time at={entry.at} />
          </Detail>
          <Detail name="Who">
            {entry.actor.name} <span className="text-faint">({entry.actor.kind})</span>
          </Detail>
          <Detail name="From">{entry.address ?? "unknown"}</Detail>
          <Detail name="To">
            <CopyableId id={entry.subject} name="subject" />
          </Detail>
          <Detail name="Number">{entry.sequence}</Detail>
        </DetailsList>
        <Changes entry={entry} />
      </div>
    ) : null}
  </Drawer>
);
