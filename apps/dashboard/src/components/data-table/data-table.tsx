"use client";

import type { ReactNode } from "react";
import { type Column, cellClass } from "@/components/data-table/column.ts";
import { TableHead } from "@/components/data-table/table-head.tsx";
import { useSort } from "@/components/data-table/use-sort.ts";
import { cn } from "@/lib/cn.ts";

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  onOpen?: (row: T) => void;
  isCurrent?: (row: T) => boolean;
  /** Rows that do not take part in sorting, such as sums. */
  foot?: ReactNode;
  /** Whether newer rows are being loaded. */
  busy?: boolean;
  /** Rows are taller than a line or two: cells start at the top. */
  tall?: boolean;
  /** Prefix of this table's URL parameters if a page has several tables. */
  prefix?: string;
}

/** A sortable table. Pages use `ResourceTable`, which is based on it. */
export function DataTable<T>({ label, columns, rowId, onOpen, isCurrent, foot, busy, tall, ...props }: Props<T>) {
  const { rows, directionOf, toggle, ...sort } = useSort(columns, props.rows, props.prefix);
  const isBusy = busy || sort.busy;
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-raised shadow-card">
      <table aria-label={label} aria-busy={isBusy || undefined} className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b bg-sunken">
            {columns.map((column) => (
              <TableHead
                key={column.id}
                column={column}
                direction={directionOf(column)}
                onToggle={() => toggle(column)}
              />
            ))}
          </tr>
        </thead>
        <tbody className={cn(isBusy && "animate-pulse")}>
          {rows.map((row) => (
            <tr
              key={rowId(row)}
              onClick={onOpen ? () => onOpen(row) : undefined}
              className={cn(
                "border-line border-b last:border-0",
                onOpen && "cursor-pointer hover:bg-hover",
                isCurrent?.(row) && "bg-hover",
              )}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={cn("h-10 px-2 py-1.5 sm:px-3", tall && "align-top", cellClass(column), column.className)}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot ? <tfoot>{foot}</tfoot> : null}
      </table>
    </div>
  );
}
