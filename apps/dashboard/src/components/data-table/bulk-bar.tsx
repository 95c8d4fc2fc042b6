"use client";

import { type ReactNode, useState } from "react";
import type { BulkAction } from "@/components/data-table/bulk-action.ts";
import type { Selection } from "@/components/data-table/use-selection.ts";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";

interface Props<T> {
  /** Name of the rows, for screen readers. */
  label: string;
  actions: readonly BulkAction<T>[];
  selection: Selection<T>;
}

interface Opened<T> {
  label: string;
  rows: readonly T[];
}

/** The number of selected rows and what can be done with them. Its dialog keeps the rows that were selected when it was opened. */
export function BulkBar<T>({ label, actions, selection }: Props<T>) {
  const [opened, setOpened] = useState<Opened<T> | null>(null);
  const action = actions.find((each) => each.label === opened?.label);
  const dialog: ReactNode = opened && action ? action.dialog(opened.rows, () => setOpened(null)) : null;
  if (selection.rows.length === 0) return dialog;
  return (
    <section
      aria-label={`Selected ${label.toLowerCase()}`}
      className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-raised px-2 py-1.5 shadow-card sm:px-3"
    >
      <Checkbox
        aria-label={`Select all ${label.toLowerCase()} of this page`}
        checked={selection.all}
        onChange={selection.setAll}
      />
      <span className="mr-2 text-sm tabular-nums">{selection.rows.length} selected</span>
      {actions.map(({ label: name, icon: Icon, danger, when }) => {
        const rows = when ? selection.rows.filter(when) : selection.rows;
        return (
          <Button
            key={name}
            size="sm"
            disabled={rows.length === 0}
            onClick={() => setOpened({ label: name, rows })}
            className={danger ? "text-danger" : undefined}
          >
            {Icon ? <Icon aria-hidden /> : null}
            {name}
          </Button>
        );
      })}
      <Button look="ghost" size="sm" onClick={() => selection.setAll(false)}>
        Clear
      </Button>
      {dialog}
    </section>
  );
}
