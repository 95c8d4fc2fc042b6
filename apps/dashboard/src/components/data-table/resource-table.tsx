"use client";

import type { ReactNode } from "react";
import type { BulkAction } from "@/components/data-table/bulk-action.ts";
import { BulkBar } from "@/components/data-table/bulk-bar.tsx";
import type { Column } from "@/components/data-table/column.ts";
import type { Creation } from "@/components/data-table/creation.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import type { Filter } from "@/components/data-table/filter.ts";
import { FilterRow } from "@/components/data-table/filter-row.tsx";
import { type EmptyTexts, NoRows } from "@/components/data-table/no-rows.tsx";
import { Pager } from "@/components/data-table/pager.tsx";
import { ResourceList } from "@/components/data-table/resource-list.tsx";
import type { RowAction, RowParts } from "@/components/data-table/row-action.ts";
import { RowActions } from "@/components/data-table/row-actions.tsx";
import { useRowDialog } from "@/components/data-table/use-row-dialog.ts";
import { useSelection } from "@/components/data-table/use-selection.ts";
import { useTableFilters } from "@/components/data-table/use-table-filters.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";

interface Props<T> {
  label: string;
  rows: readonly T[];
  rowId: (row: T) => string;
  /** Names a row for screen readers. */
  rowName: (row: T) => string;
  /** Columns make a table. A function renders list items for content that does not fit a table row. */
  columns: readonly Column<T>[] | ((row: T, parts: RowParts) => ReactNode);
  actions?: readonly RowAction<T>[];
  /** What can be done with several rows. With any, rows can be selected. */
  bulk?: readonly BulkAction<T>[];
  empty: EmptyTexts;
  /** Creates a row. Its button is in the empty state; a page also shows a `NewButton`. */
  create?: Creation;
  filters?: readonly Filter[];
  /** The server can search the rows. The search appears from eight rows on. */
  searchable?: boolean;
  /** Cursor of the next page. */
  nextCursor?: string | null;
  /** The rows are always newest first, so pages are newer or older. */
  timeline?: boolean;
  /** Set if the search of the rows ended early: rows beyond this instant are not searched yet. */
  searchedTo?: string | null;
  /** Why rows could not be loaded. Known rows stay. */
  problem?: string | undefined;
  onOpen?: (row: T) => void;
  isCurrent?: (row: T) => boolean;
  /** Rows are taller than a line or two: cells start at the top. */
  tall?: boolean;
  /** Prefix of this table's URL parameters if a page has several tables. */
  prefix?: string;
}

function NewDialog({ prefix, dialog }: { prefix: string; dialog: Creation["dialog"] }) {
  const [isOpen, setOpen] = useNewDialog(prefix);
  return isOpen ? dialog(() => setOpen(false)) : null;
}

/** The list of a page: filters, rows with actions and dialogs, and the empty state. */
export function ResourceTable<T>({ label, rows, rowId, rowName, columns, actions = [], ...props }: Props<T>) {
  const { empty, create, nextCursor, searchedTo, bulk = [], prefix = "" } = props;
  const { filters, state } = useTableFilters({ ...props, label, rows, prefix });
  const { open, dialog } = useRowDialog(rows, rowId, actions);
  const selection = useSelection(rows, rowId);
  const select = (row: T) =>
    bulk.length === 0 ? null : (
      <Checkbox
        aria-label={`Select ${rowName(row)}`}
        checked={selection.has(row)}
        onChange={(on) => selection.set(row, on)}
      />
    );
  const partsOf = (row: T): RowParts => {
    const openFor = (what: string) => open(what, row);
    return {
      open: openFor,
      select: select(row),
      actions: <RowActions row={row} name={rowName(row)} actions={actions} onOpen={openFor} />,
    };
  };
  const actionColumn: Column<T> = {
    id: "actions",
    header: "Actions",
    unseen: true,
    align: "right",
    cell: (row) => partsOf(row).actions,
  };
  const selectColumn: Column<T> = {
    id: "select",
    header: `Select ${label.toLowerCase()}`,
    head: (
      <Checkbox
        aria-label={`Select all ${label.toLowerCase()} of this page`}
        checked={selection.all}
        onChange={selection.setAll}
      />
    ),
    className: "w-8",
    cell: select,
  };
  const content = () => {
    if (rows.length === 0) {
      const more = Boolean(searchedTo);
      return <NoRows {...empty} label={label} create={create} prefix={prefix} state={state} more={more} />;
    }
    if (typeof columns === "function") {
      return <ResourceList label={label} rows={rows} rowId={rowId} draw={(row) => columns(row, partsOf(row))} />;
    }
    return (
      <DataTable
        label={label}
        columns={[
          ...(bulk.length > 0 ? [selectColumn] : []),
          ...columns,
          ...(actions.length > 0 ? [actionColumn] : []),
        ]}
        rows={rows}
        rowId={rowId}
        onOpen={props.onOpen}
        isCurrent={props.isCurrent}
        busy={state.busy}
        tall={props.tall}
        prefix={prefix}
      />
    );
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {filters.length > 0 ? (
        <FilterRow label={`Filter ${label.toLowerCase()}`} filters={filters} state={state} />
      ) : null}
      <FormError message={props.problem} />
      {bulk.length > 0 ? <BulkBar label={label} actions={bulk} selection={selection} /> : null}
      {content()}
      {nextCursor === undefined ? null : (
        <Pager nextCursor={nextCursor} timeline={props.timeline} searchedTo={searchedTo} prefix={prefix} />
      )}
      {dialog}
      {create ? <NewDialog prefix={prefix} dialog={create.dialog} /> : null}
    </div>
  );
}
