"use client";

import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortFn,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { type Column, cellClass } from "@/components/data-table/column.ts";
import { cn } from "@/lib/cn.ts";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  onOpen?: (row: T) => void;
  isCurrent?: (row: T) => boolean;
  /** Rows that stay whatever the order: sums. */
  foot?: ReactNode;
}

const compare =
  <T,>(sortBy: NonNullable<Column<T>["sortBy"]>): SortFn<Features, T & object> =>
  (a, b) => {
    const [left, right] = [sortBy(a.original), sortBy(b.original)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };

const toDefinition = <T extends object>({ id, header, cell, sortBy }: Column<T>): ColumnDef<Features, T> => ({
  id,
  header,
  accessorFn: (row) => row,
  cell: ({ row }) => cell(row.original),
  enableSorting: sortBy !== undefined,
  ...(sortBy ? { sortFn: compare(sortBy) } : {}),
});

const ARIA = { asc: "ascending", desc: "descending" } as const;

export function DataTable<T extends object>({ label, columns, rows, rowId, onOpen, isCurrent, foot }: Props<T>) {
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: rowId, autoResetAll: false });
  const byId = new Map(columns.map((column) => [column.id, column]));
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-raised shadow-card">
      <table aria-label={label} className="w-full border-collapse text-sm">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-line border-b bg-sunken">
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                if (!column) return null;
                const sorted = header.column.getIsSorted();
                const Arrow = sorted === "asc" ? ArrowUp : ArrowDown;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted ? ARIA[sorted] : undefined}
                    className={cn(
                      "h-8 whitespace-nowrap px-2 font-medium text-faint text-xs sm:px-3",
                      cellClass(column),
                    )}
                  >
                    {column.sortBy ? (
                      <button
                        type="button"
                        onClick={() => header.column.toggleSorting()}
                        className={cn(
                          "inline-flex items-center gap-1 rounded align-middle hover:text-ink",
                          column.align === "right" && "flex-row-reverse",
                        )}
                      >
                        {column.header}
                        <Arrow aria-hidden className={cn("size-3", sorted ? "" : "opacity-0")} />
                      </button>
                    ) : (
                      <span className={column.unseen ? "sr-only" : undefined}>{column.header}</span>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              onClick={onOpen ? () => onOpen(row.original) : undefined}
              className={cn(
                "border-line border-b last:border-0",
                onOpen && "cursor-pointer hover:bg-hover",
                isCurrent?.(row.original) && "bg-hover",
              )}
            >
              {row.getAllCells().map((cell) => {
                const column = byId.get(cell.column.id);
                return column ? (
                  <td key={cell.id} className={cn("h-10 px-2 py-1.5 sm:px-3", cellClass(column), column.className)}>
                    <table.FlexRender cell={cell} />
                  </td>
                ) : null;
              })}
            </tr>
          ))}
        </tbody>
        {foot ? <tfoot>{foot}</tfoot> : null}
      </table>
    </div>
  );
}
